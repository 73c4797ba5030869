"""CAR-bench-derived vehicle tasks with a scripted user: any tool catalogue, its policies, and honest answers.

    python -m benchmarks.carbench FOLDER [--model GGUF] [--wrong] [--type base]

This is not CAR-bench and gives no score of it: the user is a script, the judge is the end state, and the tools are 31
of 58. FOLDER has `tasks_train.jsonl` and `tools.json` of the derived set.

The script answers a question by its topic, and an open one ("how shall I do that?") with its next request, if it has
one: both say the same. The assistant sees the tools without their missing parts, and what the script says; never the
instruction, `missing` or the gold actions.
"""

import argparse
import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any

import alpenglow
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import load_packs
from alpenglow.assistant.models.engine import ChatEngine
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, catalogue_of
from alpenglow.assistant.tools.choosing import Chooser
from alpenglow.assistant.tools.policies import UNKNOWN, load_policies
from alpenglow.assistant.tools.talking import Talk, ToolAnswer
from alpenglow.fabric.room import line_catalogue

_TURNS = 12
_WINDOWS = {
    "DRIVER": "driver", "PASSENGER": "passenger", "DRIVER_REAR": "driver_rear", "PASSENGER_REAR": "passenger_rear",
    "LEFT_REAR": "driver_rear", "RIGHT_REAR": "passenger_rear",
}  # fmt: skip
_ZONES = {"DRIVER": ("driver",), "PASSENGER": ("passenger",), "ALL_ZONES": ("driver", "passenger")}
# What else a question may be called that asks for the topic of an answer.
_TOPICS = {
    "percentage": ("percentage", "percent", "position"),
    "level": ("level",),
    "window": ("window",),
    "windows": ("window",),
    "direction": ("direction",),
    "mode": ("mode", "circulation"),
    "settings": ("settings",),
    "low_beams": ("low beams",),
    "high_beams": ("high beams",),
    "how": ("how shall", "which"),
    "what": ("which", "what"),
}


class Environment:
    """The state that the tools work on."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.state: dict[str, Any] = json.loads(json.dumps(task["initial_state"]))
        self._weather = task.get("weather_here_today") or []
        self._unknown = {tuple(m.split(".")[1:]) for m in task.get("missing") or [] if m.startswith("result.")}
        self.calls: list[Call] = []

    async def call(self, call: Call) -> dict[str, Any]:
        """See `viewing.Surface`."""
        self.calls.append(call)
        result = self.apply(call.tool, call.arguments)
        return {k: UNKNOWN if (call.tool, k) in self._unknown else v for k, v in result.items()}

    def apply(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Carry out a call."""
        if tool == "get_weather":
            return self._slots(int(arguments["time_hour_24hformat"]))
        if tool == "get_user_preferences":
            wanted = arguments["preference_categories"]
            kept = self.state["user_preferences"]
            return {c: {s: kept[c][s] for s, yes in subs.items() if yes} for c, subs in wanted.items()}
        if tool.startswith("get_"):
            return {field: self.state.get(field, "") for field in _READS[tool]}
        _SETS[tool](self.state, arguments)
        return dict(arguments)

    def _slots(self, hour: int) -> dict[str, Any]:
        for index, slot in enumerate(self._weather):
            if int(slot["start_time"][:2]) <= hour < (int(slot["end_time"][:2]) or 24):
                after = self._weather[index + 1] if index + 1 < len(self._weather) else None
                return {"current_slot": slot, "next_slot": after}
        return {"current_slot": None, "next_slot": None}


_READS = {
    "get_ambient_light_status_and_color": ("ambient_light",),
    "get_car_color": ("car_color",),
    "get_climate_settings": (
        "fan_speed", "fan_airflow_direction", "air_conditioning", "air_circulation", "window_front_defrost",
        "window_rear_defrost",
    ),
    "get_exterior_lights_status": ("fog_lights", "head_lights_low_beams", "head_lights_high_beams"),
    "get_reading_lights_status": tuple(
        f"reading_light_{p}" for p in ("driver", "passenger", "driver_rear", "passenger_rear")
    ),
    "get_seat_heating_level": ("seat_heating_driver", "seat_heating_passenger"),
    "get_seats_occupancy": ("seats_occupied",),
    "get_steering_wheel_heating_level": ("steering_wheel_heating",),
    "get_sunroof_and_sunshade_position": ("sunroof_position", "sunshade_position"),
    "get_temperature_inside_car": ("climate_temperature_driver", "climate_temperature_passenger"),
    "get_trunk_door_position": ("trunk_door_position",),
    "get_vehicle_window_positions": tuple(
        f"window_{p}_position" for p in ("driver", "passenger", "driver_rear", "passenger_rear")
    ),
}  # fmt: skip


def _at(name: str, where: str, value: str):  # type: ignore[no-untyped-def]
    def put(state: dict[str, Any], arguments: dict[str, Any]) -> None:
        at = arguments[where]
        for place in dict.fromkeys(_WINDOWS.values()) if at == "ALL" else [_WINDOWS[at]]:
            state[name.format(place)] = arguments[value]

    return put


def _zone(name: str, value: str):  # type: ignore[no-untyped-def]
    def put(state: dict[str, Any], arguments: dict[str, Any]) -> None:
        for zone in _ZONES[arguments["seat_zone"]]:
            state[name.format(zone)] = arguments[value]

    return put


def _one(name: str, value: str):  # type: ignore[no-untyped-def]
    return lambda state, arguments: state.__setitem__(name, arguments[value])


def _ambient(state: dict[str, Any], arguments: dict[str, Any]) -> None:
    state["ambient_light"] = arguments["lightcolor"] if arguments["on"] else "OFF"


def _defrost(state: dict[str, Any], arguments: dict[str, Any]) -> None:
    for window in ("FRONT", "REAR"):
        if arguments["defrost_window"] in (window, "ALL"):
            state[f"window_{window.casefold()}_defrost"] = arguments["on"]


def _trunk(state: dict[str, Any], arguments: dict[str, Any]) -> None:
    state["trunk_door_position"] = "open" if arguments["action"] == "OPEN" else "closed"


_SETS = {
    "open_close_sunroof": _one("sunroof_position", "percentage"),
    "open_close_sunshade": _one("sunshade_position", "percentage"),
    "open_close_trunk_door": _trunk,
    "open_close_window": _at("window_{}_position", "window", "percentage"),
    "set_air_circulation": _one("air_circulation", "mode"),
    "set_air_conditioning": _one("air_conditioning", "on"),
    "set_ambient_lights": _ambient,
    "set_climate_temperature": _zone("climate_temperature_{}", "temperature"),
    "set_fan_airflow_direction": _one("fan_airflow_direction", "direction"),
    "set_fan_speed": _one("fan_speed", "level"),
    "set_fog_lights": _one("fog_lights", "on"),
    "set_head_lights_high_beams": _one("head_lights_high_beams", "on"),
    "set_head_lights_low_beams": _one("head_lights_low_beams", "on"),
    "set_reading_light": _at("reading_light_{}", "position", "on"),
    "set_seat_heating": _zone("seat_heating_{}", "level"),
    "set_steering_wheel_heating": _one("steering_wheel_heating", "level"),
    "set_window_defrost": _defrost,
}


class User:
    """The scripted user."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._answers: dict[str, str] = task["answers"]
        self._then: list[str] = list(task["then"])

    def next(self, answer: ToolAnswer) -> str | None:
        """What the user says after `answer`; None: nothing more."""
        if answer.asking:
            key = self._topic(answer)
            if self._then and (answer.asking == "how" or key in ("how", "what")):
                return self._then.pop(0)
            if key is not None:
                return self._answers[key]
        return self._then.pop(0) if self._then else None

    def _topic(self, answer: ToolAnswer) -> str | None:
        reply = answer.reply.casefold()
        keys = list(self._answers)
        if answer.asking == "confirm":
            return "confirm" if "confirm" in keys else next((k for k in keys if self._asks(k, reply)), None)
        if answer.asking == "how" and (open_ones := [k for k in ("how", "what") if k in keys]):
            return open_ones[0]
        rest = [k for k in keys if k not in ("confirm", "how", "what")]
        return next((k for k in [*rest, "how", "what"] if k in keys and self._asks(k, reply)), None)

    def _asks(self, key: str, reply: str) -> bool:
        return any(re.search(rf"\b{re.escape(t)}", reply) for t in _TOPICS.get(key, (key.replace("_", " "),)))


async def run(task: dict[str, Any], tools: ToolCatalogue, talk_of: Any) -> tuple[bool, list[str]]:
    """Whether a task was done right, and the conversation."""
    environment = Environment(task)
    missing = [m for m in task.get("missing") or [] if not m.startswith("result.")]
    now, here = task["initial_state"]["current_datetime"], task["initial_state"]["current_location"]
    context = {"location": here["id"], **{k: now[k] for k in ("month", "day", "hour", "minute")}}
    talk: Talk = talk_of(tools.without(missing), environment, context)
    user, lines, lacking = User(task), [], []
    said: str | None = task["say"]
    for _ in range(_TURNS):
        if said is None:
            break
        answer = await talk.say(said)
        lines += [f"  user: {said}", f"  car:  {answer.reply}"]
        lines += [f"        {c.tool} {json.dumps(c.arguments)}" for c in answer.calls]
        lacking += answer.lacking
        said = user.next(answer)
    gold = Environment(task)
    for action in task["gold_actions"]:
        if not action["tool"].startswith("get_"):
            gold.apply(action["tool"], action["args"])
    start, end, right = task["initial_state"], environment.state, gold.state
    changed = {k for k in end if end[k] != start[k]}
    if task["type"] == "hallucination":
        astray = {k for k in changed if end[k] != right[k]}
        said_so = any(_names(missed, lacking) for missed in task["missing"])
        ok = said_so and not astray
        lines.append(f"  said so: {said_so}; astray: {sorted(astray)}")
    else:
        differs = {k: (end[k], right[k]) for k in end if end[k] != right[k]}
        ok = not differs and not _broken(task, environment)
        lines.append(f"  differs (is, should be): {differs}")
    return ok, lines


def _names(missed: str, lacking: list[str]) -> bool:
    """Whether one of the sentences about what cannot be done or told names what is missing."""
    parts = missed.removeprefix("result.").split(".")
    own = set(re.split(r"_", "_".join(parts if missed.startswith("result.") else parts[:1])))
    own -= {"get", "set", "open", "close", "status", "level", "position", "settings"}
    return any(w.rstrip("s") in sentence.casefold() for sentence in lacking for w in own if len(w) > 2)


def _broken(task: dict[str, Any], environment: Environment) -> bool:
    """Whether a rule of the kind `block` was broken on the way."""
    state = Environment(task)
    for call in environment.calls:
        now = state.state
        opens = call.tool == "open_close_sunroof" and call.arguments["percentage"] > now["sunroof_position"]
        if opens and now["sunshade_position"] < 100:
            return True
        if call.tool == "set_head_lights_high_beams" and call.arguments["on"] and now["fog_lights"]:
            return True
        if not call.tool.startswith("get_"):
            state.apply(call.tool, call.arguments)
    return False


async def main() -> None:
    """Run the tasks and print how many were done right, by type."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--type", choices=["base", "hallucination", "disambiguation"])
    parser.add_argument("--task", help="only this one, with its conversation")
    parser.add_argument("--model", type=Path, help="a GGUF file, for what the words do not bind; by default none")
    parser.add_argument("--wrong", action="store_true", help="print the conversations that went wrong")
    arguments = parser.parse_args()
    functions = Functions(line_catalogue(Path(alpenglow.__file__).parent / "lines" / "aurora"))
    pack = load_packs(functions)["en"]
    tools = catalogue_of(json.loads((arguments.folder / "tools.json").read_text())["tools"])
    policies = load_policies(Path(__file__).parent / "assistant" / "carbench_policies.toml")
    engine = ChatEngine(arguments.model) if arguments.model else None
    counts: dict[str, list[bool]] = {}
    took: list[float] = []
    for line in (arguments.folder / "tasks_train.jsonl").read_text().splitlines():
        task = json.loads(line)
        if arguments.type not in (None, task["type"]) or arguments.task not in (None, task["id"]):
            continue
        began = time.perf_counter()

        def talk(left: ToolCatalogue, environment: Environment, context: dict[str, Any]) -> Talk:
            chooser = Chooser(engine, left) if engine is not None else None
            return Talk(left, pack, environment, policies, context, chooser=chooser)

        ok, lines = await run(task, tools, talk)
        took.append(time.perf_counter() - began)
        counts.setdefault(task["type"], []).append(ok)
        if arguments.task or (arguments.wrong and not ok):
            print(task["id"], "right" if ok else "WRONG", *lines, sep="\n")
    print("CAR-bench-derived, scripted user (no score of CAR-bench)")
    for kind, results in counts.items():
        print(f"{kind}: {sum(results)} of {len(results)} ({100 * sum(results) / len(results):.0f} %)")
    print(f"{1000 * sum(took) / len(took):.1f} ms a task, {arguments.model.name if engine else 'no model'}")
    if engine is not None:
        engine.close()


if __name__ == "__main__":
    asyncio.run(main())
