"""What the car sees around it, as signals: the radar's objects, which of them it follows, and the warning."""

import math
from collections.abc import Callable, Sequence

from alpenglow.signals import Catalogue, Quality, Sample, Value
from alpenglow.vehicle.following import Lane, curvature, follow
from alpenglow.vehicle.frames import Frame
from alpenglow.vehicle.radar import Radar, Scan

NONE_FOLLOWED = -1  # Vehicle.Alpenglow.Perception.Lead
_TIME_GAP_MAX_MS = 2**32 - 1
_PERCEPTION = "Vehicle.Alpenglow.Perception"
_OBSTACLE = "Vehicle.ADAS.ObstacleDetection.Front.Center"

type Read = Callable[[str], Value | None]  # the valid value of a signal


class Perception:
    """Radar frames in, samples out."""

    def __init__(self, radar: Radar, catalogue: Catalogue, read: Read) -> None:
        self._radar = radar
        self._read = read
        self._followed = NONE_FOLLOWED
        index = catalogue.index_of
        self._objects, self._lead = index[f"{_PERCEPTION}.Objects"], index[f"{_PERCEPTION}.Lead"]
        self._distance, self._time_gap = index[f"{_OBSTACLE}.Distance"], index[f"{_OBSTACLE}.TimeGap"]
        self._warning = index[f"{_OBSTACLE}.IsWarning"]

    def feed_all(self, frames: Sequence[Frame]) -> list[Sample]:
        """The samples that `frames` carry, in order."""
        return [sample for scan in self._radar.feed_all(frames) for sample in self._samples(scan)]

    def _samples(self, scan: Scan) -> list[Sample]:
        at, valid = scan.time_ns, Quality.VALID
        speed = self._number("Vehicle.Speed")
        following = follow(scan.tracks, self._lane(speed), None if speed is None else speed / 3.6, self._followed)
        objects: Value = scan.flat()  # type: ignore[assignment]  # a list of floats is one of scalars
        samples = [Sample(self._objects, objects, valid, at)]
        if following is None:
            self._followed = NONE_FOLLOWED
            samples.append(Sample(self._distance, None, Quality.INVALID, at))
        else:
            self._followed = following.lead.id
            samples.append(Sample(self._distance, following.lead.ahead, valid, at))
        if following is None or following.time_gap is None:
            samples.append(Sample(self._time_gap, None, Quality.INVALID, at))
        else:
            gap = min(_TIME_GAP_MAX_MS, round(following.time_gap * 1000.0))
            samples.append(Sample(self._time_gap, gap, valid, at))
        samples.append(Sample(self._warning, following is not None and following.warning, valid, at))
        samples.append(Sample(self._lead, self._followed, valid, at))
        return samples

    def _lane(self, speed_kmh: float | None) -> Lane:
        """The lane as the camera sees it; without one, that the car goes on as it turns now."""
        width = self._number(f"{_PERCEPTION}.LaneWidth")
        offset = self._number(f"{_PERCEPTION}.LaneOffset")
        bend = self._number(f"{_PERCEPTION}.LaneCurvature")
        if bend is None:
            yaw = self._number("Vehicle.AngularVelocity.Yaw")
            known = yaw is not None and speed_kmh is not None
            bend = curvature(math.radians(yaw), speed_kmh / 3.6) if known else 0.0  # type: ignore[arg-type,operator]
        lane = Lane(offset=offset or 0.0, curvature=bend)
        return lane if width is None else lane._replace(width=width)

    def _number(self, path: str) -> float | None:
        value = self._read(path)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
