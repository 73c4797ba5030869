"""Going somewhere, turn by turn: what is asked back, taken, undone and said when it cannot be done."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from alpenglow.assistant.conversation import load, save
from alpenglow.assistant.navigating.navigator import NoNavigation, Reason
from alpenglow.navigation.api import Stop

from ..permitted import world
from .touring import Driver, Tour, charger, place

_STATE = "Vehicle.Alpenglow.Navigation"
_UNIT = "Vehicle.Cabin.Infotainment.HMI.DistanceUnit"


def drive(work: Callable[[Driver], Awaitable[None]], tour: Tour | None = None) -> None:
    async def run() -> None:
        driver = Driver(tour)
        await work(driver)
        assert not driver.car.set  # nobody asked for anything of the car itself

    asyncio.run(run())


@pytest.mark.parametrize(
    ("said", "language", "parts"),
    [
        ("Navigate to Canillo.", "en", ["Canillo", "12 km", "25 minutes", "63 %"]),
        ("Navigiere nach Canillo.", "de", ["Canillo", "12 km", "25 Minuten", "63 %"]),
        ("导航到Canillo。", "zh", ["Canillo", "12公里", "25分钟", "63%"]),
    ],
)
def test_guidance_starts_and_the_answer_tells_the_trip(said: str, language: str, parts: list[str]) -> None:
    async def run(driver: Driver) -> None:
        answer = await driver.say(said)
        assert driver.goes_to == "Canillo"
        assert answer.language == language
        assert all(part in answer.reply for part in parts), answer.reply
        assert [(d.path, d.state) for d in answer.did] == [("navigation.start_guidance", "confirmed")]
        assert answer.did[0].says in answer.reply
        assert answer.can_undo

    drive(run)


def test_charging_stops_are_told() -> None:
    tour = Tour()
    station = charger("FEDA Centre", 800.0, 50.0).charger
    assert station is not None
    tour.stops = [
        Stop(
            charger=station, arrival_charge=12.0, departure_charge=55.0, charging_s=1080.0, waiting_s=0.0,
            energy_kwh=20.0, arrival_s=600.0, detour_s=60.0,
        )
    ]  # fmt: skip

    async def run(driver: Driver) -> None:
        answer = await driver.say("Take me to Canillo")
        assert "FEDA Centre from 12 % to 55 %, which takes 18 minutes" in answer.reply
        answer = await driver.say("Can I make it to Ordino?")
        assert answer.reply.startswith("Yes, with charging on the way")

    drive(run, tour)


def test_who_drives_in_miles_hears_miles() -> None:
    async def run(driver: Driver) -> None:
        driver.car.becomes(_UNIT, "MILES")
        assert "7.7 miles" in (await driver.say("Navigate to Canillo")).reply

    drive(run)


@pytest.mark.parametrize(
    ("turns", "goes_to"),
    [
        (["navigate to Carrer Major", "the second one"], "Carrer Major Ordino"),
        (["navigate to Carrer Major", "the one in Encamp"], "Carrer Major Encamp"),
        (["navigate to Carrer Major", "Canillo"], "Carrer Major Canillo"),
        (["Navigiere nach Carrer Major", "die in Ordino"], "Carrer Major Ordino"),
        (["Navigiere nach Carrer Major", "die letzte"], "Carrer Major Canillo"),
        (["导航到Carrer Major", "第二个"], "Carrer Major Ordino"),
        (["导航到Carrer Major", "Ordino"], "Carrer Major Ordino"),
        (["find coffee near me", "yes"], "Cafè 1"),
        (["find coffee near me", "the second one"], "Cafè 2"),
        (["find coffee near me", "take me to the third one"], "Cafè 3"),
        (["find coffee near me", "Cafè 2"], "Cafè 2"),
        (["find coffee near me", "no"], ""),
        (["find coffee near me", "how warm is it outside?", "take me there"], "Cafè 1"),
        (["find a charger", "take me there"], "FEDA Centre"),
        (["Finde eine Ladestation", "ja"], "FEDA Centre"),
        (["找充电站", "第二个"], "Vall Nord"),
        (["can I make it to Canillo?", "take me there"], "Canillo"),
        (["can I make it to Canillo?", "yes"], ""),
        (["Take me to the nearest charger"], "FEDA Centre"),
    ],
)
def test_what_was_named_can_be_chosen(turns: list[str], goes_to: str) -> None:
    async def run(driver: Driver) -> None:
        await driver.all(turns)
        assert driver.goes_to == goes_to

    drive(run)


def test_places_of_one_name_are_asked_about() -> None:
    async def run(driver: Driver) -> None:
        answer = await driver.say("navigate to Carrer Major")
        assert answer.asked
        assert answer.choices == ["Encamp", "Ordino", "Canillo"]
        assert not answer.did
        assert not driver.goes_to
        answer = await driver.say("yes")  # to which?
        assert not driver.goes_to

    drive(run)


def test_a_list_tells_three_with_their_distances_and_of_chargers_the_power() -> None:
    async def run(driver: Driver) -> None:
        answer = await driver.say("find coffee near me")
        assert "1. Cafè 1, 150 metres; 2. Cafè 2, 300 metres; 3. Cafè 3, 450 metres." in answer.reply
        assert (answer.asked, answer.choices) == (True, ["Cafè 1", "Cafè 2", "Cafè 3"])
        assert "FEDA Centre, 800 metres, 50 kW" in (await driver.say("find a charger")).reply
        await driver.say("find coffee along the route")
        await driver.say("find coffee at the destination")
        assert driver.tour.asked == [("coffee near me", False, False), ("coffee", True, False), ("coffee", False, True)]

    drive(run)


def test_a_trip_that_cannot_be_done_is_not_begun() -> None:
    tour = Tour()
    tour.problem = "20 % do not last to Canillo."

    async def run(driver: Driver) -> None:
        answer = await driver.say("navigate to Canillo")
        assert answer.reply == "20 % do not last to Canillo. Charge to 80 % before you leave."
        assert not answer.did
        assert not driver.goes_to
        assert (await driver.say("can I make it to Canillo?")).reply.startswith("No. 20 % do not last")

    drive(run, tour)


def test_home_is_where_it_is_kept() -> None:
    async def run(driver: Driver) -> None:
        answer = await driver.say("take me home")
        assert "map page" in answer.reply
        assert not driver.goes_to
        driver.tour.mine = [place("Casa", id="kept/home", category="home"), place("Grandma's", category="favourite")]
        await driver.say("take me home")
        assert driver.goes_to == "Casa"
        await driver.say("take me to grandma's")
        assert driver.goes_to == "Grandma's"
        assert "Arbeitsplatz" in (await driver.say("Bring mich zur Arbeit")).reply

    drive(run)


@pytest.mark.parametrize(
    ("start", "other", "undo", "stop"),
    [
        ("navigate to Canillo", "navigate to Ordino", "undo that", "stop navigation"),
        ("Navigiere nach Canillo", "Navigiere nach Ordino", "Mach das rückgängig", "Navigation beenden"),
        ("导航到Canillo", "导航到Ordino", "撤销", "结束导航"),
    ],
)
def test_undo_takes_back_what_was_begun(start: str, other: str, undo: str, stop: str) -> None:
    async def run(driver: Driver) -> None:
        await driver.say(start)
        answer = await driver.say(undo)
        assert not driver.goes_to, answer.reply
        assert [d.path for d in answer.did] == ["navigation.stop_guidance"]
        await driver.all([start, other, undo])
        assert driver.goes_to == "Canillo"
        await driver.say(stop)
        assert not driver.goes_to
        await driver.say(undo)
        assert driver.goes_to == "Canillo"

    drive(run)


def test_undo_takes_back_the_latest_deed_be_it_the_way_or_the_car() -> None:
    async def run() -> None:
        driver = Driver()
        await driver.all(["navigate to Canillo", "set the temperature to 23 degrees", "undo"])
        assert driver.goes_to == "Canillo"
        assert driver.car.read("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature") == 21

    asyncio.run(run())


def test_stopping_what_is_not_there() -> None:
    async def run(driver: Driver) -> None:
        answer = await driver.say("stop navigation")
        assert answer.reply == "No route is being followed."
        assert not answer.did

    drive(run)


@pytest.mark.parametrize("said", ["mute the navigation", "turn off the navigation", "导航静音"])
def test_announcements_are_muted_as_ever(said: str) -> None:
    async def run() -> None:
        driver = Driver()
        answer = await driver.say(said)
        assert [d.path.rpartition(".")[0] for d in answer.did] == ["Vehicle.Cabin.Infotainment.Navigation"]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("no-map", "no map"), ("no-position", "does not know where it is"), ("no-navigation", "not running"),
        ("too-slow", "too long"), ("failed", "the disk is full"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "said",
    [
        "navigate to Canillo", "take me home", "find a charger", "find coffee near me", "stop navigation",
        "can I make it to Canillo?", "why do I have to charge there?", "take me to the nearest charger",
    ],
)  # fmt: skip
def test_whatever_fails_is_said(said: str, reason: Reason, says: str) -> None:
    tour = Tour()
    tour.failing = NoNavigation(reason, "the disk is full")

    async def run(driver: Driver) -> None:
        answer = await driver.say(said)
        assert says in answer.reply
        assert not answer.did
        assert not answer.can_undo

    drive(run, tour)


def test_how_far_and_when_while_guided() -> None:
    async def run(driver: Driver) -> None:
        driver.car.becomes(f"{_STATE}.State", "IDLE")
        assert (await driver.say("when will we arrive?")).reply == "No route is being followed."
        for name, value in (("State", "GUIDING"), ("Remaining.Distance", 4200.0), ("Remaining.Time", 3900.0)):
            driver.car.becomes(f"{_STATE}.{name}", value)
        assert "not known" in (await driver.say("how far is it?")).reply
        driver.car.becomes(f"{_STATE}.Remaining.Charge", 41.0)
        assert "4.2 km" in (await driver.say("how far is it?")).reply
        reply = (await driver.say("when will we arrive?")).reply
        assert "1 hour and 5 minutes" in reply
        assert "41 %" in reply
        assert "4,2 km" in (await driver.say("Wie weit ist es noch?")).reply
        assert "1小时5分钟" in (await driver.say("还要多久")).reply
        driver.car.becomes(f"{_STATE}.State", "ARRIVED")
        assert (await driver.say("when will we arrive?")).reply == "We are there."

    drive(run)


def test_the_plan_is_explained_while_it_is_followed() -> None:
    async def run(driver: Driver) -> None:
        for said in ("why so much consumption?", "Wieso verbrauchen wir so viel?", "为什么要在那里充电？"):
            assert not (await driver.say(said)).did  # nothing is followed, and no other sense is looked for
        await driver.say("navigate to Canillo")
        answer = await driver.say("why do I have to charge there?")
        assert answer.reply == "Without charging you would arrive with 2 %."

    drive(run)


def test_what_is_not_on_the_map_is_said() -> None:
    async def run(driver: Driver) -> None:
        assert "“Atlantis”" in (await driver.say("navigate to Atlantis")).reply
        assert "“Atlantis”" in (await driver.say("navigate to Canillo via Atlantis")).reply
        assert not driver.goes_to

    drive(run)


def test_the_car_has_the_first_word_where_it_is_meant() -> None:
    async def run() -> None:
        for said in ("take me forward", "drive mode sport", "navigation louder", "go to sleep"):
            driver = Driver()
            answer = await driver.say(said)
            assert not any(d.path.startswith("navigation.") for d in answer.did)
            assert not driver.tour.asked

    asyncio.run(run())


@pytest.mark.parametrize(
    "said",
    [
        "navigate to Canillo and set the temperature to 23 degrees",
        "Set the temperature to 23 degrees and then take me to Canillo.",
        "Navigiere nach Canillo und stell die Temperatur auf 23 Grad",
        "导航到Canillo，然后把温度调到23度",
    ],
)
def test_the_way_and_the_car_in_one_sentence(said: str) -> None:
    async def run() -> None:
        driver = Driver()
        answer = await driver.say(said)
        assert driver.goes_to == "Canillo"
        assert driver.car.read("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature") == 23
        assert len(answer.did) == 2

    asyncio.run(run())


def test_a_name_with_an_and_in_it_is_one_name() -> None:
    tour = Tour()
    tour.map["bed and breakfast roma"] = [place("Bed and Breakfast Roma")]

    async def run(driver: Driver) -> None:
        await driver.say("navigate to the Bed and Breakfast Roma")
        assert driver.goes_to == "Bed and Breakfast Roma"

    drive(run, tour)


def test_turning_the_navigation_off_ends_guidance_while_there_is_any() -> None:
    async def run(driver: Driver) -> None:
        for said in ("turn off the navigation", "Schalte die Navigation aus", "关闭导航"):
            await driver.all(["navigate to Canillo", said])
            assert not driver.goes_to, said

    drive(run)


def test_places_of_one_name_in_a_list_are_chosen_by_their_number() -> None:
    tour = Tour()
    tour.stations = [charger("", 800.0, 50.0), charger("", 900.0, 50.0)]

    async def run(driver: Driver) -> None:
        answer = await driver.say("Finde eine Ladestation")
        assert "1. Ladestation, 800 Meter, 50 kW" in answer.reply
        assert answer.choices == ["1", "2"]
        assert "zum Ziel Ladestation" in (await driver.say(answer.choices[1])).reply
        assert driver.tour.following is not None

    drive(run, tour)


def test_how_far_the_battery_lasts_is_told_by_the_range() -> None:
    async def run(driver: Driver) -> None:
        driver.car.becomes("Vehicle.Powertrain.TractionBattery.Range", 214_000)
        for said in ("How far can I get?", "Wie weit komme ich noch?", "还能跑多远？"):
            assert "214" in (await driver.say(said)).reply, said

    drive(run)


def test_what_has_ended_by_itself_cannot_be_undone() -> None:
    async def run(driver: Driver) -> None:
        await driver.say("navigate to Canillo")
        await driver.tour.stop()  # it has arrived
        answer = await driver.say("undo")
        assert answer.reply == "There is nothing to undo."
        assert not answer.can_undo

    drive(run)


def test_undo_survives_a_restart_of_the_process(tmp_path: Path) -> None:
    async def run(driver: Driver) -> None:
        await driver.all(["navigate to Canillo", "navigate to Ordino"])
        save(driver.talk, tmp_path / "talk.json")
        driver.talk = load(tmp_path / "talk.json", world().functions)
        await driver.say("undo")
        assert driver.goes_to == "Canillo"

    drive(run)


def test_how_far_it_is_needs_a_destination_but_kilometres_left_may_be_the_range() -> None:
    async def run(driver: Driver) -> None:
        driver.car.becomes("Vehicle.Powertrain.TractionBattery.Range", 214_000)
        driver.car.becomes(f"{_STATE}.State", "IDLE")
        assert (await driver.say("Wie weit ist es noch bis zum Ziel?")).reply == "Es wird keiner Route gefolgt."
        assert "214" in (await driver.say("还剩多少公里")).reply
        for name, value in (("State", "GUIDING"), ("Distance", 4200.0), ("Time", 600.0), ("Charge", 50.0)):
            driver.car.becomes(f"{_STATE}.State" if name == "State" else f"{_STATE}.Remaining.{name}", value)
        assert "4.2公里" in (await driver.say("还剩多少公里")).reply

    drive(run)
