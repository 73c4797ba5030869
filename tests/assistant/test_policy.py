"""What is read back first: what opens the car, costs money or lets it roll; in the words of the speaker's language."""

import asyncio

import pytest

from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.policy import Policy, PolicyError
from alpenglow.assistant.resolving import Move
from alpenglow.signals import BadValue, Signal, Value, check_value

from .permitted import STATES, needs_a_yes, world

OPENING = [
    ("Open the boot.", "Yes.", "No.", "That opens the car."),
    ("Open the driver's door.", "Yes, please.", "No, leave it.", "That opens the car."),
    ("Start charging.", "Yes.", "No.", "Charging may cost money."),
    ("Put it in neutral.", "Yes.", "No.", "That changes how the car drives."),
    ("Öffne die Heckklappe.", "Ja.", "Nein.", "Das öffnet den Wagen."),
    ("Öffne die Fahrertür.", "Ja, bitte.", "Nein.", "Das öffnet den Wagen."),
    ("打开后备箱。", "是的。", "不。", "这会打开车辆。"),
]


@pytest.mark.parametrize(("order", "yes", "no", "why"), OPENING)
def test_it_is_asked_first_and_done_after_the_yes_alone(order: str, yes: str, no: str, why: str) -> None:
    async def run() -> None:
        for said, done in ((yes, True), (no, False), ("Is it raining?", False)):
            car = world().car("parked")
            assistant, talk = world().assistant(car), Conversation()
            answer = await assistant.ask(order, "driver", talk)
            assert answer.asked
            assert why in answer.reply
            assert len(answer.choices) == 2
            assert car.set == {}
            answer = await assistant.ask(said, "driver", talk)
            assert bool(car.set) == done, said
            await assistant.ask(yes, "driver", talk)  # a yes that nothing waits for
            assert bool(car.set) == done, said

    asyncio.run(run())


@pytest.mark.parametrize("order", [said for said, *_ in OPENING if "boot" in said or "door." in said])
def test_a_moving_car_refuses_at_once(order: str) -> None:
    async def run() -> None:
        for state in ("5 km/h", "130 km/h", "speed unknown"):
            car = world().car(state)
            answer = await world().assistant(car).ask(order, "driver", Conversation())
            assert answer.refused
            assert not answer.asked
            assert car.set == {}

    asyncio.run(run())


def test_the_door_has_the_last_word_after_the_yes() -> None:
    async def run() -> None:
        car = world().car("parked")
        assistant, talk = world().assistant(car), Conversation()
        assert (await assistant.ask("Open the boot.", "driver", talk)).asked
        car.becomes("Vehicle.Speed", 20.0)
        answer = await assistant.ask("Yes.", "driver", talk)
        assert answer.refused
        assert car.set == {}

    asyncio.run(run())


def test_whoever_says_yes_it_is_the_askers_door() -> None:
    async def run() -> None:
        car = world().car("parked")
        assistant, talk = world().assistant(car), Conversation()
        await assistant.ask("Open my door.", "passenger", talk)
        await assistant.ask("Yes.", "driver", talk)
        assert [p for p in car.set if ".PassengerSide." not in p] == []
        assert car.set

    asyncio.run(run())


@pytest.mark.parametrize("order", ["Open the window.", "Turn on the high beams.", "Close the boot.", "Lock the doors."])
def test_what_neither_opens_nor_costs_is_done_at_once(order: str) -> None:
    async def run() -> None:
        car = world().car("parked", {"Vehicle.Body.Trunk.Rear.IsOpen": True})
        answer = await world().assistant(car).ask(order, "driver", Conversation())
        assert not answer.asked
        assert car.set

    asyncio.run(run())


def test_undoing_a_closing_is_an_opening() -> None:
    async def run() -> None:
        car = world().car("parked", {"Vehicle.Body.Trunk.Rear.IsOpen": True})
        assistant, talk = world().assistant(car), Conversation()
        await assistant.ask("Close the boot.", "driver", talk)
        assert car.set == {"Vehicle.Body.Trunk.Rear.IsOpen": False}
        assert (await assistant.undo(talk)).asked
        assert car.set == {"Vehicle.Body.Trunk.Rear.IsOpen": False}
        await assistant.ask("Yes.", "driver", talk)
        assert car.set == {"Vehicle.Body.Trunk.Rear.IsOpen": True}

    asyncio.run(run())


def test_the_table_asks_for_all_that_opens_frees_or_costs_and_for_nothing_else() -> None:
    """Over every value of every actuator that a person could name, in a parked car."""
    catalogue, policy = world().catalogue, Policy()
    state = {**STATES["parked"], "Vehicle.Powertrain.TractionBattery.Charging.IsCharging": False}
    for signal in catalogue.signals:
        if signal.kind != "actuator" or not world().identities.may_actuate("assistant", signal.path):
            continue
        values: list[Value] = [False, True] if signal.datatype == "boolean" else list(signal.allowed)
        for value in values or [v for v in (-1, 0, 1, 50, 126) if _legal(signal, v)]:
            asked = policy.asks_first(Move(signal.path, value), state.get) is not None
            assert asked == needs_a_yes(signal.path, value), (signal.path, value)


def _legal(signal: Signal, value: Value) -> bool:
    try:
        return check_value(signal, value) == value
    except BadValue:
        return False


@pytest.mark.parametrize(
    "text",
    [
        "first = 3",
        '[forgetting]\n[[first]]\nid = "a"\npaths = []\nsays.en = "x"',
        '[forgetting]\n[[first]]\nid = "a"\npaths = ["A"]\nsays.de = "x"',
        '[forgetting]\n[[first]]\nid = "a"\npaths = ["A"]\nsays.en = "x"\nvalue = [1]',
    ],
)
def test_a_table_that_cannot_be_used_says_where(text: str) -> None:
    with pytest.raises(PolicyError, match=r"policy(\.toml)?: "):
        Policy(text)
