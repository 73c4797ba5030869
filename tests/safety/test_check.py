"""A dry run is worth something only if the door then says the same: `check` and `actuate` agree, whatever is asked."""

import asyncio
from collections.abc import Mapping

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpenglow.fabric import NoProvider, load_identities
from alpenglow.fabric.following import Follower
from alpenglow.safety.door import Door
from alpenglow.safety.interlocks import load_interlocks
from alpenglow.signals import Kind, Quality, Signal, Value, load_catalogue
from tests.safety.conftest import Car

CATALOGUE = load_catalogue()
INTERLOCKS = load_interlocks(CATALOGUE)
IDENTITIES = load_identities()
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging"
GUARDED = sorted(INTERLOCKS.guarded())
OTHERS = [s.path for s in CATALOGUE.signals if s.path not in INTERLOCKS.guarded()]


class ParkedCar(Car):
    """What the door needs of a car in which nothing moves: whatever passes the checks finds no owner."""

    identities = IDENTITIES

    async def write(self, path: str, value: Value, timeout_s: float = 1.0) -> None:
        raise NoProvider("nothing moves here")

    def follower(self, *patterns: str) -> Follower:
        return Follower(self.table, [i for p in patterns for i in self.catalogue.match(p)])

    def unfollow(self, feed: Follower) -> None:
        pass


def a_value(signal: Signal) -> st.SearchStrategy[Value]:
    """Values that fit, and some that do not."""
    legal: st.SearchStrategy[Value] = st.sampled_from([True, False, 0, 1, 50, 126, -1, 0.5, "", "OPEN", [], [1]])
    if signal.allowed:
        legal = st.sampled_from(list(signal.allowed)) | legal
    elif signal.datatype not in ("boolean", "string") and not signal.datatype.endswith("[]"):
        legal = st.integers(-300, 300) | st.floats(-300, 300) | legal
    return legal


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, Value]:
    path = draw(st.sampled_from(GUARDED) | st.sampled_from(OTHERS) | st.just("Vehicle.NoSuchThing"))
    if path not in CATALOGUE.index_of:
        return path, True
    return path, draw(a_value(CATALOGUE[path]))


situations = st.fixed_dictionaries(
    {},
    optional={
        "Vehicle.Speed": st.sampled_from([None, 0.0, 0.4, 5.0, 9.0, 130.0]),
        "Vehicle.Exterior.LightIntensity": st.sampled_from([None, 0.0, 90.0]),
        f"{CHARGING}.IsCharging": st.sampled_from([None, True, False]),
        f"{CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected": st.sampled_from([None, True, False]),
    },
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations, commands(), st.sampled_from(sorted([*IDENTITIES.table, "stranger"])))
def test_check_and_actuate_agree(
    situation: Mapping[str, Value | None], command: tuple[str, Value], caller: str
) -> None:
    async def run() -> None:
        car = ParkedCar(CATALOGUE)
        car.say({p: v for p, v in situation.items() if v is not None})
        car.say({p: None for p, v in situation.items() if v is None}, Quality.INVALID)
        door = Door(car, INTERLOCKS, structlog.wrap_logger(None, processors=[_drop]))
        path, value = command
        before = await door.check(caller, path, value)
        outcome = await door.actuate(caller, path, value)
        after = await door.check(caller, path, value)
        assert before == after
        assert before.permitted == (outcome.state != "refused")
        assert before.path == outcome.path
        assert before.rule == (outcome.rule or "")
        if not before.permitted:
            assert before.message == outcome.message
        assert not before.permitted or CATALOGUE[path].kind is Kind.ACTUATOR

    asyncio.run(run())


def _drop(*_: object) -> object:
    raise structlog.DropEvent
