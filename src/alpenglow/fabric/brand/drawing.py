"""An icon as a file of somebody else's → path data, and nothing else.

Taken are `svg`, `g` and `path` with `d`, `fill-rule`, `transform`, `viewBox`, sizes and the SVG namespace. A document
type, an entity, a processing instruction, a style, a script, a reference and whatever else SVG can do is refused, not
skipped: an icon that needs it would not look as drawn.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from alpenglow.fabric.brand.look import BrandIcon, IconPath

_SVG = "http://www.w3.org/2000/svg"
_ATTRIBUTES = {
    "svg": {"xmlns", "viewBox", "width", "height", "fill-rule"},
    "g": {"fill-rule", "transform"},
    "path": {"d", "fill-rule", "transform"},
}
_DEPTH = 8
_PATHS = 48
_PATH_DATA = 12_000  # characters of all paths of an icon
_TRANSFORM_LENGTH = 400
_COORDINATE = 10_000.0
_NUMBER_LENGTH = 32  # characters

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_LENGTH = re.compile(_NUMBER, re.ASCII)
_TOKEN = re.compile(rf"\s*,?\s*([MmZzLlHhVvCcSsQqTtAa]|{_NUMBER})", re.ASCII)
_ARC_TOKEN = re.compile(rf"\s*,?\s*([01])|\s*,?\s*({_NUMBER})", re.ASCII)
_ARGUMENTS = {"m": 2, "z": 0, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}
_TRANSFORM = re.compile(rf"\s*,?\s*([a-zA-Z]+)\s*\(\s*((?:{_NUMBER})(?:(?:\s*,\s*|\s+)(?:{_NUMBER}))*)\s*\)", re.ASCII)
_TRANSFORM_ARGUMENTS = {
    "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3), "matrix": (6,), "skewX": (1,), "skewY": (1,),
}  # fmt: skip


class DrawingProblem(Exception):
    """An icon that is not taken; the text says why."""


class _Reader:
    def __init__(self) -> None:
        self.view: tuple[float, float, float, float] | None = None
        self.paths: list[IconPath] = []
        self._drawn = 0
        self._open: list[tuple[str, str, str]] = []  # element, transform so far, fill rule

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._open)
        if name not in _ATTRIBUTES:
            raise DrawingProblem(f"<{_short(name)}> is not taken; only svg, g and path are")
        if (name == "svg") != (depth == 0):
            raise DrawingProblem("svg must be the outermost element, and the only one of its name")
        if depth >= _DEPTH or (self._open and self._open[-1][0] == "path"):
            raise DrawingProblem("nested too deeply")
        for attribute in attributes:
            if attribute not in _ATTRIBUTES[name]:
                raise DrawingProblem(f"<{name} {_short(attribute)}=…> is not taken; remove it")
        above = self._open[-1][1] if self._open else ""
        rule = attributes.get("fill-rule", self._open[-1][2] if self._open else "nonzero")
        if rule not in ("nonzero", "evenodd"):
            raise DrawingProblem(f"fill-rule {_short(rule)!r}; write nonzero or evenodd")
        own = _transform(attributes["transform"]) if "transform" in attributes else ""
        transform = f"{above} {own}".strip()
        if name == "svg":
            self._svg(attributes)
        elif name == "path":
            self._path(attributes.get("d", ""), rule, transform)
        self._open.append((name, transform, rule))

    def end(self, _: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if text.strip():
            raise DrawingProblem(f"text {_short(text.strip())!r} is not taken; draw letters as paths")

    def _svg(self, attributes: dict[str, str]) -> None:
        if attributes.get("xmlns", _SVG) != _SVG:
            raise DrawingProblem(f"xmlns must be {_SVG}")
        for side in ("width", "height"):
            size = attributes.get(side, "0")
            if len(size) > _NUMBER_LENGTH or not _LENGTH.fullmatch(size):
                raise DrawingProblem(f"{side} {_short(size)!r} is not a number")
        parts = attributes.get("viewBox", "").replace(",", " ").split()
        if len(parts) != 4 or not all(len(p) <= _NUMBER_LENGTH and _LENGTH.fullmatch(p) for p in parts):
            raise DrawingProblem('svg needs a viewBox of four numbers, as in viewBox="0 0 24 24"')
        x, y, width, height = map(_coordinate, parts)
        if width <= 0 or height <= 0:
            raise DrawingProblem("the viewBox has no size")
        self.view = (x, y, width, height)

    def _path(self, data: str, rule: str, transform: str) -> None:
        self._drawn += len(data) + len(transform)
        if self._drawn > _PATH_DATA or len(self.paths) >= _PATHS:
            raise DrawingProblem(f"too much drawing: at most {_PATHS} paths and {_PATH_DATA} characters of path data")
        self.paths.append(IconPath(path_data(data), rule == "evenodd", transform))


def read_drawing(content: bytes) -> BrandIcon:
    """The icon in an SVG file. DrawingProblem."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse("a document type")
    parser.EntityDeclHandler = _refuse("an entity")
    parser.ProcessingInstructionHandler = _refuse("a processing instruction")
    parser.StartCdataSectionHandler = _refuse("a CDATA section")
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DrawingProblem(f"not XML: {expat.ErrorString(error.code)}, line {error.lineno}") from None
    except (UnicodeError, ValueError) as error:
        raise DrawingProblem(f"not readable: {_short(str(error))}") from None
    if reader.view is None or not reader.paths:
        raise DrawingProblem("nothing is drawn; it needs at least one path")
    return BrandIcon(reader.view, reader.paths)


def path_data(data: str) -> str:
    """SVG path data, written anew from its checked parts. DrawingProblem."""
    out: list[str] = []
    at, command, first = 0, "", True
    data = data.strip()
    while at < len(data):
        token = _TOKEN.match(data, at)
        if token is None:
            raise DrawingProblem(f"path data is wrong at {_short(data[at:])!r}")
        if token[1].isalpha():
            command, at = token[1], token.end()
        elif command in "zZ":
            raise DrawingProblem(f"path data is wrong at {_short(data[at:])!r}")
        if first and command not in ("M", "m"):
            raise DrawingProblem("path data must begin with M")
        first = False
        values, at = _values(data, at, command)
        out.append(command + " ".join(values))
        command = {"M": "L", "m": "l"}.get(command, command)  # more pairs after a move are lines
    if not out:
        raise DrawingProblem("a path without data")
    return "".join(out)


def _values(data: str, at: int, command: str) -> tuple[list[str], int]:
    """The arguments of one command."""
    values: list[str] = []
    for place in range(_ARGUMENTS[command.lower()]):
        # The flags of an arc may stand without space before what follows.
        flag = command in "aA" and place in (3, 4)
        token = (_ARC_TOKEN if flag else _TOKEN).match(data, at)
        text = token and token[1]
        if token is None or not text or text.isalpha():
            raise DrawingProblem(f"{command} in path data has too few numbers at {_short(data[at:])!r}")
        _coordinate(text)
        values.append(text)
        at = token.end()
    return values, at


def _transform(text: str) -> str:
    """An SVG transform list, checked. DrawingProblem."""
    if len(text) > _TRANSFORM_LENGTH:
        raise DrawingProblem("a transform is too long")
    out: list[str] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = _TRANSFORM.match(text, at)
        numbers = re.split(r"[\s,]+", match[2]) if match else []
        if match is None or len(numbers) not in _TRANSFORM_ARGUMENTS.get(match[1], ()):
            raise DrawingProblem(f"transform {_short(text[at:])!r} is not known")
        for number in numbers:
            _coordinate(number)
        out.append(f"{match[1]}({' '.join(numbers)})")
        at = match.end()
    return " ".join(out)


def _coordinate(text: str) -> float:
    value = float(text) if len(text) <= _NUMBER_LENGTH else float("inf")
    if not abs(value) <= _COORDINATE:
        raise DrawingProblem(f"{_short(text)} is farther out than {_COORDINATE:.0f}")
    return value


def _refuse(what: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise DrawingProblem(f"{what} is not taken; an icon is svg, g and path alone")

    return refuse


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
