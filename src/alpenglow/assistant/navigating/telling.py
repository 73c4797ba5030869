"""Sentences about places, trips and times, in the speaker's language and the driver's unit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alpenglow.assistant.navigating.wording import Words, words
from alpenglow.assistant.resolving import Read
from alpenglow.navigation.api import Place, Trip

_UNIT = "Vehicle.Cabin.Infotainment.HMI.DistanceUnit"
_MILE_M = 1609.344
_FOOT_M = 0.3048
_FEET_BELOW_M = 320.0  # a fifth of a mile: nearer is told in feet


class Teller:
    """Says things in one language, to one driver."""

    def __init__(self, language: str, read: Read) -> None:
        self.language = language
        self._words: Words = words(language)
        self._miles = read(_UNIT) == "MILES"

    def say(self, key: str, **slots: str) -> str:
        """The sentence `key` with its slots filled."""
        return self._words.table.replies[key].format(**slots)

    def distance(self, metres: float) -> str:
        """Kilometres or miles, with a tenth where they are few; metres or feet where it is near."""
        amounts = self._words.table.amounts
        if self._miles:
            if metres < _FEET_BELOW_M:
                return amounts.feet.format(n=round(metres / _FOOT_M / 50) * 50)
            return amounts.miles.format(n=self._number(metres / _MILE_M))
        if round(metres, -1) < 1000:
            return amounts.metres.format(n=f"{round(metres, -1):.0f}")
        return amounts.kilometres.format(n=self._number(metres / 1000))

    def time(self, seconds: float) -> str:
        """Hours and minutes; at least a minute."""
        amounts = self._words.table.amounts
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        parts = [amounts.hour if hours == 1 else amounts.hours.format(n=hours)] if hours else []
        parts += [amounts.minute if minutes == 1 else amounts.minutes.format(n=minutes)] if minutes else []
        return amounts.join.join(parts)

    def percent(self, share: float) -> str:
        """A charge."""
        return self._words.table.amounts.percent.format(n=round(share))

    def clock(self, seconds: float) -> str:
        """The time of day in so many seconds."""
        return f"{datetime.now().astimezone() + timedelta(seconds=seconds):%H:%M}"

    def _number(self, value: float) -> str:
        text = f"{value:.1f}" if round(value, 1) < 10 else f"{value:.0f}"
        return text.removesuffix(".0").replace(".", self._words.table.amounts.decimal)

    # -- places --------------------------------------------------------------------------------------------------------

    def name(self, place: Place) -> str:
        """What a place is called; a station without a name of its own is one in the speaker's language."""
        if place.name and (place.charger is None or place.charger.name):
            return place.name
        return self.say("station") if place.charger is not None else place.where or self.say("destination")

    def listed(self, places: Sequence[Place]) -> str:
        """Places in a row with how far they are; of chargers how strong."""
        return self.say("found", items="; ".join(f"{n}. {self._item(place)}" for n, place in enumerate(places, 1)))

    def _item(self, place: Place) -> str:
        name = self.name(place)
        if place.distance_m is None:
            return name
        distance = self.distance(place.distance_m)
        if place.charger is not None and place.charger.power_kw:
            power = self._words.table.amounts.power.format(n=f"{place.charger.power_kw:g}")
            return self.say("item-power", name=name, distance=distance, power=power)
        return self.say("item", name=name, distance=distance)

    def apart(self, places: Sequence[Place]) -> list[str]:
        """What tells places of one name apart."""
        return [p.where or self.say("unnamed-where", distance=self.distance(p.distance_m or 0.0)) for p in places]

    def which(self, places: Sequence[Place]) -> str:
        """The question which of them is meant."""
        apart, amounts = self.apart(places), self._words.table.amounts
        choices = amounts.last.join([amounts.list.join(apart[:-1]), apart[-1]])
        return self.say("which", place=places[0].name, choices=choices)

    # -- trips ---------------------------------------------------------------------------------------------------------

    def trip(self, key: str, trip: Trip, to: Place | None = None) -> str:
        """The sentence `key` about a trip; `to`: its destination as it was found."""
        return self.say(
            key,
            place=self.name(to or trip.destination),
            distance=self.distance(trip.distance_m),
            time=self.time(trip.duration_s),
            charge=self.percent(trip.arrival_charge),
        )

    def stops(self, key: str, trip: Trip) -> list[str]:
        """The sentence `key` about each charging stop."""
        return [
            self.say(
                key,
                name=stop.charger.name or self.say("station"),
                arrival=self.percent(stop.arrival_charge),
                departure=self.percent(stop.departure_charge),
                time=self.time(stop.charging_s),
            )
            for stop in trip.stops
        ]

    def impossible(self, trip: Trip) -> list[str]:
        """Why a trip cannot be done and what would help, in the planner's own words."""
        return [trip.problem or self.say("not-known"), *trip.remedies]
