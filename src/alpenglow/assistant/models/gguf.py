"""What the head of a GGUF file (version 2 or 3) says about the model in it. Whatever the bytes are, no other than
ModelProblem comes out, and no more is read than the file has."""

import mmap
import re
import struct
from pathlib import Path
from typing import Any

import msgspec

from alpenglow.assistant.models.problems import ModelProblem

MAGIC = b"GGUF"
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_CONTROL, _USER_DEFINED = 3, 4  # llama_token_type
_MOST_KEYS = 10_000
_LIKE_A_TAG = re.compile(r"[<\[].*[>\]]", re.DOTALL)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """`control_tokens` steer the model (ends of turns, roles); nobody may say them through a message."""

    architecture: str
    title: str
    licence: str
    context_tokens: int
    control_tokens: tuple[str, ...]


def read_head(path: Path) -> Head:
    """Raises ModelProblem where `path` cannot be read or is no GGUF file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            facts = _Reader(data).facts()
    except OSError as error:
        raise ModelProblem(f"{path}: {error.strerror}") from None
    except (ValueError, struct.error, IndexError, OverflowError, MemoryError, RecursionError):
        raise ModelProblem(f"{path}: is no GGUF model, or not whole") from None
    architecture = str(facts.get("general.architecture", "unknown"))
    context = facts.get(f"{architecture}.context_length", 0)
    return Head(
        architecture=architecture,
        title=str(facts.get("general.name", path.stem)),
        licence=str(facts.get("general.license", "unknown")),
        context_tokens=context if isinstance(context, int) else 0,
        control_tokens=_control_tokens(facts),
    )


def _control_tokens(facts: dict[str, Any]) -> tuple[str, ...]:
    tokens, types = facts.get("tokenizer.ggml.tokens", ()), facts.get("tokenizer.ggml.token_type", ())
    if not isinstance(tokens, list) or not isinstance(types, list):
        return ()
    return tuple(
        token
        for token, kind in zip(tokens, types, strict=False)
        if isinstance(token, str)
        and token
        and (kind == _CONTROL or (kind == _USER_DEFINED and _LIKE_A_TAG.fullmatch(token)))
    )


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data, self._at = data, 0

    def facts(self) -> dict[str, Any]:
        if self._data[:4] != MAGIC:
            raise ValueError
        self._at = 4
        version, _, keys = self._unpack("IQQ")
        if version not in (2, 3) or keys > _MOST_KEYS:
            raise ValueError
        facts = {}
        for _ in range(keys):
            key = self._string()
            (kind,) = self._unpack("I")
            facts[key] = self._value(kind)
        return facts

    def _unpack(self, form: str) -> tuple[Any, ...]:
        form = f"<{form}"
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _string(self) -> str:
        (length,) = struct.unpack_from("<Q", self._data, self._at)
        start = self._at + 8
        self._at = start + length
        if self._at > len(self._data):
            raise ValueError
        return self._data[start : self._at].decode("utf-8", "replace")

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            if kind not in _SCALARS:
                raise ValueError
            return self._unpack(_SCALARS[kind])[0]
        of, length = self._unpack("IQ")
        if length > len(self._data):
            raise ValueError
        if of in _SCALARS:
            return list(self._unpack(f"{length}{_SCALARS[of]}"))
        return [self._value(of) for _ in range(length)]
