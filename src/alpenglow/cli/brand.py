"""`alpenglow brand ...`: list the brands, begin a new one, check one."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alpenglow.cli.problems import Problem

if TYPE_CHECKING:
    from alpenglow.fabric.brand.pack import Pack

brand_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Brand packs: colours, type, icons, sounds, words, cluster face and layout of a make; docs/brands.md.",
)

Folder = Annotated[
    Path | None,
    typer.Option(help="A folder of brands of yours. Default: $ALPENGLOW_BRANDS.", show_default=False),
]


@brand_app.command("list", short_help="List the brands that there are.")
def list_brands(folder: Folder = None) -> None:
    """List the brands: name, title, cluster face, dock and where each one is."""
    from alpenglow.fabric.brand.base import BRANDS
    from alpenglow.fabric.brand.pack import FILE, base_pack, read_pack

    own = folder or _own()
    rows: list[tuple[str, ...]] = [_row(base_pack(), BRANDS / "base.toml")]
    for place in (BRANDS, *([own] if own else [])):
        if not place.is_dir():
            raise Problem(f"{place}: there is no such folder")
        for path in sorted(path.parent for path in place.glob(f"*/{FILE}")):
            pack, problems = read_pack(path)
            if pack is None:
                rows.append(
                    (path.name, f"broken: {len(problems)} to mend, see `alpenglow brand check`", "", "", str(path))
                )
            else:
                rows.append(_row(pack, path))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]))


@brand_app.command(short_help="Begin a pack.")
def new(
    name: Annotated[str, typer.Argument(help="What the pack is called: a-z, 0-9 and -.")],
    source: Annotated[
        str | None, typer.Option("--from", help="Begin as a copy of this brand.", show_default=False)
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to make it.")] = Path(),
) -> None:
    """Make the folder NAME with a brand.toml: every entry that there is, commented out, or a copy of another brand."""
    from alpenglow.fabric.brand.base import BASE_NAME, BRANDS
    from alpenglow.fabric.brand.pack import FILE, is_name
    from alpenglow.fabric.brand.starting import starting_pack

    if not is_name(name):
        raise Problem(f"{name!r} is no name for a brand; take a-z, 0-9 and -, at most 32, and not {BASE_NAME!r}")
    target = folder / name
    if target.exists():
        raise Problem(f"{target} is there already; take another name or delete it")
    if (BRANDS / name).is_dir():
        raise Problem(f"there is a brand {name!r} already; take another name")
    try:
        if source is None or source == BASE_NAME:
            (target / "icons").mkdir(parents=True)
            (target / FILE).write_text(starting_pack(name), encoding="utf-8")
        else:
            copied = next((at / source for at in (BRANDS, _own()) if at and (at / source / FILE).is_file()), None)
            if copied is None:
                raise Problem(f"there is no brand {source!r}; see `alpenglow brand list`")
            shutil.copytree(copied, target, symlinks=True)
    except OSError as error:
        raise Problem(f"{error.filename or target}: {error.strerror}") from None
    print(f"{target / FILE}: edit it, then `alpenglow brand check {target}`")
    print(f"See it: alpenglow drive --option brands_dir={folder.absolute()}, and choose it on the desk")


@brand_app.command(short_help="Check a pack: all that is wrong, at once.")
def check(folder: Annotated[Path, typer.Argument(help="The pack's folder.")]) -> None:
    """Check the pack in FOLDER: names, values, contrast day and night, icons, sounds, words. Exit status 1 if wrong."""
    from alpenglow.fabric.brand.pack import read_pack

    pack, problems = read_pack(folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if pack is None:
        print(f"{folder}: {len(problems)} to mend", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{folder}: {pack.title} is in order ({len(pack.icons)} icons of its own, cluster face {pack.gauge})")


def _own() -> Path | None:
    name = os.environ.get("ALPENGLOW_BRANDS")
    return Path(name).expanduser() if name else None


def _row(pack: "Pack", path: Path) -> tuple[str, ...]:
    return pack.name, pack.title, pack.gauge, pack.layout.dock, str(path)
