"""`alpenglow ask` and `alpenglow chat`: talk to the car that runs, or to the cars that a file describes."""

import asyncio
import json as json_module
import sys
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import typer

from alpenglow.assistant import api
from alpenglow.cli import car
from alpenglow.cli.problems import Problem
from alpenglow.fabric import ServiceError
from alpenglow.platform.commands import RunDir

_SEATS: tuple[api.Seat, ...] = get_args(api.Seat.__value__)

Said = Annotated[str, typer.Argument(help="What you want, in your own words: English, German or Chinese.")]
SeatOf = Annotated[str, typer.Option("--seat", help=f"Who speaks: {', '.join(_SEATS)}.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Batch = Annotated[
    Path | None,
    typer.Option("--batch", metavar="ITEMS.jsonl", help="Answer a file of items without a running car; needs --out."),
]
Out = Annotated[Path | None, typer.Option("--out", metavar="RESULTS.jsonl", help="Where the results of --batch go.")]
Model = Annotated[
    str,
    typer.Option(
        "--model", help="With --batch: a language model too, by its id in `alpenglow models list`. Default: none."
    ),
]


def ask(
    said: Said = "",
    seat: SeatOf = "driver",
    json: Json = False,
    batch: Batch = None,
    out: Out = None,
    model: Model = "none",
    run_dir: RunDir = None,
) -> None:
    """Tell the running car what you want, and see what it did.

    With --batch, every line of the file is a car of its own (its state, who sits where, what is said); the form is in
    docs/assistant.md.
    """
    if batch is not None:
        if out is None:
            raise typer.BadParameter("--batch needs --out RESULTS.jsonl")
        car.run(_batch(batch, out, model))
    if not said.strip():
        raise typer.BadParameter('say what you want: alpenglow ask "a bit warmer, please"')
    car.run(_ask(said, _seat(seat), json, run_dir))


def chat(seat: SeatOf = "driver", run_dir: RunDir = None) -> None:
    """Talk with the running car; an empty line or Ctrl-D ends it. `undo` puts the last thing back."""
    car.run(_chat(_seat(seat), run_dir))


def _seat(text: str) -> api.Seat:
    for seat in _SEATS:
        if seat == text:
            return seat
    raise typer.BadParameter(f"no seat {text!r}; there are {', '.join(_SEATS)}")


async def _ask(said: str, seat: api.Seat, json: bool, run_dir: Path | None) -> int:
    async with car.running_car(run_dir) as running:
        try:
            answer = await running.fabric.call(api.ask, said, seat)
        except ServiceError as error:
            raise Problem(f"the assistant does not answer: {error}; `alpenglow status` shows how it is") from None
    if json:
        from alpenglow.cli.batch import result_of

        moved = {d.path: d.value for d in answer.did if d.state in ("confirmed", "moving")}
        print(json_module.dumps(result_of(str(answer.turn), [answer], moved, answer.latency_ms), ensure_ascii=False))
    else:
        _print(answer)
    return 1 if answer.refused else 0


def _print(answer: api.Answer) -> None:
    print(answer.reply)
    for choice in answer.choices:
        print(f"  · {choice}")


async def _chat(seat: api.Seat, run_dir: Path | None) -> int:
    interactive = sys.stdin.isatty()
    async with car.running_car(run_dir) as running:
        while True:
            line = await asyncio.to_thread(_line, "you: " if interactive else "")
            if line is None or not line.strip():
                return 0
            try:
                if line.strip().lower() == "undo":
                    answer = await running.fabric.call(api.undo)
                else:
                    answer = await running.fabric.call(api.ask, line, seat)
            except ServiceError as error:
                print(f"The assistant does not answer: {error}", file=sys.stderr)
                continue
            _print(answer)


def _line(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        return None


async def _batch(batch: Path, out: Path, model: str) -> int:
    from alpenglow.assistant.minds import Minds
    from alpenglow.assistant.models.store import Store
    from alpenglow.cli.batch import run_items
    from alpenglow.cli.files import writing
    from alpenglow.signals import load_catalogue

    items = _items(batch)
    minds = None
    if model != "none":
        minds = Minds(Store())
        await minds.prepare(model, may_fetch=False)
        if minds.state != "ready":
            raise Problem(minds.says)
    try:
        results = await run_items(items, load_catalogue(), minds)
    finally:
        if minds is not None:
            minds.close()
    temporary = out.with_name(out.name + ".new")
    with writing(out):
        lines = [json_module.dumps(result, ensure_ascii=False) + "\n" for result in results]
        temporary.write_text("".join(lines), encoding="utf-8")
        temporary.replace(out)
    print(f"{len(items)} items answered; results in {out}")
    return 0


def _items(file: Path) -> list[dict[str, Any]]:
    """The items of a batch; Problem says which line is wrong, and how."""
    try:
        lines = file.read_bytes().split(b"\n")
    except OSError as error:
        raise Problem(f"{file}: {error.strerror}") from None
    items = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = msgspec.json.decode(line, type=_Item)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise Problem(f"{file}, line {number}: {error}") from None
            if not (item.say or item.turns):
                raise Problem(f"{file}, line {number}: neither `say` nor `turns`")
            items.append({"id": item.id, "state": item.state, "seat": item.seat, "turns": item.turns or [item.say]})
    return items


class _Item(msgspec.Struct, frozen=True):
    """One item; other keys are left alone."""

    id: str
    state: dict[str, bool | float | int | str | None] = {}
    seat: api.Seat = "driver"
    say: str = ""
    turns: list[str] = []
