"""Berkeley Function-Calling Leaderboard, multi-turn base: the tasks that need the vehicle's functions alone.

    pip install --no-deps --target FOLDER bfcl-eval
    python -m benchmarks.bfcl FOLDER --model MODEL.gguf [--wrong] [--most 5]

The package's own data, executable functions and checker (state and responses after each turn) are used as they are; a
model of this machine chooses the calls through `alpenglow.assistant.tools.choosing`. A task is right when its checker
says so. These are 19 of the category's 200 tasks: beside the leaderboard's column, not on it.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from alpenglow.assistant.models.engine import ChatEngine
from alpenglow.assistant.tools.catalogue import Call, ToolCatalogue, catalogue_of
from alpenglow.assistant.tools.choosing import Chooser, result_text, unfounded

_STEPS = 6  # calls of the model for one turn
_CONTEXT = 8192
_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": "string"}


def standard(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of the package as JSON schema: `dict`, `float`, and choices that stand in the description."""
    result = {k: v for k, v in schema.items() if k in ("type", "description", "required", "enum", "default")}
    result["type"] = _TYPES.get(schema.get("type", "object"), schema.get("type", "object"))
    if choices := re.search(r"\[Enum\]:\s*(\[.*?\])", str(schema.get("description", ""))):
        values = json.loads(choices[1].replace("'", '"'))
        if all(isinstance(v, str) for v in values):
            target = result if result["type"] != "array" else None
            if target is not None:
                target["enum"] = values
    if "properties" in schema:
        result["properties"] = {k: standard(v) for k, v in schema["properties"].items()}
    if "items" in schema:
        result["items"] = standard(schema["items"])
        if choices:
            result["items"]["enum"] = values
    return result


def load(folder: Path) -> tuple[list[dict[str, Any]], dict[str, list[list[str]]], ToolCatalogue]:
    """The vehicle-only tasks, what is right for each, and the tools."""
    data = folder / "bfcl_eval" / "data"

    def lines(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (data / name).read_text(encoding="utf-8").splitlines()]

    tasks = [t for t in lines("BFCL_v4_multi_turn_base.json") if t["involved_classes"] == ["VehicleControlAPI"]]
    truth = {t["id"]: t["ground_truth"] for t in lines("possible_answer/BFCL_v4_multi_turn_base.json")}
    tools = [{**t, "parameters": standard(t["parameters"])} for t in lines("multi_turn_func_doc/vehicle_control.json")]
    return tasks, truth, catalogue_of(tools)


def written(call: Call) -> str:
    """A call as the package's executor reads it."""
    return f"{call.tool}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})"


async def play(task: dict[str, Any], chooser: Chooser, tools: ToolCatalogue, name: str) -> list[list[list[str]]]:
    """The calls of each step of each turn."""
    from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_utils import (  # type: ignore[import-not-found]
        execute_multi_turn_func_call,
    )

    messages: list[dict[str, str]] = []
    turns: list[list[list[str]]] = []
    for turn in task["question"]:
        messages += [{"role": "user", "content": m["content"]} for m in turn]
        steps: list[list[str]] = []
        done: list[Call] = []
        for _ in range(_STEPS):
            sources = [m["content"] for m in messages if m["role"] == "user"]
            calls = [c for c in await chooser.choose(messages, some=not done) if c not in done]
            calls = [c for c in calls if not unfounded(c, tools[c.tool], sources)]
            if not calls:
                break
            done += calls
            steps.append([written(c) for c in calls])
            results, _ = execute_multi_turn_func_call(
                steps[-1], task["initial_config"], task["involved_classes"], name, task["id"], is_evaL_run=False
            )
            said = {"calls": [{"tool": c.tool, "arguments": c.arguments} for c in calls]}
            messages.append({"role": "assistant", "content": json.dumps(said, separators=(",", ":"))})
            shown = "\n".join(result_text(c, r) for c, r in zip(calls, results, strict=True))
            messages.append({"role": "user", "content": shown})
        if messages[-1]["role"] == "user":
            messages.append({"role": "assistant", "content": '{"calls":[]}'})
        turns.append(steps)
    return turns


async def main() -> None:
    """Play the tasks and print how many the package's checker finds right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where `pip install --target` has put bfcl-eval")
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--most", type=int, default=10**6, help="only so many tasks")
    parser.add_argument("--wrong", action="store_true", help="print the tasks that went wrong")
    arguments = parser.parse_args()
    if not (arguments.folder / "bfcl_eval" / "data").is_dir():
        print(f"{arguments.folder} has no bfcl-eval; pip install --no-deps --target {arguments.folder} bfcl-eval")
        return
    sys.path.insert(0, str(arguments.folder))
    from bfcl_eval.eval_checker.multi_turn_eval.multi_turn_checker import (  # type: ignore[import-not-found]
        multi_turn_checker,
    )

    tasks, truth, tools = load(arguments.folder)
    engine = ChatEngine(arguments.model, context=_CONTEXT)
    chooser = Chooser(engine, tools, deadline_s=180.0)
    right, took = 0, []
    for number, task in enumerate(tasks[: arguments.most]):
        began = time.perf_counter()
        turns = await play(task, chooser, tools, f"play{number}")
        took.append(time.perf_counter() - began)
        gold = truth[task["id"]]
        verdict = multi_turn_checker(turns, gold, task, "multi_turn_base", f"check{number}")
        right += bool(verdict["valid"])
        print(f"{task['id']}: {'right' if verdict['valid'] else 'wrong'} ({took[-1]:.0f} s)", flush=True)
        if arguments.wrong and not verdict["valid"]:
            for asked, ours, should in zip(task["question"], turns, gold, strict=True):
                print("  said:", asked[0]["content"], "\n  ours:", ours, "\n  gold:", should)
            print("  ", str(verdict.get("error_message", ""))[:200], verdict.get("error_type", ""))
    print(f"BFCL v4 multi-turn base, vehicle-only tasks: {right} of {len(took)} right with {arguments.model.name}")
    print(f"{sum(took) / len(took):.1f} s a task")
    engine.close()


if __name__ == "__main__":
    asyncio.run(main())
