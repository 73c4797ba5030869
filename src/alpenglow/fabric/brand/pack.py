"""A brand pack read from its folder and checked: all that is wrong at once, each with file, key and what to do.

Rules that always hold:
- a pack overrides what `base.toml` names and adds nothing;
- what comes out is checked data: colours are #rrggbb, icons are path data, sounds are notes, words are plain text;
- nothing outside the folder is read, no link is followed, and every size is limited.
"""

import re
import tomllib
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, get_args

import msgspec

from alpenglow.fabric.brand.base import BASE_NAME, Base, Tokens, base
from alpenglow.fabric.brand.colour import too_faint
from alpenglow.fabric.brand.drawing import DrawingProblem, read_drawing
from alpenglow.fabric.brand.files import FileProblem, list_plain, read_plain
from alpenglow.fabric.brand.look import BrandIcon, BrandLayout, Dock, Gauge, Note
from alpenglow.fabric.brand.values import (
    Wrong,
    choice,
    colour,
    ease,
    notes,
    number,
    one_of,
    plain,
    short,
    show,
    some_of,
    truth,
    word,
)
from alpenglow.signals.nearest import nearest

FILE = "brand.toml"
_FILE_BYTES = 64 * 1024
_ICON_BYTES = 32 * 1024
_FILES = 200
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)
_ICON_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}\.svg", re.ASCII)
_TITLE = 32  # characters
_RANGES = {
    "type.display_weight": (200.0, 1000.0),
    "type.display_tracking": (-0.06, 0.12),
    "type.width": (50.0, 125.0),
    "shape.radius_s": (0.0, 32.0),
    "shape.radius_m": (0.0, 56.0),
    "shape.radius_l": (0.0, 80.0),
    "motion.fast": (0.0, 300.0),
    "motion.slow": (0.0, 600.0),
}
_SECTIONS = ("type", "shape", "motion", "day", "night", "cluster", "centre", "icons", "sounds", "words")


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A checked brand, whole: what the pack says, and the base's where it says nothing."""

    name: str
    title: str
    tokens: Tokens
    gauge: Gauge
    layout: BrandLayout
    icons: dict[str, BrandIcon]
    sounds: dict[str, list[Note]]
    words: dict[str, dict[str, str]]


def base_pack() -> Pack:
    """The base as a pack."""
    found = base()
    return Pack(
        name=BASE_NAME,
        title=found.title,
        tokens=found.tokens,
        gauge=found.cluster.gauge,
        layout=found.centre,
        icons={},
        sounds=found.sounds,
        words=found.words,
    )


def read_pack(folder: Path) -> tuple[Pack | None, list[str]]:
    """The pack in `folder`, or None and all that is wrong with it, a line each."""
    return _Checker(folder).read()


def is_name(name: str) -> bool:
    """Whether a pack may be called so."""
    return _NAME.fullmatch(name) is not None and name != BASE_NAME


class _Checker:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base: Base = base()
        self._problems: list[str] = []

    def read(self) -> tuple[Pack | None, list[str]]:
        name = self._folder.absolute().name
        if not _NAME.fullmatch(name):
            self._wrong("", "", f"{short(name)!r} is no name of a pack; take a-z, 0-9 and -, at most 32")
        if name == BASE_NAME:
            self._wrong("", "", f"{name!r} is the base's own name; take another")
        table = self._table()
        if table is None:
            return None, self._problems
        tokens = self._tokens(table)
        pack = Pack(
            name=name,
            title=self._title(table),
            tokens=tokens,
            gauge=self._gauge(table),
            layout=self._layout(table),
            icons=self._icons(table),
            sounds=self._sounds(table),
            words=self._words(table),
        )
        for section in table:
            if section not in ("title", *_SECTIONS):
                self._unknown(section, section, ("title", *_SECTIONS))
        self._contrast(tokens)
        return (None if self._problems else pack), self._problems

    def _wrong(self, file: str, key: str, why: str) -> None:
        self._problems.append(": ".join(part for part in (file, key, why) if part))

    def _unknown(self, key: str, name: str, known: Collection[str]) -> None:
        close = nearest(name, known, 1)
        meant = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(list(known)[:24])}"
        self._wrong(FILE, short(key, 64), f"there is no {short(name)!r} to override; {meant}")

    def _table(self) -> dict[str, Any] | None:
        if self._folder.is_symlink():
            self._wrong("", "", "the pack's folder is a link; packs hold files of their own")
            return None
        try:
            return tomllib.loads(read_plain(self._folder / FILE, _FILE_BYTES).decode("utf-8"))
        except FileProblem as problem:
            self._wrong(FILE, "", str(problem))
        except UnicodeDecodeError:
            self._wrong(FILE, "", "not UTF-8")
        except RecursionError:
            self._wrong(FILE, "", "nested too deeply")
        except ValueError as error:  # TOMLDecodeError, and integers beyond reason
            self._wrong(FILE, "", short(str(error), 160))
        return None

    def _section(self, table: dict[str, Any], name: str, known: Collection[str]) -> dict[str, Any]:
        """The section's entries that exist in the base; the others are reported."""
        section = table.get(name, {})
        if not isinstance(section, dict):
            self._wrong(FILE, name, f"must be a table [{name}]")
            return {}
        for key in section:
            if key not in known:
                self._unknown(f"{name}.{key}", key, known)
        return {key: value for key, value in section.items() if key in known}

    def _take[T](self, key: str, value: object, check: Callable[[object], T], instead: T) -> T:
        try:
            return check(value)
        except Wrong as wrong:
            self._wrong(FILE, short(key, 64), str(wrong))
            return instead

    def _title(self, table: dict[str, Any]) -> str:
        if "title" not in table:
            self._wrong(FILE, "title", "is missing; it is what people read")
            return ""
        return self._take("title", table["title"], lambda value: plain(value, _TITLE), "")

    def _tokens(self, table: dict[str, Any]) -> Tokens:
        own = self._base.tokens
        merged: dict[str, dict[str, Any]] = {}
        for name, whole in msgspec.structs.asdict(own).items():
            merged[name] = dict(whole)
            for key, value in self._section(table, name, whole).items():
                path = f"{name}.{key}"
                merged[name][key] = self._take(path, value, self._check_of(path), whole[key])
        face = self._base.typefaces[merged["type"]["text"]]
        width = merged["type"]["width"]
        if not face.widths[0] <= width <= face.widths[1]:
            most = f"{face.widths[0]} to {face.widths[1]} %"
            self._wrong(FILE, "type.width", f"{merged['type']['text']} comes in {most}")
        return Tokens(**merged)

    def _check_of(self, path: str) -> Callable[[object], Any]:
        if path.startswith(("day.", "night.")):
            return colour
        if path in ("type.text", "type.display"):
            return lambda value: one_of(value, self._base.typefaces)
        if path == "type.capitals":
            return truth
        if path == "motion.ease":
            return ease
        low, high = _RANGES[path]
        return lambda value: number(value, low, high)

    def _gauge(self, table: dict[str, Any]) -> Gauge:
        own = self._base.cluster.gauge
        section = self._section(table, "cluster", ("gauge",))
        choices: tuple[Gauge, ...] = get_args(Gauge.__value__)
        return self._take("cluster.gauge", section.get("gauge", own), partial(choice, choices=choices), own)

    def _layout(self, table: dict[str, Any]) -> BrandLayout:
        own = self._base.centre
        section = self._section(table, "centre", ("dock", "home"))
        choices: tuple[Dock, ...] = get_args(Dock.__value__)
        dock = self._take("centre.dock", section.get("dock", own.dock), partial(choice, choices=choices), own.dock)
        home = self._take("centre.home", section.get("home", own.home), lambda v: some_of(v, own.home), own.home)
        return BrandLayout(dock, home)

    def _icons(self, table: dict[str, Any]) -> dict[str, BrandIcon]:
        icons: dict[str, BrandIcon] = {}
        folder = self._folder / "icons"
        try:
            there = list_plain(folder, _FILES)
        except FileProblem as problem:
            self._wrong("icons", "", str(problem))
            return {}
        section = self._section(table, "icons", self._base.icons)
        used: set[object] = set()
        for name, file in section.items():
            if not isinstance(file, str) or not _ICON_FILE.fullmatch(file):
                self._wrong(FILE, f"icons.{name}", f"{show(file)} is no name of a file in icons/, as climate.svg is")
                continue
            used.add(file)
            if file not in there:
                self._wrong(FILE, f"icons.{name}", f"there is no icons/{file}")
                continue
            try:
                icons[name] = read_drawing(read_plain(folder / file, _ICON_BYTES))
            except (FileProblem, DrawingProblem) as problem:
                self._wrong(f"icons/{file}", "", str(problem))
        for file in there:
            if file not in used:
                self._wrong(f"icons/{short(file)}", "", "no icon is drawn by it; name it under [icons] or delete it")
        return icons

    def _sounds(self, table: dict[str, Any]) -> dict[str, list[Note]]:
        sounds = dict(self._base.sounds)
        for cue, value in self._section(table, "sounds", sounds).items():
            sounds[cue] = self._take(f"sounds.{cue}", value, partial(notes, cue=cue), sounds[cue])
        return sounds

    def _words(self, table: dict[str, Any]) -> dict[str, dict[str, str]]:
        words = {language: dict(own) for language, own in self._base.words.items()}
        for language, own in self._section(table, "words", words).items():
            place = f"words.{language}"
            for key, value in self._section({place: own}, place, words[language]).items():
                usual = words[language][key]
                words[language][key] = self._take(f"{place}.{key}", value, partial(word, usual=usual), usual)
        return words

    def _contrast(self, tokens: Tokens) -> None:
        for theme, colours in (("day", tokens.day), ("night", tokens.night)):
            for role, ground, found, least in too_faint(colours, self._base.fixed[theme]):
                fixed = "" if role in colours else f"; {role} is not a brand's to choose, so change {ground}"
                self._wrong(
                    FILE, f"{theme}.{role}", f"on {ground} its contrast is {found:.2f} : 1, and must be {least}{fixed}"
                )
