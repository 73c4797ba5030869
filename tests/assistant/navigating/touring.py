"""A navigation that knows a few places, for turns of a conversation about the way."""

from collections.abc import Sequence

from alpenglow.assistant.api import Answer
from alpenglow.assistant.conversation import Conversation
from alpenglow.assistant.navigating.navigator import NoNavigation
from alpenglow.navigation.api import (
    Charger,
    Explanation,
    Guidance,
    Options,
    Place,
    Position,
    Route,
    Stop,
    Trip,
)

from ..permitted import world

HERE = Position(latitude=42.5, longitude=1.5)


def place(name: str, where: str = "", **more: object) -> Place:
    known = {"id": f"{name}/{where}", "kind": "settlement", "position": HERE, "distance_m": 1234.0, **more}
    return Place(name=name, where=where, **known)  # type: ignore[arg-type]


def charger(name: str, metres: float, power_kw: float) -> Place:
    known = Charger(id=name, name=name, position=HERE, power_kw=power_kw)
    return place(name, kind="charger", category="charger", distance_m=metres, charger=known)


class Tour:
    """Stands in for the navigation: it plans any trip, and follows what it is told to."""

    def __init__(self) -> None:
        self.map = {
            "canillo": [place("Canillo")],
            "ordino": [place("Ordino")],
            "carrer major": [place("Carrer Major", where, kind="street") for where in ("Encamp", "Ordino", "Canillo")],
            "coffee": [place(f"Cafè {n}", kind="poi", category="cafe", distance_m=150.0 * n) for n in (1, 2, 3, 4)],
        }
        self.stations = [charger("FEDA Centre", 800.0, 50.0), charger("Vall Nord", 2300.0, 22.0)]
        self.mine: list[Place] = []
        self.stops: list[Stop] = []
        self.problem, self.remedies = "", ["Charge to 80 % before you leave."]
        self.failing: NoNavigation | None = None
        self.following: Trip | None = None
        self.asked: list[tuple[str, bool, bool]] = []
        self._trips: dict[str, Trip] = {}

    def _check(self) -> None:
        if self.failing is not None:
            raise self.failing

    async def search(self, text: str, *, along: bool = False, at_destination: bool = False) -> list[Place]:
        self._check()
        self.asked.append((text, along, at_destination))
        return self.map.get(text.casefold().removesuffix(" near me"), [])

    async def chargers(self) -> list[Place]:
        self._check()
        return self.stations

    async def kept(self) -> list[Place]:
        self._check()
        return self.mine

    async def plan(self, destination: Position | str, via: list[Position]) -> Trip:
        self._check()
        known = [p for found in self.map.values() for p in found] + self.stations + self.mine
        trip = Trip(
            id=f"trip{len(self._trips)}",
            destination=next(p for p in known if destination in (p.id, p.position)),
            via=via,
            options=Options(),
            feasible=not self.problem,
            problem=self.problem,
            remedies=self.remedies if self.problem else [],
            route=Route(points=[], distance_m=12_340.0, duration_s=1500.0, energy_kwh=2.0),
            stops=self.stops,
            distance_m=12_340.0,
            duration_s=1500.0,
            arrival_charge=63.4,
        )
        self._trips[trip.id] = trip
        return trip

    async def start(self, trip: str) -> Guidance:
        self._check()
        self.following = self._trips[trip]
        return await self.guidance()

    async def stop(self) -> None:
        self._check()
        self.following = None

    async def guidance(self) -> Guidance:
        self._check()
        return Guidance(active=self.following is not None, trip=self.following)

    async def explain(self) -> Explanation:
        self._check()
        return Explanation(sentences=["Without charging you would arrive with 2 %."], planned_kwh=1.0, used_kwh=1.0)


class Driver:
    """Somebody who talks to the car about the way."""

    def __init__(self, tour: Tour | None = None) -> None:
        self.tour = tour or Tour()
        self.car = world().car("30 km/h", {"Vehicle.Cabin.Infotainment.HMI.DistanceUnit": "KILOMETERS"})
        self.assistant = world().assistant(self.car, navigator=self.tour)
        self.talk = Conversation()

    async def say(self, said: str) -> Answer:
        return await self.assistant.ask(said, "driver", self.talk)

    async def all(self, said: Sequence[str]) -> Answer:
        """Says one thing after the other; the last answer."""
        for each in said[:-1]:
            await self.say(each)
        return await self.say(said[-1])

    @property
    def goes_to(self) -> str:
        """Where guidance leads; "" for nowhere."""
        following = self.tour.following
        return "" if following is None else " ".join([following.destination.name, following.destination.where]).strip()
