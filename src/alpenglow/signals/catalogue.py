"""The catalogue of signals: COVESA VSS 6.0 as one table, overlays in the same form, old names as aliases.

An overlay's row whose path is already known amends it: what the row leaves empty stays as it was. Rows keep their
place, so that a signal's index is the same in every process that loaded the same files; `Catalogue.fingerprint` proves
it. The form of the files: `alpenglow.signals.files`.
"""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from alpenglow.signals.files import merge, read_rows
from alpenglow.signals.leaf import Signal
from alpenglow.signals.nearest import nearest
from alpenglow.signals.patterns import matching

_HERE = Path(__file__).parent
_PATTERNS_KEPT = 512  # matches are cached per pattern; patterns may come from a page, so not without bound


class UnknownSignal(KeyError):
    """A name that no signal has; the text suggests what may have been meant."""

    def __str__(self) -> str:
        return str(self.args[0])


class Catalogue:
    """All signals of one car, in a fixed order."""

    def __init__(
        self,
        signals: Sequence[Signal],
        aliases: Mapping[str, str | None] | None = None,
        last_versions: Mapping[str, str] | None = None,
    ) -> None:
        """`aliases`: an old name → today's path, or None where it was removed or split.

        `last_versions`: an old name → the last VSS version that had it, for messages.
        """
        self.signals = tuple(signals)
        self.index_of = {s.path: i for i, s in enumerate(self.signals)}
        self.aliases = {old: new if new in self.index_of else None for old, new in (aliases or {}).items()}
        self.fingerprint = zlib.crc32("\n".join(self.index_of).encode())
        self._last_versions = last_versions or {}
        self._matches: dict[str, tuple[int, ...]] = {}

    def __getitem__(self, name: str) -> Signal:
        """The signal of that path or old name; UnknownSignal with a suggestion where there is none."""
        index = self.index_of.get(name)
        if index is None:
            path = self.aliases.get(name)
            if path is None:
                raise self._unknown(name)
            index = self.index_of[path]
        return self.signals[index]

    def match(self, pattern: str) -> list[int]:
        """Indexes of the signals that `pattern` names, in the catalogue's order.

        A pattern is a path (or an old name), a branch (all below it), or a whole path in which `*` stands for one step
        and `**` for any number, also none. UnknownSignal where nothing matches.
        """
        found = self._matches.get(pattern)
        if found is None:
            found = self._find(pattern)
            if not found:
                raise self._unknown(pattern, branches=True)
            if len(self._matches) >= _PATTERNS_KEPT:
                self._matches.clear()
            self._matches[pattern] = found
        return list(found)

    def _find(self, pattern: str) -> tuple[int, ...]:
        found = matching(pattern, self.index_of)
        if not found and (path := self.aliases.get(pattern)):
            found = [path]
        return tuple(self.index_of[path] for path in found)

    def _unknown(self, name: str, *, branches: bool = False) -> UnknownSignal:
        """What to raise for `name`: why it is unknown and what comes nearest, also among `branches`."""
        below = sum(path.startswith(name + ".") for path in self.index_of)
        if below:
            return UnknownSignal(f"{name} is a branch with {below} signals, not a signal")
        names = dict.fromkeys(self.index_of)
        if branches:
            names |= dict.fromkeys(path.rpartition(".")[0] for path in self.index_of)
        close = nearest(name, names)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        if name in self.aliases:
            version = self._last_versions.get(name)
            since = f" after VSS {version}" if version else ""
            return UnknownSignal(f"{name} was renamed or removed{since}{hint}")
        shown = name if 0 < len(name) <= 200 and name.isprintable() else repr(name[:200])
        if "*" in name:
            return UnknownSignal(f"no signal matches {shown}; * stands for one step, ** for any number")
        return UnknownSignal(f"no signal {shown}{hint}")


def load_catalogue(*overlays: Path, vss: Path | None = None) -> Catalogue:
    """VSS 6.0 (or the user's own `vss` JSON) with Alpenglow's overlay and then `overlays` (tables or VSS JSON).

    Of Alpenglow's overlay, age limits for signals that the user's own `vss` lacks are left out. Raises CatalogueError.
    """
    signals: dict[str, Signal] = {}
    merge(signals, read_rows(_HERE / "vss_6_0.tsv" if vss is None else vss))
    merge(signals, read_rows(_HERE / "overlay.tsv"), amend_only_known=True)
    for overlay in overlays:
        merge(signals, read_rows(overlay))
    aliases, last_versions = _read_aliases(_HERE / "aliases.tsv")
    return Catalogue(tuple(signals.values()), aliases, last_versions)


def _read_aliases(file: Path) -> tuple[dict[str, str | None], dict[str, str]]:
    """`aliases.tsv`: old name, today's path or nothing, the last VSS version that had the old name."""
    aliases: dict[str, str | None] = {}
    last_versions: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line and line[0] != "#":
            old, new, version = line.split("\t")
            aliases[old] = new or None
            last_versions[old] = version
    return aliases, last_versions
