"""A stand-in for the process `assistant`, with answers by heart, for the tests of its panel.

The real one cannot be told to fetch a model, to stream slowly or to die at a given word. All else is real: the fabric,
the door and the car that it moves. `python -m tests.browser.standin …` is the command `alpenglow` with this process in
the table; the supervisor starts the same module as that process.
"""

import asyncio
import os
from typing import Any

import msgspec

from alpenglow.assistant import api
from alpenglow.assistant.api import (
    Answer,
    Consent,
    Done,
    Egress,
    Memory,
    Seat,
    Status,
    Suggestion,
    TierStatus,
    Timer,
)
from alpenglow.cockpit import api as cockpit
from alpenglow.cockpit.api import Scene
from alpenglow.fabric.room import Room, main
from alpenglow.signals import Value
from alpenglow.signals.actions import Action

DOME = "Vehicle.Cabin.Light.IsDomeOn"
LIGHT_SWITCH = "Vehicle.Body.Lights.LightSwitch"
TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
ROOT = "Vehicle.Alpenglow.Assistant"
STORY = "Once a car stood on a pass. It was evening, and the last light lay on the peaks."
SUGGESTED = "It is 2 °C outside, and on cold mornings you warm your seat. Shall I?"
DRAFT = Scene(
    id="rain",
    name="Rain",
    when_said="when it rains",
    actions=(
        Action(path=DOME, value=True, says="Dome light on"),
        Action(path=TEMPERATURE, value=23.5, says="Driver's temperature 23.5 °C"),
    ),
    said="make a scene",
)
FLIGHT = msgspec.structs.replace(
    DRAFT, id="fly", name="Fly", when_said="", actions=(Action(path="Vehicle.Cabin.Wings", value=True, says="Fly"),)
)
WHY = ["“dome light on” fits the pattern of a switch.", "The door let it pass."]


def answer(reply: str, **parts: Any) -> Answer:
    """An answer that did nothing, but for `parts`."""
    nothing = Answer(
        turn=1, reply=reply, language="en", tier="grammar", did=[], refused=False, asked=False, choices=[], why=WHY,
        can_undo=False, latency_ms=12.4, egress_bytes=0,
    )  # fmt: skip
    return msgspec.structs.replace(nothing, **parts)


class Standin:
    """What it remembers, and its answers."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.suggested = False
        self.policy = "private"
        self.model = ("READY", 100.0)
        self.undone: list[tuple[str, Value]] = []
        self.memories = [
            Memory(id="name", kind="fact", says="You are called Kim", since="2026-11-20T08:12:00Z"),
            Memory(id="seat", kind="habit", says="You warm your seat below 5 °C", since="2026-11-21T07:01:00Z"),
        ]
        self.consents = [
            Consent(
                purpose="cloud-model", says="Hard questions may go to a model in the cloud, without names and places.",
                granted=False, since="",
            ),
        ]  # fmt: skip
        self.egress = [
            Egress(
                id=1, time="2026-11-21T18:30:00Z", purpose="cloud-model", recipient="models.example", bytes_out=1840,
                bytes_in=412, redacted="1 name, 1 place", outcome="answered",
            ),
        ]  # fmt: skip

    def say(self, state: str = "IDLE", reply: str = "") -> None:
        name, percent = self.model
        self.room.fabric.hold(
            {
                f"{ROOT}.State": state,
                f"{ROOT}.Reply": reply,
                f"{ROOT}.Model": name,
                f"{ROOT}.ModelProgress": percent,
                f"{ROOT}.Suggestion": SUGGESTED if self.suggested else "",
            }
        )

    async def set(self, path: str, value: Value, says: str, tier: api.Tier = "grammar") -> Answer:
        before = self.room.fabric.read(path).value
        outcome = await self.room.fabric.actuate(path, value)
        refused = outcome.state == "refused"
        done = Done(
            path=path, value=value, before=before, state=outcome.state, rule=outcome.rule or "", says=says
        )  # fmt: skip
        if not refused and before is not None:
            self.undone.append((path, before))
        reply = outcome.message if refused else f"{says}."
        return answer(reply, did=[done], refused=refused, can_undo=not refused, tier=tier)

    async def ask(
        self, _: str, text: str, seat: Seat = "driver", profile: str = "owner", conversation: str = "car"
    ) -> Answer:
        self.say("THINKING")
        try:
            return await self.answered(text, seat)
        finally:
            self.say()

    async def answered(self, text: str, seat: Seat) -> Answer:
        match text.lower():
            case "dome light on" | "dome light off":
                on = text.lower().endswith("on")
                return await self.set(DOME, on, f"Dome light {'on' if on else 'off'}")
            case "headlights off":
                return await self.set(LIGHT_SWITCH, "OFF", "Headlights off", "guard")
            case "close it":
                choices = ["The left window", "The right window"]
                return answer("Which one: the left or the right?", asked=True, choices=choices, tier="meaning")
            case "tell me a story":
                for end in (22, 60):
                    self.say("ANSWERING", STORY[:end])
                    await asyncio.sleep(1.0)
                return answer(STORY, tier="local", latency_ms=2050.0)
            case "make a scene":
                return answer("Here is a draft. Keep it?", scene=DRAFT)
            case "make us fly":
                return answer("Here is a draft. Keep it?", scene=FLIGHT)
            case "fetch":
                self.model = ("FETCHING", 43.0)
                return answer("I fetch my model.")
            case "fetched":
                self.model = ("READY", 100.0)
                return answer("My model is here.")
            case "suggest something":
                self.suggested = True
                return answer("Let me see.")
            case "think hard":
                return answer("42.", tier="cloud", egress_bytes=1840, latency_ms=1840.0)
            case "die":
                os._exit(1)
        return answer(f"The {seat} said: {text}")

    async def undo(self, _: str, profile: str = "owner", conversation: str = "car") -> Answer:
        if not self.undone:
            return answer("There is nothing to undo.")
        path, before = self.undone.pop()
        await self.room.fabric.actuate(path, before)
        return answer("I put it back.")

    async def status(self, _: str) -> Status:
        name, percent = self.model
        fetching = name == "FETCHING"
        tiers = [
            TierStatus(tier="guard", state="ready", says="Checks every wish before and after.", progress=1),
            TierStatus(tier="grammar", state="ready", says="English, German, Chinese.", progress=1),
            TierStatus(tier="meaning", state="ready", says="Understands what is said in other words.", progress=1),
            TierStatus(
                tier="local", state="fetching" if fetching else "ready", says="Qwen2.5-Coder 1.5B, in the car.",
                progress=percent / 100,
            ),
            TierStatus(tier="cloud", state="off", says="No endpoint is set.", progress=1),
        ]  # fmt: skip
        return Status(
            tiers=tiers, policy=self.policy, policies=["private", "balanced", "capable"],
            egress_bytes=sum(entry.bytes_out for entry in self.egress),
        )  # fmt: skip

    async def set_policy(self, caller: str, policy: str) -> Status:
        self.policy = policy
        return await self.status(caller)

    async def timers(self, _: str, profile: str = "owner") -> list[Timer]:
        return []

    async def run_scene(self, _: str, scene: str, profile: str = "owner") -> Answer:
        shown = await self.room.fabric.call(cockpit.scenes)
        action = next(each for each in shown if each.scene.id == scene).scene.actions[0]
        return await self.set(action.path, action.value, action.says)

    async def all_memories(self, _: str, profile: str = "owner") -> list[Memory]:
        return self.memories

    async def forget(self, _: str, memory: str = "", profile: str = "owner") -> int:
        kept = [each for each in self.memories if memory and each.id != memory]
        gone = len(self.memories) - len(kept)
        self.memories = kept
        return gone

    async def suggestions(self, _: str, profile: str = "owner") -> list[Suggestion]:
        actions = [Action(path=DOME, value=True, says="Seat heating 2")]
        return [Suggestion(id="seat", says=SUGGESTED, actions=actions)] if self.suggested else []

    async def answer_suggestion(self, _: str, suggestion: str, accept: bool, profile: str = "owner") -> Answer:
        self.suggested = False
        self.say()
        return await self.set(DOME, True, "Seat heating 2") if accept else answer("Then not.")

    async def ledger(self, _: str, limit: int = 100) -> list[Egress]:
        return self.egress[:limit]

    async def all_consents(self, _: str, profile: str = "owner") -> list[Consent]:
        return self.consents

    async def set_consent(self, _: str, purpose: str, granted: bool, profile: str = "owner") -> list[Consent]:
        self.consents = [
            msgspec.structs.replace(each, granted=granted, since="2026-11-22T09:00:00Z") for each in self.consents
        ]
        return self.consents


async def start(room: Room) -> None:
    """Serve it, until cancelled."""
    standin = Standin(room)
    serve = room.fabric.serve
    await serve(api.ask, standin.ask)
    await serve(api.undo, standin.undo)
    await serve(api.status, standin.status)
    await serve(api.set_policy, standin.set_policy)
    await serve(api.timers, standin.timers)
    await serve(api.run_scene, standin.run_scene)
    await serve(api.memories, standin.all_memories)
    await serve(api.forget, standin.forget)
    await serve(api.suggestions, standin.suggestions)
    await serve(api.answer_suggestion, standin.answer_suggestion)
    await serve(api.egress, standin.ledger)
    await serve(api.consents, standin.all_consents)
    await serve(api.set_consent, standin.set_consent)
    standin.say()
    room.ready()
    await asyncio.Event().wait()


def command() -> None:
    """The command `alpenglow`, of a car with this process in its table."""
    from alpenglow.platform import processes

    processes.PROCESSES = tuple(
        msgspec.structs.replace(row, module=__spec__.name) if row.name == "assistant" else row
        for row in processes.PROCESSES
    )
    from alpenglow.cli import main as alpenglow

    alpenglow()


if __name__ == "__main__":
    if "ALPENGLOW_SETTINGS" in os.environ:
        main("assistant", start)
    else:
        command()
