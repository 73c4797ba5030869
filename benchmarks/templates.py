"""Tier 1 beside its peer: hassil, the sentence templates of Home Assistant's Assist, over the same words.

Both get the English words for the car's settings, acts and values. hassil gets a dozen templates over them, as an
intent file has; ours needs none. Asked is which setting a sentence is about; the suites tell what was right.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hassil.intents import Intents
from hassil.recognize import recognize

from alpenglow.assistant.functions import Functions, split_path
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.language.parsing import parse
from alpenglow.assistant.language.text import hear
from alpenglow.signals import load_catalogue
from benchmarks.table import Row, quantile

_SUITE = Path(__file__).parents[2] / "shared" / "data" / "assistant" / "commands_sample.jsonl"
_TEMPLATES = (
    "[please] (turn|switch|put) {act} [the|my] {name} [please]",
    "[please] (turn|switch|put) [the|my] {name} {act} [please]",
    "[please] {act} [the|my] {name} [please]",
    "[the|my] {name} {act} [please]",
    "[please] (set|put|turn) [the|my] {name} (to|at) {amount} [percent|per cent|degrees] [please]",
    "[the|my] {name} (to|at) {amount} [percent|per cent|degrees] [please]",
    "[please] (set|put|switch|use) [the|my] {name} (to|on|in) {value} [please]",
    "[please] (set|switch|change) to {value} [please]",
    "[please] {act} [the|my] {place} {name} [please]",
    "[please] {act} [the|my] {name} (on|at|in) [the] {place} [please]",
    "[please] {act} [the|my] {place} {name} (to|at) {amount} [percent|degrees] [please]",
    "{does} [please]",
)


def run() -> list[Row]:
    """How many settings each finds, and how long it takes."""
    functions = Functions(load_catalogue())
    pack = load_packs(functions)["en"]
    items = [i for i in map(json.loads, _SUITE.read_text().splitlines()) if i["lang"] == "en" and "say" in i]
    items = [i for i in items if _wanted(i["expect"])]
    intents = _intents(pack)

    def theirs(said: str) -> str | None:
        found = recognize(re.sub(r"[.,!?]", "", said), intents)
        if found is None:
            return None
        named = found.entities.get("name") or found.entities.get("does") or found.entities.get("value")
        return None if named is None else str(named.value).split(" ")[0]

    def ours(said: str) -> str | None:
        wishes = parse(hear(said), pack, functions).wishes
        return wishes[0].function.pattern if wishes else None

    right_theirs, ms_theirs = _measure(items, theirs)
    right_ours, ms_ours = _measure(items, ours)
    note = f"{right_ours} and {right_theirs} of {len(items)} English sentences of the sample"
    return [
        Row("tier 1 against hassil: settings found", right_ours / max(1, right_theirs), "times", note=note),
        Row("tier 1, p50 of a sentence", ms_ours, "ms"),
        Row("hassil with the same words, p50 of a sentence", ms_theirs, "ms", note=f"{len(_TEMPLATES)} templates"),
    ]


def _measure(items: list[dict[str, Any]], find: Callable[[str], str | None]) -> tuple[int, float]:
    took, right = [], 0
    for item in items:
        began = time.perf_counter()
        found = find(item["say"])
        took.append((time.perf_counter() - began) * 1000)
        right += found is not None and any(w.startswith(_item(found)) for w in _wanted(item["expect"]))
    return right, quantile(took, 0.5)


def _item(pattern: str) -> str:
    return re.sub(r"\.(Position|IsOpen|Switch)$", "", split_path(pattern)[0])


def _wanted(expect: dict[str, Any]) -> list[str]:
    """The patterns that an item expects to be set."""
    parts = [*expect.get("any", []), *expect.get("all", [])]
    return [split_path(p)[0] for p in expect.get("set", {})] + [w for part in parts for w in _wanted(part)]


def _intents(pack: Pack) -> Intents:
    words = pack.words

    def values(section: dict[str, list[str]]) -> dict[str, Any]:
        plain = [
            {"in": re.sub(r"[^\w' ]", " ", phrase), "out": key}
            for key, phrases in section.items()
            for phrase in phrases
        ]
        return {"values": plain}

    return Intents.from_dict(
        {
            "language": "en",
            "intents": {"Set": {"data": [{"sentences": list(_TEMPLATES)}]}},
            "lists": {
                "name": values(words.names),
                "act": values(words.acts),
                "value": values(words.values),
                "place": values(words.places),
                "does": values(words.does),
                "amount": {"range": {"from": 0, "to": 100}},
            },
        }
    )
