"""`alpenglow ask --batch`: every item of a file is a car, a seat and something said; its result, what was set.

The items' form and that of the results: docs/assistant.md. The same tiers and the same door as in a running car.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Any

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
from alpenglow.signals import Catalogue


async def run_items(
    items: Iterable[dict[str, Any]], catalogue: Catalogue, minds: Minds | None = None
) -> "Iterator[dict[str, Any]]":
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
        answer, egress = None, 0
        for said in item.get("turns") or [item["say"]]:
            answer = await assistant.ask(said, item.get("seat", "driver"), talk)
            egress += answer.egress_bytes
        assert answer is not None
        results.append(
            {
                "id": item["id"],
                "set": car.set,
                "refused": answer.refused,
                "asked": answer.asked,
                "reply": answer.reply,
                "latency_ms": round((time.perf_counter() - began) * 1000, 2),
                "tier": answer.tier,
                "egress_bytes": egress,
                "calls": [],
            }
        )
    return iter(results)
