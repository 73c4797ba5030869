"""How fast a model is on this machine, and what it takes: the figures of `alpenglow models bench`."""

import os
import platform
import statistics
import time
from pathlib import Path

import msgspec
import psutil

from alpenglow.assistant.models.encoders import MiniLM
from alpenglow.assistant.models.engine import ChatEngine, Message
from alpenglow.assistant.models.store import Store

_MEBIBYTE = 1 << 20
_FACTS = 40  # lines of a prompt as long as a shortlist of services with their descriptions
_WISHES = ("I cannot see through the windscreen", "It is like an oven back here", "Half open the window, please")
_GENERATED = 48
_CALL = {
    "type": "object",
    "properties": {
        "call": {"enum": ["window", "fan", "seat_heating", "defrost", "none"]},
        "seat": {"enum": ["driver", "passenger"]},
        "value": {"type": "integer", "minimum": 0, "maximum": 100},
    },
    "required": ["call", "seat", "value"],
}


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a language model. `first_word_ms` and `call_ms` are medians, with the prompt's beginning known."""

    model: str
    machine: str
    load_s: float
    prompt_tokens_per_s: float
    generated_tokens_per_s: float
    first_word_ms: float
    call_ms: float
    memory_mb: int


class EncoderFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a sentence encoder."""

    model: str
    machine: str
    load_s: float
    query_ms: float
    passages_per_s: float
    memory_mb: int


async def measure_chat(store: Store, model_id: str, *, threads: int = 2) -> Figures:
    """Takes a minute. Raises ModelProblem."""
    before = _own_memory()
    started = time.monotonic()
    engine = await ChatEngine.load(store, model_id, threads=threads)
    load_s = time.monotonic() - started
    try:
        car = _message("system", "You act for the people in a car.\n" + "\n".join(map(_fact, range(_FACTS))))
        cold = await engine.chat([car, _message("user", "Hello")], max_tokens=1)
        await engine.warm([car])
        wishes = [[car, _message("user", wish)] for wish in _WISHES]
        talks = [await engine.chat(wish, max_tokens=_GENERATED) for wish in wishes]
        calls = [await engine.chat(wish, schema=_CALL) for wish in wishes]
        words = [(talk.generated_tokens - 1, talk.total_ms - (talk.first_word_ms or 0)) for talk in talks]
        return Figures(
            model=model_id,
            machine=machine(),
            load_s=round(load_s, 2),
            prompt_tokens_per_s=round((cold.prompt_tokens - cold.cached_tokens) / cold.total_ms * 1000, 1),
            generated_tokens_per_s=round(sum(n for n, _ in words) / sum(ms for _, ms in words) * 1000, 1),
            first_word_ms=round(statistics.median(talk.first_word_ms or 0.0 for talk in talks)),
            call_ms=round(statistics.median(call.total_ms for call in calls)),
            memory_mb=_own_memory() - before,
        )
    finally:
        engine.close()


def measure_encoder(store: Store) -> EncoderFigures:
    """Raises ModelProblem."""
    before = _own_memory()
    started = time.monotonic()
    encoder = MiniLM(store)
    encoder.queries(_WISHES)
    load_s = time.monotonic() - started
    took = []
    for number in range(20):
        at = time.monotonic()
        encoder.queries([f"{_WISHES[0]} {number}"])
        took.append((time.monotonic() - at) * 1000)
    at = time.monotonic()
    encoder.passages([_fact(number) for number in range(200)])
    return EncoderFigures(
        model=encoder.name,
        machine=machine(),
        load_s=round(load_s, 2),
        query_ms=round(statistics.median(took), 1),
        passages_per_s=round(200 / (time.monotonic() - at)),
        memory_mb=_own_memory() - before,
    )


def machine() -> str:
    """The processor and how many cores of it this process may use."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{name}, {os.process_cpu_count() if hasattr(os, 'process_cpu_count') else os.cpu_count()} cores"


def _own_memory() -> int:
    """MB that would be free without this process."""
    return int(psutil.Process().memory_full_info().uss) // _MEBIBYTE


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _fact(number: int) -> str:
    parts = ("window", "seat heating", "fan", "sunroof", "reading light", "wiper", "mirror", "tailgate")
    part = parts[number % len(parts)]
    return f"{number}. {part} {number // len(parts) + 1}: sets the {part}, from 0 (off, closed) to 100 (full, open)"
