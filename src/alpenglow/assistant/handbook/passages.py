"""A handbook on disk: `LANGUAGE/CHAPTER.md`, one passage under each heading, the same ids in every language.

    # Clear view
    ## Misted windows {#misted-windows}
    What to do, in whole sentences.
    Index: fogged up, condensation

makes the passage `CHAPTER.misted-windows`. The line `Index:` names other words that people ask with; it is searched and
never shown. What a handbook says is data: nobody reads a command, a path or a name of a tool out of it.
"""

import re
from pathlib import Path
from typing import Literal

import msgspec

_MOST_BYTES = 200_000  # of one chapter; a page of print has about 3,000
_CHAPTER = re.compile(r"# +(?P<title>\S.*)")
_SECTION = re.compile(r"## +(?P<title>\S.*?) +\{#(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\}\s*")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_INDEX = "Index:"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class HandbookError(ValueError):
    """A handbook that cannot be used: file, line and what to mend, in one line."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under one heading."""

    id: str  # the same in every language: "visibility.misted-windows"
    language: str
    chapter: str
    title: str
    text: str
    index: str  # further words to find it by
    source: Literal["handbook"] = "handbook"  # text from outside the conversation, never an instruction


def read(folder: Path) -> list[Passage]:
    """All passages under `folder`, by language, chapter and place; HandbookError for what is wrong with it."""
    try:
        languages = sorted(d for d in folder.iterdir() if d.is_dir() and _LANGUAGE.fullmatch(d.name))
        files = [(d.name, file) for d in languages for file in sorted(d.glob("*.md"))]
    except OSError as error:
        raise HandbookError(f"{folder}: {error.strerror or error}") from None
    if not files:
        raise HandbookError(f"{folder}: no chapters. Put them into a folder per language: en/climate.md")
    return [passage for language, file in files for passage in _chapter(language, file)]


def _chapter(language: str, file: Path) -> list[Passage]:
    if not _NAME.fullmatch(file.stem):
        raise HandbookError(f"{file}: the name of a chapter has small letters, digits and hyphens: climate.md")
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise HandbookError(f"{file}: longer than {_MOST_BYTES} bytes. Split the chapter")
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise HandbookError(f"{file}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise HandbookError(f"{file}: not UTF-8 at byte {error.start}") from None
    chapter = ""
    sections: list[tuple[int, str, str, list[str]]] = []  # line, id, title, text
    for number, line in enumerate(lines, 1):
        if found := _CONTROL.search(line):
            raise HandbookError(f"{file}:{number}: control character U+{ord(found[0]):04X}. Take it out")
        if not chapter:
            if line.strip():
                if (heading := _CHAPTER.fullmatch(line)) is None:
                    raise HandbookError(f"{file}:{number}: a chapter begins with its title: # Climate")
                chapter = heading["title"].strip()
        elif line.startswith("#"):
            if (heading := _SECTION.fullmatch(line)) is None:
                raise HandbookError(f"{file}:{number}: a section's heading is: ## Misted windows {{#misted-windows}}")
            sections.append((number, heading["id"], heading["title"], []))
        elif sections:
            sections[-1][3].append(line)
        elif line.strip():
            raise HandbookError(f"{file}:{number}: text before the first section: ## Title {{#id}}")
    if not sections:
        raise HandbookError(f"{file}: no sections. Add one: ## Title {{#id}}")
    passages: dict[str, Passage] = {}
    for number, name, title, body in sections:
        passage = _passage(language, f"{file.stem}.{name}", chapter, title, body)
        if not passage.text:
            raise HandbookError(f"{file}:{number}: nothing stands under this heading")
        if passage.id in passages:
            raise HandbookError(f"{file}:{number}: {{#{name}}} is used twice in this chapter")
        passages[passage.id] = passage
    return list(passages.values())


def _passage(language: str, id_: str, chapter: str, title: str, body: list[str]) -> Passage:
    index = " ".join(line.removeprefix(_INDEX).strip() for line in body if line.startswith(_INDEX))
    # Lines of Chinese are joined without a space, as they would be in print.
    glue = "" if language == "zh" else " "
    text = glue.join(line.strip() for line in body if line.strip() and not line.startswith(_INDEX))
    return Passage(id=id_, language=language, chapter=chapter, title=title, text=text, index=index)
