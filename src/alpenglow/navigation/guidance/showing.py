"""What guidance publishes: the signals below `Vehicle.Alpenglow.Navigation`."""

from alpenglow.fabric import Fabric
from alpenglow.navigation.guidance.following import Following
from alpenglow.navigation.guidance.locating import Located
from alpenglow.navigation.guidance.progress import Place
from alpenglow.navigation.maps import OpenMap
from alpenglow.signals import Value

_SIGNALS = "Vehicle.Alpenglow.Navigation"
_NEAR_M = 2000.0  # a manoeuvre's distance is told to the metre within it, to ten metres beyond
_NOTHING: dict[str, Value] = {
    "Maneuver.Kind": "",
    "Maneuver.Distance": 0.0,
    "Maneuver.Street": "",
    "Maneuver.Exit": 0,
    "Maneuver.Lanes": [],
    "Maneuver.Text": "",
    "Then.Kind": "",
    "Then.Distance": 0.0,
    "Remaining.Distance": 0.0,
    "Remaining.Time": 0.0,
    "Remaining.Charge": 0.0,
    "Traffic.Delay": 0.0,
    "NextStop.Name": "",
    "NextStop.Distance": 0.0,
    "NextStop.Charge": 0.0,
    "Progress": 0.0,
}


class Showing:
    """Publishes what has changed; the fabric vouches for the rest."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self._shown: dict[str, Value] = {}
        self._hold(
            {
                "State": "IDLE",
                "Map": "",
                "Position.Source": "NONE",
                "Announcement": "",
                "Street": "",
                "SpeedLimit": 0,
                "Traffic.Revision": 0,
                **_NOTHING,
            }
        )

    def lost(self) -> None:
        """Nobody knows where the car is."""
        self._hold({"Position.Source": "NONE", "Street": "", "SpeedLimit": 0})

    def map(self, name: str) -> None:
        """The map that the car is on; "" for none."""
        self._hold({"Map": name})

    def position(self, located: Located, opened: OpenMap | None) -> None:
        """Where the car is. Not vouched for: without a new one it goes stale."""
        self._fabric.publish(
            {
                f"{_SIGNALS}.Position.Latitude": located.lat,
                f"{_SIGNALS}.Position.Longitude": located.lon,
                f"{_SIGNALS}.Position.Heading": located.heading,
            }
        )
        street, limit = "", 0
        if opened is not None and located.match is not None:
            roads, edge = opened.roads, located.match.edge
            street, limit = roads.names[int(roads.name[edge])], int(roads.limit_kmh[edge])
        self._hold({"Position.Source": located.source, "Street": street, "SpeedLimit": limit})

    def traffic(self, revision: int) -> None:
        """Other traffic is known."""
        self._hold({"Traffic.Revision": revision})

    def state(self, state: str) -> None:
        """IDLE, GUIDING, REROUTING or ARRIVED."""
        self._hold({"State": state})

    def say(self, text: str) -> None:
        """Have it said aloud."""
        self._hold({"Announcement": text})

    def idle(self) -> None:
        """Nothing is followed."""
        self._hold({"State": "IDLE", "Announcement": "", **_NOTHING})

    def begin(self, following: Following) -> None:
        """Something else is followed from now on."""
        self._hold({"State": "GUIDING"})
        self.way(following, Place("before", following.progress.at_m), 0.0, None)

    def way(self, following: Following, place: Place, speed_ms: float, charge: float | None) -> None:
        """What comes next, and what is left."""
        ahead = following.ahead(charge)
        number = following.announcer.next(place.at_m)
        values: dict[str, Value] = dict(_NOTHING)
        if place.state == "arrived":
            values["State"] = "ARRIVED"
        elif number is not None:
            next_, then = following.maneuvers[number], following.announcer.then(number, speed_ms)
            values |= {
                "State": "GUIDING",
                "Maneuver.Kind": next_.kind,
                "Maneuver.Distance": _metres(next_.at_m - place.at_m),
                "Maneuver.Street": next_.street,
                "Maneuver.Exit": min(255, next_.exit),
                "Maneuver.Lanes": list(next_.lanes),
                "Maneuver.Text": next_.text,
            }
            if then is not None:
                values |= {"Then.Kind": then.kind, "Then.Distance": _metres(then.at_m - next_.at_m)}
        values |= {
            "Remaining.Distance": _metres(ahead.distance_m),
            "Remaining.Time": float(round(ahead.time_s)),
            "Remaining.Charge": round(ahead.charge, 1),
            "Traffic.Delay": float(round(following.delay_s)),
            "Progress": float(round(place.at_m)),
        }
        if ahead.stop is not None:
            values |= {
                "NextStop.Name": ahead.stop.charger.name,
                "NextStop.Distance": _metres(ahead.stop_distance_m),
                "NextStop.Charge": round(ahead.stop_charge, 1),
            }
        if place.state == "off":
            values.pop("State", None)  # it is being seen to
        self._hold(values)

    def _hold(self, values: dict[str, Value]) -> None:
        changed = {name: value for name, value in values.items() if self._shown.get(name) != value}
        if changed:
            self._shown.update(changed)
            self._fabric.hold({f"{_SIGNALS}.{name}": value for name, value in changed.items()})


def _metres(distance: float) -> float:
    step = 1.0 if distance < _NEAR_M else 10.0
    return max(0.0, round(distance / step) * step)
