"""Consent: nobody has agreed until they have, and the last word counts at once."""

import sqlite3
from contextlib import closing

import msgspec
import pytest

from alpenglow.assistant.cloud.consent import CLOUD_MODEL, ConsentError, Consents, load_purposes
from alpenglow.assistant.cloud.errors import NoConsent


def test_nobody_has_agreed_to_anything_at_first(consents):
    assert not any(consents.granted("owner", purpose) for purpose in consents.purposes)
    assert consents.last("owner", CLOUD_MODEL) is None


def test_a_consent_is_one_profiles_and_survives_a_restart(agreed):
    with closing(Consents(agreed._path)) as again:
        assert again.granted("owner", CLOUD_MODEL)
        assert not again.granted("kim", CLOUD_MODEL)


def test_what_was_said_stays_readable(agreed):
    agreed.set("owner", CLOUD_MODEL, False)
    agreed.set("owner", CLOUD_MODEL, True)
    history = agreed.history("owner")
    assert [said.granted for said in history] == [True, False, True]
    assert {said.version for said in history} == {agreed.purposes[CLOUD_MODEL].version}
    assert [said.time for said in history] == sorted(said.time for said in history)


def test_a_consent_to_an_earlier_wording_no_longer_counts(agreed):
    purposes = load_purposes()
    newer = msgspec.structs.replace(purposes[CLOUD_MODEL], version=purposes[CLOUD_MODEL].version + 1)
    with closing(Consents(agreed._path, purposes={CLOUD_MODEL: newer})) as again:
        assert not again.granted("owner", CLOUD_MODEL)
        again.set("owner", CLOUD_MODEL, True)
        assert again.granted("owner", CLOUD_MODEL)


def test_a_withdrawal_cancels_what_runs_under_the_consent(agreed):
    cancelled = []
    with agreed.hold("owner", CLOUD_MODEL, lambda: cancelled.append(1)) as hold:
        agreed.set("kim", CLOUD_MODEL, False)
        assert cancelled == []
        agreed.set("owner", CLOUD_MODEL, False)
        assert cancelled == [1]
        assert hold.withdrawn
    with pytest.raises(NoConsent), agreed.hold("owner", CLOUD_MODEL, lambda: None):
        pass


def test_a_withdrawal_that_cannot_be_written_holds_all_the_same(agreed):
    with closing(sqlite3.connect(agreed._path, isolation_level=None)) as other:
        agreed._db.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConsentError):
            agreed.set("owner", CLOUD_MODEL, False)
        assert not agreed.granted("owner", CLOUD_MODEL)
    assert not agreed.granted("owner", CLOUD_MODEL)
    agreed.set("owner", CLOUD_MODEL, True)
    assert agreed.granted("owner", CLOUD_MODEL)


def test_an_erased_profile_has_never_agreed(agreed):
    assert agreed.erase("owner") == 1
    assert not agreed.granted("owner", CLOUD_MODEL)
    assert agreed.history("owner") == []


def test_a_purpose_that_does_not_exist_is_told(consents):
    with pytest.raises(ConsentError, match="there are"):
        consents.set("owner", "assistant.sell_everything", True)


def test_a_record_that_cannot_be_read_permits_nothing(agreed):
    agreed.close()
    with pytest.raises(NoConsent), agreed.hold("owner", CLOUD_MODEL, lambda: None):
        pass


def test_every_purpose_has_a_sentence_in_every_language(consents):
    for purpose in consents.purposes.values():
        assert len({purpose.says("en"), purpose.says("de"), purpose.says("zh")}) == 3
