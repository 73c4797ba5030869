"""The valet: what is locked while one drives, and how fast it goes.

That boot and glove box stay locked is the door's business (`safety/interlocks.toml`, rules valet-…); here they are shut
at the beginning and opened again at the end, where they were open before.
"""

from collections.abc import Mapping

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.parts import Cockpit
from alpenglow.cockpit.profiles.people import People, StoreError, Valet
from alpenglow.fabric import Outcome, ServiceError
from alpenglow.signals import Value

LOCKS = (
    "Vehicle.Body.Trunk.Rear.IsLocked",
    "Vehicle.Body.Trunk.Front.IsLocked",
    "Vehicle.Alpenglow.GloveBox.IsLocked",
)
_LIDS = ("Vehicle.Body.Trunk.Rear.IsOpen", "Vehicle.Body.Trunk.Front.IsOpen")
_CAUSE = "valet-too-fast"
_AGAIN_KMH = 3  # below the limit, before another excess counts


class Watch:
    """The valet's speed against the limit, and the locks."""

    def __init__(self, cockpit: Cockpit, people: People) -> None:
        self._cockpit, self._people = cockpit, people
        self._valet: Valet | None = people.valet()
        self._over = False

    def begin(self, valet: Valet) -> None:
        """Another valet drives from now on."""
        self._valet, self._over = valet, False

    def end(self) -> None:
        """No valet drives any more."""
        if self._over:
            self._cockpit.messages.clear(_CAUSE)
        self._over = False
        self._keep()

    def look(self, speed: Value | None) -> None:
        """Look at the speed [km/h] now; a warning is up for as long as it is above the limit."""
        valet = self._valet
        if valet is None or isinstance(speed, bool) or not isinstance(speed, int | float):
            return
        kmh = round(abs(speed))
        before = valet
        if kmh > valet.speed_limit_kmh and not self._over:
            self._over = True
            valet = msgspec.structs.replace(valet, times_over=valet.times_over + 1)
            self._cockpit.messages.post(_CAUSE, "warning", "profiles.valet_too_fast", {"limit": valet.speed_limit_kmh})
        elif self._over and kmh <= valet.speed_limit_kmh - _AGAIN_KMH:
            self._over = False
            self._cockpit.messages.clear(_CAUSE)
        if kmh > valet.fastest_kmh:
            valet = msgspec.structs.replace(valet, fastest_kmh=kmh)
        if valet is not before:
            self._valet = valet
            # The fastest speed grows with every look; on the disk it is when it matters.
            if valet.times_over != before.times_over:
                self._keep()

    def report(self, kept: Valet) -> api.ValetReport:
        """How the valet drove."""
        valet = self._valet or kept
        return api.ValetReport(
            speed_limit_kmh=valet.speed_limit_kmh,
            fastest_kmh=valet.fastest_kmh,
            times_over=valet.times_over,
            since=valet.since.isoformat(),
        )

    async def lock(self) -> list[Outcome]:
        """Shut and lock boot and glove box, as far as the car has them."""
        open_lids = {path: False for path in _LIDS if self._cockpit.fabric.read(path).value is True}
        return await self._set(open_lids | {path: True for path in LOCKS if self._heard(path)})

    async def unlock(self, valet: Valet) -> None:
        """Open the locks that were open before."""
        await self._set(dict.fromkeys(valet.unlocked, False))

    def _heard(self, path: str) -> bool:
        return self._cockpit.fabric.read(path).value is not None

    async def _set(self, wishes: Mapping[str, bool]) -> list[Outcome]:
        try:
            return await self._cockpit.fabric.actuate_all(wishes)
        except ServiceError as error:
            return [Outcome("timed_out", path, None, None, str(error)) for path in wishes]

    def _keep(self) -> None:
        if self._valet is None:
            return
        try:
            self._people.keep_valet(self._valet)
        except StoreError as error:
            self._cockpit.room.log.error("the valet's drive is not kept", why=str(error))
