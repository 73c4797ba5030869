"""A ledger, a record of consents, and a client for a recorder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpenglow.assistant.cloud.client import Cloud
from alpenglow.assistant.cloud.consent import CLOUD_MODEL, Consents
from alpenglow.assistant.cloud.endpoint import Endpoint, Limits
from alpenglow.assistant.cloud.ledger import Ledger

from .recorder import Recorder

# Short, so that what hangs is noticed soon; nothing is measured against them.
QUICK = {"connect_s": 2.0, "silence_s": 0.5, "total_s": 2.0}


@pytest.fixture
def ledger(tmp_path: Path):
    ledger = Ledger(tmp_path / "state" / "egress.sqlite")
    yield ledger
    ledger.close()


@pytest.fixture
def consents(tmp_path: Path):
    consents = Consents(tmp_path / "state" / "consents.sqlite")
    yield consents
    consents.close()


@pytest.fixture
def agreed(consents: Consents) -> Consents:
    """The owner agrees to the cloud model."""
    consents.set("owner", CLOUD_MODEL, True)
    return consents


@pytest.fixture
def client(ledger: Ledger, consents: Consents) -> Callable[..., Cloud]:
    def make(recorder: Recorder, limits: dict[str, Any] | None = None, **settings: Any) -> Cloud:
        endpoint = Endpoint(url=recorder.url, model="m", limits=Limits(**QUICK | (limits or {})), **settings)
        return Cloud(endpoint, ledger=ledger, consents=consents)

    return make
