"""Holds charging back and lets it begin, as the plan says: always through the door, and never against a person.

Rules that always hold:
- charging is held back only while a plan says so; what a person stopped stays stopped, what a person started goes on;
- a charge that was held back is freed when the plan ends, the cable goes, or nobody can tell how long it will take;
- a cable that comes is let charge for a moment, to learn what the charging point gives: a fast one is never held back;
- plan and charge are on disk, so that a restart at night changes nothing.
"""

import asyncio
from datetime import datetime

from msgspec.structs import replace

from alpenglow.cockpit import api
from alpenglow.cockpit.energy.plan import Decision, Need, decide
from alpenglow.cockpit.energy.session import Session, flowed
from alpenglow.cockpit.parts import CAR, Cockpit
from alpenglow.fabric import Failed, ServiceError
from alpenglow.fabric.store import StoreError
from alpenglow.signals import Value

CHARGING = "Vehicle.Powertrain.TractionBattery.Charging"
SWITCH = f"{CHARGING}.StartStopCharging"
LEARN_S = 20.0  # of current that tell what the charging point gives
DRY_S = 60.0  # without current, after which it gives nothing
AGAIN_S = 30.0  # until a command that failed is given again
SETTLE_S = 5.0  # until the car says what it was told
SLACK = 0.6  # percent below the limit at which a car does not begin to charge
_KEEP_S = 30.0
_LEAST_PERCENT = 10.0


class State:
    """What the car says of charging at one moment; None where it does not say."""

    def __init__(self, cockpit: Cockpit) -> None:
        def read(path: str) -> Value | None:
            value: Value | None = cockpit.fabric.read(path).value
            return value

        def number(path: str) -> float | None:
            value = read(path)
            return float(value) if isinstance(value, int | float) else None

        self.plugged = read(f"{CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected")
        self.charging = read(f"{CHARGING}.IsCharging")
        self.switch = read(SWITCH)
        self.limit = number(f"{CHARGING}.ChargeLimit")
        self.percent = number("Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed")
        self.power = number("Vehicle.Powertrain.TractionBattery.CurrentPower")  # W, positive into the battery
        left = number("Vehicle.Powertrain.TractionBattery.StateOfCharge.CurrentEnergy")  # kWh
        # J between 0 % and 100 %, from what the car says; near empty its steps are too coarse for that.
        told = left is not None and self.percent is not None and self.percent >= _LEAST_PERCENT
        self.usable = left * 3.6e6 / self.percent * 100.0 if told and left and self.percent else None


class Charger:
    """The charge under way and its plan. `look` once a second."""

    def __init__(self, cockpit: Cockpit, usable: float | None) -> None:
        """`usable`: J between 0 % and 100 %, where the line says so."""
        self._cockpit = cockpit
        self._usable = usable
        self._commanded = -SETTLE_S  # s of the loop's clock
        self._failed = -AGAIN_S
        self._saved = 0.0
        self._looked: float | None = None
        self._one_at_a_time = asyncio.Lock()
        self.problem = ""
        self.state = State(cockpit)
        self.decision = Decision(charge=True)
        store = cockpit.store
        self.plan = store.get(CAR, "charging", "plan", api.ChargingPlan) or api.ChargingPlan()
        self.session = store.get(CAR, "charging", "session", Session)

    # -- what it knows -------------------------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether the limit is reached."""
        percent, limit = self.state.percent, self.state.limit
        return percent is not None and limit is not None and percent >= limit - SLACK

    @property
    def _learned(self) -> bool:
        return self.session is not None and self.session.flowing >= LEARN_S

    def need(self) -> Need | None:
        """What is to be charged; None where the car does not say."""
        state, session = self.state, self.session
        usable = self._usable or state.usable
        if session is None or state.percent is None or state.limit is None or not usable:
            return None
        power = session.power if self._learned and session.dry < DRY_S else None
        return Need(percent=state.percent, limit=state.limit, usable=usable, power=power or None, begun=session.begun)

    def status(self) -> api.ChargingStatus:
        """In one word."""
        state, session = self.state, self.session
        if state.plugged is None:
            return "unknown"
        if not state.plugged or session is None:
            return "unplugged"
        if state.charging:
            return "charging"
        if self.complete:
            return "complete"
        if session.held:
            return "waiting"
        if state.switch == "STOP":
            return "stopped"
        return "no_power" if session.dry >= DRY_S else "starting"

    # -- what it does --------------------------------------------------------------------------------------------------

    async def look(self, clock: float, now: datetime) -> bool:
        """See what the car does and act on the plan; whether something changed that people see.

        `clock`: s that only go forward; `now`: aware.
        """
        async with self._one_at_a_time:
            return await self._look(clock, now)

    async def _look(self, clock: float, now: datetime) -> bool:
        before = (self.status(), self.problem, self.session.curve if self.session else None, self.decision)
        seconds = 0.0 if self._looked is None else min(5.0, clock - self._looked)
        self._looked = clock
        self.state = State(self._cockpit)
        if self.state.plugged is not None and self.state.percent is not None:
            self._follow(seconds, now)
            if self.session is not None:
                await self._act(self.session, clock, now)
        if clock - self._saved >= _KEEP_S and self.state.plugged:
            self.keep(now)
            self._saved = clock
        return before != (self.status(), self.problem, self.session.curve if self.session else None, self.decision)

    def _follow(self, seconds: float, now: datetime) -> None:
        state, session = self.state, self.session
        percent = state.percent or 0.0
        if state.plugged and (session is None or not session.plugged):
            self.session = Session(started=now.isoformat(timespec="seconds"), from_percent=percent)
            self.keep(now)
        elif session is not None and session.plugged:
            watts = max(0.0, state.power or 0.0) if state.charging and state.plugged else 0.0
            asked = state.switch == "START" and not self.complete
            self.session = flowed(session, seconds, watts, percent, asked=asked)
            if not state.plugged:
                # A stop, whoever said it, was meant for this charge.
                held = state.switch == "STOP"
                self.session = replace(self.session, plugged=False, now=False, begun=False, held=held)
                self.keep(now)

    async def _act(self, session: Session, clock: float, now: datetime) -> None:
        if clock - self._commanded < SETTLE_S or clock - self._failed < AGAIN_S:
            return
        if session.held and self.state.switch == "START":  # a person or the assistant started it
            self._change(now, held=False, now=True)
            return
        wanted = self._wanted(session, now)
        if wanted and session.held:
            await self._free(clock, now)
        elif not wanted and not session.held and self.state.switch == "START":
            await self._hold(clock, now)
        else:
            self.problem = ""

    def _wanted(self, session: Session, now: datetime) -> bool:
        """Whether it should charge now, for all that the plan knows."""
        self.decision = Decision(charge=True)
        if not session.plugged or self.plan.mode == "OFF" or session.now or session.fast:
            return True
        need = self.need()
        if need is None or self.complete:
            return True
        self.decision = decide(self.plan, need, now)
        if not self._learned and session.dry < DRY_S and not session.held:
            return True  # first see what the charging point gives
        if self.decision.charge and need.power and self.plan.mode == "READY_BY" and not session.begun:
            self._change(now, begun=True)
        return self.decision.charge

    async def _hold(self, clock: float, now: datetime) -> None:
        # Written first: a crash between the two then lets the car charge rather than never again.
        self._change(now, held=True)
        if not await self._command("STOP", clock):
            self._change(now, held=False)

    async def _free(self, clock: float, now: datetime) -> None:
        if await self._command("START", clock):
            self._change(now, held=False)

    async def _command(self, value: str, clock: float) -> bool:
        """Ask the door; whether the car does it. `problem` says why not."""
        self._commanded = clock
        try:
            outcome = await self._cockpit.fabric.actuate(SWITCH, value)
        except ServiceError as error:
            self.problem = str(error)
        else:
            done = outcome.state in ("confirmed", "moving")
            self.problem = "" if done else outcome.message or outcome.state
        if self.problem:
            self._failed = clock
        return not self.problem

    def _change(self, at: datetime, **fields: object) -> None:
        if self.session is not None:
            self.session = replace(self.session, **fields)
            self.keep(at)

    # -- what people do ------------------------------------------------------------------------------------------------

    async def set_plan(self, plan: api.ChargingPlan, now: datetime) -> None:
        """Follow another plan from now on; Failed where it cannot be kept."""
        try:
            self._cockpit.store.put(CAR, "charging", "plan", plan, now)
        except StoreError as error:
            raise Failed(f"the plan is not kept: {error}") from None
        self.plan = plan
        self._change(now, begun=False, now=False)
        self._failed = -AGAIN_S  # a person waits: try at once

    async def charge_now(self, clock: float, now: datetime) -> None:
        """Charge whatever the plan says. Failed where the car does not."""
        self._change(now, now=True, dry=0.0)
        if self.state.switch != "START" and not await self._command("START", clock):
            raise Failed(self.problem)
        self._change(now, held=False)

    async def charge_by_plan(self, clock: float, now: datetime) -> None:
        """Leave it to the plan again. Failed where the car does not start what a person stopped."""
        self._change(now, now=False, begun=False)
        stopped = self.state.switch == "STOP" and self.session is not None and not self.session.held
        if stopped and not await self._command("START", clock):
            raise Failed(self.problem)
        self._commanded = -SETTLE_S

    async def stop(self, clock: float, now: datetime) -> None:
        """Stop, as a person does: the plan does not begin it again. Failed where the car does not."""
        if not await self._command("STOP", clock):
            raise Failed(self.problem)
        self._change(now, held=False, now=False)

    def keep(self, now: datetime) -> None:
        """Put the charge on disk; where that fails it goes on in memory and is tried again."""
        if self.session is None:
            return
        try:
            self._cockpit.store.put(CAR, "charging", "session", self.session, now)
        except StoreError as error:
            self._cockpit.room.log.error("the charge is not kept", why=str(error))
