"""The energy part of the cockpit: listens to the car, keeps what was driven and charged, and serves it.

Rules that always hold:
- reasons are given only with the range that the car itself shows, and add up to it;
- nothing here ends with a full disk or a silent car: what cannot be kept is told once and tried again.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.energy.cardata import CarData, CarDataError, car_of
from alpenglow.cockpit.energy.charger import Charger
from alpenglow.cockpit.energy.driving import Driving
from alpenglow.cockpit.energy.reasons import reasons, reference, rolling_factor
from alpenglow.cockpit.energy.road import STRETCH_M, Moment, Road, Stretch
from alpenglow.cockpit.energy.totals import MOVING, Meter, Reading, Totals, Trip
from alpenglow.cockpit.parts import CAR, Cockpit
from alpenglow.fabric import BadArguments, Caller, Failed
from alpenglow.fabric.store import StoreError

_LOOK_S = 0.2
_CHARGE_LOOK_S = 1.0
_TELL_S = 5.0  # pages are told of slow changes at most this often
_SAVE_S = 20.0
_SAVE_ROAD_S = 60.0
_GAP_S = 2.0  # without a word from the car, after which the road begins anew
_RESUME = timedelta(minutes=10)  # a trip goes on when this process was away for less
_CHARGED_J = 0.5 * 3.6e6  # after which the meter "since the charge" begins anew
_POINTS = 60

_BATTERY = "Vehicle.Powertrain.TractionBattery"
_POWER = "Vehicle.Alpenglow.Power"
_WHEELS = tuple(f"Vehicle.Chassis.Axle.{axle}.Wheel.{side}" for axle in ("Row1", "Row2") for side in ("Left", "Right"))
_SIDES = ("DriverSide", "PassengerSide")
_SEATS = tuple(f"Vehicle.Cabin.Seat.{row}.{side}" for row in ("Row1", "Row2") for side in _SIDES)


class _Road(msgspec.Struct, frozen=True):
    """The road as it is kept."""

    stretches: list[Stretch]


class EnergyPart:
    """See the module's text."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._fabric = cockpit.fabric
        self._car: CarData | None = None
        try:
            self._car = car_of(cockpit.room.line_dir)
        except CarDataError as error:
            cockpit.room.log.warning(str(error))
        kept = cockpit.store.get(CAR, "road", "road", _Road)
        self._road = Road(kept.stretches if kept else [])
        self._driving = Driving(cockpit.store)
        self._charger = Charger(cockpit, self._car.battery.usable_kwh * 3.6e6 if self._car else None)
        self._told = self._saved = self._saved_road = 0.0
        self._untold = False
        self._full = False  # the disk takes nothing, and it was said
        self._resumed = False

    async def start(self) -> None:
        """Serve the services; the lists are to be asked for."""
        for service in (
            api.energy, api.consumption, api.trips, api.drop_trip, api.reset_trip_meter, api.charging_plan,
            api.set_charging_plan, api.charge,
        ):  # fmt: skip
            await self._fabric.serve(service, getattr(self, service.function))
        self._cockpit.erased.append(self._driving.let_go)
        self._cockpit.changed("Energy")

    async def run(self) -> None:
        """Listen and keep, until cancelled; then keep what there is."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._drive())
                group.create_task(self._charge())
        finally:
            self._save(time.monotonic(), road=True)

    # -- listening -----------------------------------------------------------------------------------------------------

    def _number(self, path: str) -> float | None:
        value = self._fabric.read(path).value
        return float(value) if isinstance(value, int | float) else None

    def _reading(self, at: float) -> Reading | None:
        """What the car says of its drive; None while it does not say all of it."""
        speed, odometer = self._number("Vehicle.Speed"), self._number("Vehicle.TraveledDistance")
        power = self._number(f"{_BATTERY}.CurrentPower")
        if speed is None or odometer is None or power is None:
            return None
        left = self._number(f"{_BATTERY}.StateOfCharge.CurrentEnergy")
        return Reading(
            at=at,
            odometer=odometer,
            speed=abs(speed) / 3.6,
            power=-power,
            climate=self._number(f"{_POWER}.Climate") or 0.0,
            left=None if left is None else left * 3.6e6,
        )

    def _moment(self, reading: Reading) -> Moment:
        outside = self._number("Vehicle.Exterior.AirTemperature")
        pressures = [p for wheel in _WHEELS if (p := self._number(f"{wheel}.Tire.Pressure")) is not None]
        taken = sum(self._fabric.read(f"{seat}.OccupancyStatus").value == "OCCUPIED" for seat in _SEATS)
        return Moment(
            speed=reading.speed,
            odometer=reading.odometer,
            power=reading.power,
            climate=reading.climate,
            care=self._number(f"{_POWER}.BatteryCare") or 0.0,
            altitude=self._number("Vehicle.CurrentLocation.Altitude") or 0.0,
            outside=20.0 if outside is None else outside,
            rolling=rolling_factor(self._car, pressures) if self._car else 1.0,
            people=max(1.0, taken),
        )

    async def _drive(self) -> None:
        last: Reading | None = None
        while True:
            now = time.monotonic()
            reading = self._reading(now)
            if reading is not None:
                self._drove(last, reading)
                last = reading
            if now - self._saved >= _SAVE_S and last is not None and last.speed > MOVING:
                self._save(now, road=now - self._saved_road >= _SAVE_ROAD_S)
            if self._untold and now - self._told >= _TELL_S:
                self._tell()
            await asyncio.sleep(_LOOK_S)

    def _drove(self, last: Reading | None, reading: Reading) -> None:
        ready = self._fabric.read("Vehicle.Alpenglow.Ready").value
        who = self._cockpit.profile if self._cockpit.somebodys else None
        wall = datetime.now(UTC)
        if not self._resumed:
            if not isinstance(ready, bool):
                return  # nobody knows yet whether the car still drives
            self._resumed = True
            with self._keeping():
                self._driving.resume(reading, who, ready, wall, _RESUME)
        passed_s = _GAP_S if last is None else reading.at - last.at
        if passed_s >= _GAP_S or ready is not True:
            self._road.lost()
        elif self._road.feed(self._moment(reading), passed_s):
            self._untold = True
        percent = self._number(f"{_BATTERY}.StateOfCharge.Displayed") or 0.0
        outside = self._number("Vehicle.Exterior.AirTemperature")
        known = ready if isinstance(ready, bool) else None
        if self._driving.feed(reading, who, known, percent, outside, wall):
            self._save(reading.at, road=True)
            self._tell()

    async def _charge(self) -> None:
        was = False
        while True:
            now = datetime.now(UTC)
            if await self._charger.look(time.monotonic(), now):
                self._untold = True
            session = self._charger.session
            plugged = session is not None and session.plugged
            if was and not plugged and session is not None and session.added >= _CHARGED_J:
                with self._keeping():
                    self._driving.reset(CAR, "charge", now)
            if was != plugged:
                was = plugged
                self._tell()
            await asyncio.sleep(_CHARGE_LOOK_S)

    def _tell(self) -> None:
        self._told, self._untold = time.monotonic(), False
        self._cockpit.changed("Energy")

    # -- disk ----------------------------------------------------------------------------------------------------------

    def _save(self, clock: float, *, road: bool) -> None:
        self._saved = clock
        now = datetime.now(UTC)
        with self._keeping():
            self._driving.save(now)
            if road:
                self._saved_road = clock
                self._cockpit.store.put(CAR, "road", "road", _Road(list(self._road)), now)
            self._full = False
        self._charger.keep(now)

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            if not self._full:
                self._full = True
                self._cockpit.room.log.error("what was driven is not kept; it is tried again", why=str(error))

    # -- services ------------------------------------------------------------------------------------------------------

    async def energy(self, _caller: Caller) -> api.Energy:
        """See api.energy."""
        now = datetime.now(UTC)
        shown = self._number(f"{_BATTERY}.Range")
        left = self._number(f"{_BATTERY}.StateOfCharge.CurrentEnergy")
        found = None
        if self._car is not None and shown is not None and left is not None:
            found = reasons(self._car, self._road, left * 3.6e6, shown)
        meters = [_meter("charge", self._driving.meter(CAR, "charge", now))]
        if self._cockpit.somebodys:
            names: tuple[Literal["a", "b"], ...] = ("a", "b")
            meters += [_meter(name, self._driving.meter(self._cockpit.profile, name, now)) for name in names]
        return api.Energy(
            range_m=shown,
            reference_m=found.reference if found else None,
            reference_wh_per_km=reference(self._car) / 3.6 if self._car else None,
            reasons=[api.RangeReason(cause=c, metres=m) for c, m in found.metres.items()] if found else [],
            meters=meters,
            charging=self._charging(),
            plan=self._charger.plan,
        )

    async def consumption(self, _caller: Caller, distance_m: float) -> api.Consumption:
        """See api.consumption."""
        step = max(STRETCH_M, distance_m / _POINTS)
        groups: dict[int, list[tuple[float, Stretch]]] = {}
        for back, stretch in self._road.back():
            if back > distance_m:
                break
            groups.setdefault(int(back // step), []).append((back, stretch))
        points = []
        for group in reversed(groups.values()):
            metres = sum(s.metres for _, s in group)
            middle = sum(back * s.metres for back, s in group) / metres
            points.append(api.ConsumptionPoint(back_m=middle, wh_per_km=sum(s.joules for _, s in group) / metres / 3.6))
        whole = [s for group in groups.values() for _, s in group]
        mean = sum(s.joules for s in whole) / sum(s.metres for s in whole) / 3.6 if whole else None
        return api.Consumption(points=points, mean_wh_per_km=mean)

    async def trips(self, _caller: Caller, limit: int) -> list[api.Trip]:
        """See api.trips."""
        return [_trip(trip) for trip in self._driving.trips(self._cockpit.person(), limit)]

    async def drop_trip(self, _caller: Caller, trip: str) -> None:
        """See api.drop_trip."""
        try:
            found = self._driving.drop(self._cockpit.person(), trip)
        except StoreError as error:
            raise Failed(f"the trip is still there: {error}") from None
        if not found:
            raise BadArguments("there is no such trip")
        self._tell()

    async def reset_trip_meter(self, _caller: Caller, meter: Literal["a", "b"]) -> None:
        """See api.reset_trip_meter."""
        try:
            now = datetime.now(UTC)
            self._driving.save(now)  # the others too, so that after a crash they stand as they were to this one
            self._driving.reset(self._cockpit.person(), meter, now)
        except StoreError as error:
            raise Failed(f"the meter was not set back: {error}") from None
        self._tell()

    async def charging_plan(self, _caller: Caller) -> api.ChargingPlan:
        """See api.charging_plan."""
        return self._charger.plan

    async def set_charging_plan(self, _caller: Caller, plan: api.ChargingPlan) -> api.ChargingPlan:
        """See api.set_charging_plan."""
        await self._charger.set_plan(plan, datetime.now(UTC))
        await self._charger.look(time.monotonic(), datetime.now(UTC))
        self._tell()
        return plan

    async def charge(self, _caller: Caller, how: Literal["NOW", "BY_PLAN", "STOP"]) -> api.Charging:
        """See api.charge."""
        charger, clock, now = self._charger, time.monotonic(), datetime.now(UTC)
        if charger.session is None or not charger.session.plugged:
            raise BadArguments("no charging cable is plugged in")
        act = {"NOW": charger.charge_now, "BY_PLAN": charger.charge_by_plan, "STOP": charger.stop}[how]
        try:
            await act(clock, now)
        finally:
            self._tell()
        return self._charging()

    def _charging(self) -> api.Charging:
        charger = self._charger
        session, decision, status = charger.session, charger.decision, charger.status()
        need = charger.need()
        plan = status in ("charging", "waiting", "starting", "no_power") and session is not None and not session.now
        return api.Charging(
            status=status,
            started=session.started if session else "",
            from_percent=session.from_percent if session else 0.0,
            added_wh=session.added / 3600.0 if session else 0.0,
            most_watts=session.most if session else 0.0,
            flowing_seconds=session.flowing if session else 0.0,
            curve=[
                api.ChargingPoint(seconds=p.seconds, percent=p.percent, watts=p.watts)
                for p in (session.curve if session else [])
            ],
            now=session is not None and session.now,
            fast=session is not None and session.fast,
            begins=decision.begins.isoformat() if plan and decision.begins else "",
            until=decision.until.isoformat() if plan and decision.until else "",
            percent=decision.percent if plan else None,
            reached=decision.reached(need) if plan and need else None,
            problem=charger.problem,
        )


def _totals(totals: Totals) -> api.EnergyTotals:
    return api.EnergyTotals(
        metres=totals.metres,
        seconds=totals.seconds,
        moving_seconds=totals.moving,
        used_wh=totals.used / 3600.0,
        regained_wh=totals.regained / 3600.0,
        climate_wh=totals.climate / 3600.0,
    )


def _meter(name: api.TripMeterName, meter: Meter) -> api.TripMeter:
    return api.TripMeter(name=name, since=meter.since, totals=_totals(meter.totals))


def _trip(trip: Trip) -> api.Trip:
    return api.Trip(
        id=trip.id,
        started=trip.started,
        ended=trip.ended,
        from_percent=trip.from_percent,
        to_percent=trip.to_percent,
        outside=trip.outside,
        totals=_totals(trip.totals),
    )
