"""`alpenglow ask --batch`: every item of a file is a car, a seat and something said; its result, what was set.

The items' form and that of the results: docs/assistant.md. The same tiers and the same door as in a running car.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alpenglow.assistant import api
from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import load_packs
from alpenglow.assistant.meaning import Meaning
from alpenglow.assistant.minds import Minds
from alpenglow.assistant.models.encoders import best_encoder
from alpenglow.assistant.models.store import Store
from alpenglow.assistant.models.vectors import cache_folder
from alpenglow.assistant.thinking import Assistant
from alpenglow.cli.described import DescribedCar
from alpenglow.fabric import load_identities
from alpenglow.signals import Catalogue, Value


async def run_items(
    items: Iterable[dict[str, Any]], catalogue: Catalogue, minds: Minds | None = None
) -> list[dict[str, Any]]:
    """One result for each of `items`."""
    functions, identities = Functions(catalogue), load_identities()
    packs = load_packs(functions)
    encoder = best_encoder(Store())
    meaning = Meaning(encoder, packs, cache_folder()) if encoder is not None else None
    results = []
    for item in items:
        car = DescribedCar(catalogue, functions, item.get("state", {}), identities)
        assistant = Assistant(car, functions, packs, meaning=meaning, minds=minds)
        talk = Conversation()
        began = time.perf_counter()
        answers = [
            await assistant.ask(said, item.get("seat", "driver"), talk) for said in item.get("turns") or [item["say"]]
        ]
        took_ms = (time.perf_counter() - began) * 1000
        results.append(result_of(item["id"], answers, car.set, took_ms))
    return results


def result_of(
    item: str, answers: Sequence[api.Answer], moved: Mapping[str, Value | None], latency_ms: float
) -> dict[str, Any]:
    """The result of an item: of what was answered turn by turn, and what moved (path → value)."""
    last = answers[-1]
    return {
        "id": item,
        "set": dict(moved),
        "refused": last.refused,
        "asked": last.asked,
        "reply": last.reply,
        "latency_ms": round(latency_ms, 2),
        "tier": last.tier,
        "egress_bytes": sum(answer.egress_bytes for answer in answers),
        "calls": [
            {"path": d.path, "value": d.value, "state": d.state, "rule": d.rule}
            for answer in answers
            for d in answer.did
        ],
    }
