"""The tables that come with Alpenglow: a TOML file beside the code that reads it, in the form of a struct."""

from importlib.resources import files

import msgspec


def read_table[T](package: str, name: str, form: type[T], wrong: type[ValueError], text: str | None = None) -> T:
    """The table in the file `name` of `package`, or the one in `text` instead. Raises `wrong`, which names the file."""
    if text is None:
        text = files(package).joinpath(name).read_text(encoding="utf-8")
    try:
        return msgspec.toml.decode(text, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise wrong(f"{name}: {error}") from None
