"""The brands that there are, by name, as pages get them.

Alpenglow's own come first; a folder of the user's (`--option brands_dir=DIR`, or `$ALPENGLOW_BRANDS`) adds more. A
brand that is unknown or broken is the base, and the log says so once; a page never goes without a look.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from alpenglow.fabric.brand.base import BASE_NAME, BRANDS
from alpenglow.fabric.brand.files import signature
from alpenglow.fabric.brand.look import Brand, BrandName, LineFacts
from alpenglow.fabric.brand.pack import FILE, Pack, base_pack, read_pack
from alpenglow.fabric.brand.style import stylesheet
from alpenglow.fabric.first_paint import drawn, language_in, worded

_BRANDS_MOST = 64  # in a folder
_WARNINGS_MOST = 100  # names come from pages, and a page must not fill the log


class Shelf:
    """Brands by name; `warn` gets a line for the log where one cannot be used."""

    def __init__(self, line: LineFacts, own: Path | None, warn: Callable[[str], None]) -> None:
        self._line, self._warn = line, warn
        self._folders = [BRANDS, *([own] if own else [])]
        self._packs: dict[Path, tuple[object, Pack | None]] = {}  # folder → as of, what was read
        self._warned: set[str] = set()

    def find(self, name: str) -> Pack:
        """The brand called `name`, "" for the line's own; the base where there is none or it is broken."""
        wanted = name or self._line.brand
        if wanted == BASE_NAME:
            return base_pack()
        for folder in self._places():
            if folder.name == wanted:
                return self._read(folder) or base_pack()
        self._say_once(f"there is no brand {wanted[:40]!r}; {BASE_NAME} is shown instead")
        return base_pack()

    def css(self, name: str) -> str:
        """The brand's tokens as a style sheet."""
        return stylesheet(self.find(name).tokens)

    def json(self, name: str) -> bytes:
        """What pages get of the brand (`look.Brand`), as JSON."""
        pack = self.find(name)
        return msgspec.json.encode(
            Brand(
                name=pack.name,
                title=pack.title,
                gauge=pack.gauge,
                layout=pack.layout,
                icons=pack.icons,
                sounds=pack.sounds,
                words=pack.words,
                brands=self.names(),
                line=self._line,
            )
        )

    def dress(self, page: str, name: str) -> str:
        """A built page with its brand in it, so that it is right from its first paint."""
        # No `<` in the JSON, so that nothing in a pack can end the element.
        look = self.json(name).decode().replace("<", "\\u003c")
        pack = self.find(name)
        page = drawn(worded(page, pack.words.get(language_in(page), {})), pack.icons)
        page = page.replace('data-dock="bottom"', f'data-dock="{pack.layout.dock}"', 1)
        head = (
            f'<style id="brand-tokens">{self.css(name)}</style>'
            f'<script type="application/json" id="brand">{look}</script>'
        )
        return page.replace("</head>", f"{head}</head>", 1)

    def names(self) -> list[BrandName]:
        """All brands that can be used, the base first."""
        base = base_pack()
        packs = (self._read(folder) for folder in self._places())
        return [BrandName(base.name, base.title), *(BrandName(pack.name, pack.title) for pack in packs if pack)]

    def _places(self) -> Iterator[Path]:
        """Folders of packs; of two with one name, Alpenglow's own."""
        seen: set[str] = set()
        for folder in self._folders:
            try:
                inside = sorted(path for path in folder.iterdir() if (path / FILE).is_file())
            except OSError as error:
                self._say_once(f"brands: {folder}: {error.strerror}")
                continue
            for path in inside[:_BRANDS_MOST]:
                if path.name in seen:
                    self._say_once(f"{path}: there is a brand {path.name!r} already; give this one another name")
                    continue
                seen.add(path.name)
                yield path

    def _read(self, folder: Path) -> Pack | None:
        """The pack, read again only when a file of it has changed."""
        now = signature(folder)
        before, pack = self._packs.get(folder, (None, None))
        if before != now:
            pack, problems = read_pack(folder)
            self._packs[folder] = (now, pack)
            if problems:
                self._say_once(
                    f"brand {folder.name}: {problems[0]}"
                    + (f" (and {len(problems) - 1} more: alpenglow brand check {folder})" if problems[1:] else "")
                )
        return pack

    def _say_once(self, text: str) -> None:
        if text not in self._warned and len(self._warned) < _WARNINGS_MOST:
            self._warned.add(text)
            self._warn(text)


def own_folder(options: dict[str, str]) -> Path | None:
    """The user's folder of brands, where one was named."""
    name = options.get("brands_dir") or os.environ.get("ALPENGLOW_BRANDS", "")
    return Path(name).expanduser() if name else None
