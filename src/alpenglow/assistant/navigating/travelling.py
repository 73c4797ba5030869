"""Running errands: what is looked for, planned, followed and told, one turn at a time.

Rules that always hold:
- guidance starts only to where the speaker has asked to go, and only on a trip that can be done;
- every errand ends in a sentence, also where the navigation fails.
"""

from collections.abc import Sequence

import msgspec

from alpenglow.assistant.api import Done
from alpenglow.assistant.navigating.errands import Errand, chosen, folded, without_article
from alpenglow.assistant.navigating.navigator import Navigator, NoNavigation
from alpenglow.assistant.navigating.telling import Teller
from alpenglow.assistant.resolving import Read
from alpenglow.navigation.api import Place, Position, Trip

START, STOP = "navigation.start_guidance", "navigation.stop_guidance"
_LISTED = 3
_ALIKE = 4  # of one name that are asked about
_SIGNALS = "Vehicle.Alpenglow.Navigation"


class Offered(msgspec.Struct, frozen=True):
    """Places that were named to somebody, who may now say which."""

    places: tuple[Place, ...]
    turn: int  # of the conversation
    asked: bool  # which of them, or whether
    yes: bool  # a yes means the first of them
    via: tuple[Position, ...] = ()


class Before(msgspec.Struct, frozen=True):
    """What was followed before a turn changed that; with no destination nothing was."""

    destination: Place | None = None
    via: tuple[Position, ...] = ()


class Told(msgspec.Struct):
    """What an errand came to."""

    parts: list[str] = []
    done: list[Done] = []
    choices: list[str] = []
    asked: bool = False
    yes: bool = False  # would mean the first of `places`
    places: tuple[Place, ...] = ()  # named, to be chosen from
    via: tuple[Position, ...] = ()
    before: Before | None = None
    passes: bool = False  # it is no errand after all: the sentence may be something else


class Travelling:
    """Runs errands for one car."""

    def __init__(self, navigator: Navigator, read: Read) -> None:
        self._navigator, self._read = navigator, read

    async def run(self, errand: Errand, language: str, offered: Offered | None, *, otherwise: bool = False) -> Told:
        """Run an errand. `otherwise`: the sentence is something to others as well."""
        teller, told = Teller(language, self._read), Told()
        try:
            match errand.kind:
                case "go":
                    await self._go(errand, language, offered, teller, told)
                case "there":
                    await self._there(offered, teller, told)
                case "find":
                    await self._find(errand, teller, told)
                case "check":
                    await self._check(errand, teller, told)
                case "distance" if errand.place or errand.kept:
                    await self._how_far(errand, teller, told)
                case "distance" | "arrival":
                    self._ahead(errand, teller, told, otherwise)
                case "explain":
                    await self._explain(teller, told)
                case "stop":
                    await self._stop(errand, teller, told)
        except NoNavigation as problem:
            _failed(problem, teller, told)
            told.passes = otherwise
        return told

    async def take(self, place: Place, via: Sequence[Position], language: str) -> Told:
        """Guide to a place that was chosen."""
        teller, told = Teller(language, self._read), Told()
        try:
            await self._guide(place, list(via), teller, told)
        except NoNavigation as problem:
            _failed(problem, teller, told)
        return told

    async def back(self, before: Before, language: str) -> Told:
        """Follow again what was followed before."""
        teller, told = Teller(language, self._read), Told()
        try:
            if before.destination is None:
                told.before = await self._followed()
                if told.before.destination is None:
                    told.passes = True  # it has ended by itself
                else:
                    await self._end(teller, told)
                return told
            trip = await self._plan(before.destination, list(before.via))
            if not trip.feasible:
                told.parts += teller.impossible(trip)
                return told
            told.before = await self._followed()
            await self._navigator.start(trip.id)
            _did(told, START, teller.trip("back-to", trip))
        except NoNavigation as problem:
            _failed(problem, teller, told)
        return told

    # -- going ---------------------------------------------------------------------------------------------------------

    async def _go(self, errand: Errand, language: str, offered: Offered | None, teller: Teller, told: Told) -> None:
        index = chosen(errand.place, offered.places, language) if offered is not None and errand.place else None
        if offered is not None and index is not None and not errand.via:
            await self._guide(offered.places[index], list(offered.via), teller, told)
            return
        found = await self._places(errand, teller, told)
        if not found:
            told.passes = not errand.explicit and not errand.kept
            return
        via = await self._via(errand, teller, told)
        if via is None:
            return
        alike = _alike(found) if not errand.category and not errand.kept else []
        if len(alike) > 1:
            told.parts.append(teller.which(alike))
            told.asked, told.choices = True, teller.apart(alike)
            told.places, told.via = tuple(alike), tuple(via)
            return
        await self._guide(found[0], via, teller, told)

    async def _there(self, offered: Offered | None, teller: Teller, told: Told) -> None:
        if offered is None:
            told.asked = True
            told.parts.append(teller.say("where-to"))
            return
        await self._guide(offered.places[0], list(offered.via), teller, told)

    async def _guide(self, place: Place, via: list[Position], teller: Teller, told: Told) -> None:
        trip = await self._plan(place, via)
        if not trip.feasible:
            told.parts += teller.impossible(trip)
            return
        told.before = await self._followed()
        await self._navigator.start(trip.id)
        _did(told, START, teller.trip("started", trip, place))
        told.parts += teller.stops("stop", trip)

    async def _plan(self, place: Place, via: list[Position]) -> Trip:
        return await self._navigator.plan(place.id or place.position, via)

    async def _followed(self) -> Before:
        guidance = await self._navigator.guidance()
        if not guidance.active or guidance.trip is None:
            return Before()
        return Before(guidance.trip.destination, tuple(guidance.trip.via))

    async def _stop(self, errand: Errand, teller: Teller, told: Told) -> None:
        guidance = await self._navigator.guidance()
        if not guidance.active:
            told.passes = not errand.explicit
            told.parts.append(teller.say("not-guiding"))
            return
        trip = guidance.trip
        told.before = Before(trip.destination, tuple(trip.via)) if trip is not None else None
        await self._end(teller, told)

    async def _end(self, teller: Teller, told: Told) -> None:
        await self._navigator.stop()
        _did(told, STOP, teller.say("stopped"))

    # -- places --------------------------------------------------------------------------------------------------------

    async def _places(self, errand: Errand, teller: Teller, told: Told) -> list[Place]:
        """What the errand's place may be, best first; where nothing is, `told` says so."""
        if errand.kept:
            found = [place for place in await self._navigator.kept() if place.category == errand.kept]
            missing = teller.say(f"no-{errand.kept}")
        elif errand.charger and errand.scope in ("", "near"):
            found, missing = await self._navigator.chargers(), teller.say("no-charger")
        else:
            found = [] if errand.category else await self._favourites(errand.place)
            found = found or await self._searched(errand, teller)
            key = "nothing-like-it" if errand.scope in ("along", "destination") else "nothing-found"
            missing = teller.say(key, place=errand.place)
        if not found:
            told.parts.append(missing)
        return found

    async def _searched(self, errand: Errand, teller: Teller) -> list[Place]:
        """What the map has; of a kind of place the nearest first."""
        along, there = errand.scope == "along", errand.scope == "destination"
        bare = without_article(errand.place, teller.language)
        near = errand.category and errand.scope == "near"
        for text in dict.fromkeys([teller.say("near", place=errand.place)] if near else [errand.place, bare]):
            if found := await self._navigator.search(text, along=along, at_destination=there):
                return found
        return []

    async def _favourites(self, name: str) -> list[Place]:
        return [p for p in await self._navigator.kept() if p.category != "recent" and folded(p.name) == folded(name)]

    async def _via(self, errand: Errand, teller: Teller, told: Told) -> list[Position] | None:
        """The position on the way, if any; None where it is not found."""
        if not errand.via:
            return []
        found = await self._navigator.search(errand.via)
        if not found:
            told.parts.append(teller.say("nothing-found", place=errand.via))
            return None
        return [found[0].position]

    async def _find(self, errand: Errand, teller: Teller, told: Told) -> None:
        found = (await self._places(errand, teller, told))[:_LISTED]
        if not found:
            return
        told.parts.append(teller.listed(found))
        told.parts.append(teller.say("offer-one" if len(found) == 1 else "offer"))
        told.asked, told.yes, told.places = True, True, tuple(found)
        names = [teller.name(place) for place in found]
        if len(found) == 1:
            told.choices = [teller.say("yes"), teller.say("no")]
        else:
            told.choices = names if len(set(names)) == len(names) else [str(n) for n in range(1, len(names) + 1)]

    # -- asking --------------------------------------------------------------------------------------------------------

    async def _check(self, errand: Errand, teller: Teller, told: Told) -> None:
        if not (found := await self._places(errand, teller, told)):
            return
        trip = await self._plan(found[0], [])
        told.places = (found[0],)  # "take me there"
        if trip.feasible:
            told.parts.append(teller.trip("reaches-charging" if trip.stops else "reaches", trip, found[0]))
            told.parts += teller.stops("would-stop", trip)
        else:
            problem, *remedies = teller.impossible(trip)
            told.parts += [teller.say("reaches-not", problem=problem), *remedies]

    async def _how_far(self, errand: Errand, teller: Teller, told: Told) -> None:
        if not (found := await self._places(errand, teller, told)):
            told.passes = not errand.explicit and not errand.kept
            return
        trip = await self._plan(found[0], [])
        told.places = (found[0],)
        if trip.feasible:
            told.parts.append(teller.trip("how-far", trip, found[0]))
            told.parts += teller.stops("would-stop", trip)
        else:
            told.parts += teller.impossible(trip)

    def _ahead(self, errand: Errand, teller: Teller, told: Told, otherwise: bool) -> None:
        """How far and how long it still is, from the signals of guidance."""
        state = self._read(f"{_SIGNALS}.State")
        if state not in ("GUIDING", "REROUTING", "ARRIVED"):
            told.passes = otherwise
            told.parts.append(teller.say("no-navigation" if state is None else "not-guiding"))
            return
        if state == "ARRIVED":
            told.parts.append(teller.say("arrived"))
            return
        metres, seconds, charge = (self._remaining(name) for name in ("Distance", "Time", "Charge"))
        if metres is None or seconds is None or charge is None:
            told.parts.append(teller.say("not-known"))
        elif errand.kind == "distance":
            slots = {"distance": teller.distance(metres), "time": teller.time(seconds)}
            told.parts.append(teller.say("left-to-go", **slots))
        else:
            slots = {"clock": teller.clock(seconds), "time": teller.time(seconds), "charge": teller.percent(charge)}
            told.parts.append(teller.say("arriving", **slots))

    def _remaining(self, name: str) -> float | None:
        value = self._read(f"{_SIGNALS}.Remaining.{name}")
        return float(value) if isinstance(value, int | float) else None

    async def _explain(self, teller: Teller, told: Told) -> None:
        if not (await self._navigator.guidance()).active:
            told.parts.append(teller.say("not-guiding"))
            return
        told.parts += (await self._navigator.explain()).sentences


def _alike(found: Sequence[Place]) -> list[Place]:
    """The places that are as good as the first: of its name and kind, elsewhere."""
    first, alike = found[0], [found[0]]
    for place in found[1:]:
        same = place.kind == first.kind and folded(place.name) == folded(first.name)
        if same and place.where not in [p.where for p in alike]:
            alike.append(place)
    return alike[:_ALIKE]


def _did(told: Told, path: str, says: str) -> None:
    told.parts.append(says)
    told.done.append(Done(path=path, value=None, before=None, state="confirmed", says=says))


def _failed(problem: NoNavigation, teller: Teller, told: Told) -> None:
    told.parts = [teller.say(problem.reason, why=str(problem).rstrip("."))]
    told.asked, told.passes, told.choices, told.places, told.before = False, False, [], (), None
