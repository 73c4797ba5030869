"""The folder of models: one sub-folder per model, with its files, its licence notice and a record.

A model is there when its record is, and the record is written last. `open` vouches for every byte: a file whose size,
times or place have changed since it was last hashed is hashed again. For a model of the catalogue the hash that
counts is the catalogue's, not the record's.
"""

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from alpenglow.assistant.models import problems
from alpenglow.assistant.models.catalogue import Kind, Model, ModelFile, known
from alpenglow.assistant.models.gguf import read_head
from alpenglow.assistant.models.problems import ModelProblem, WrongFile
from alpenglow.fabric import durable

type Report = Callable[[int, int], None]  # bytes done, bytes in all
type State = Literal["ready", "damaged", "partial", "absent"]

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CHUNK = 1 << 20
_MEBIBYTE = 1 << 20
_SPARE_MB = 256  # for the wheel that is being read, twice while pip moves it
_OVERHEAD_MB = 400  # of the engine over the weights, for a model we have not measured


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file in the store. `stamp` is what it looked like when it was last hashed, `sound` what came out."""

    name: str
    size_bytes: int
    sha256: str
    stamp: str
    sound: bool = True


class Record(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    kind: Kind
    licence: str
    notice: str
    memory_mb: int
    origin: str  # where it was had from
    files: tuple[Kept, ...]


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """A model whose files have been found to be what they claim."""

    id: str
    title: str
    kind: Kind
    memory_mb: int
    files: dict[str, Path]

    @property
    def path(self) -> Path:
        """The file of a model that has one."""
        return next(iter(self.files.values()))


def default_folder() -> Path:
    """`$ALPENGLOW_MODELS`, else `$XDG_DATA_HOME/alpenglow/models`, else `~/.local/share/alpenglow/models`."""
    if chosen := os.environ.get("ALPENGLOW_MODELS"):
        return Path(chosen)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "alpenglow" / "models"


class Store:
    """Nothing is touched on the disk until something is kept."""

    def __init__(self, folder: Path | None = None, catalogue: Mapping[str, Model] | None = None) -> None:
        self.folder = (folder or default_folder()).absolute()
        self.catalogue = known() if catalogue is None else catalogue

    def ids(self) -> list[str]:
        """The catalogue's models, then the user's own."""
        own: list[str] = []
        if self.folder.is_dir():
            own = sorted(path.parent.name for path in self.folder.glob("*/record.json"))
        return [*self.catalogue, *(kept for kept in own if kept not in self.catalogue)]

    def record(self, model_id: str) -> Record | None:
        """What is kept of this model; None where it is not installed."""
        try:
            return msgspec.json.decode(self._record(model_id).read_bytes(), type=Record)
        except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
            return None
        except OSError as error:
            raise ModelProblem(f"{self._record(model_id)}: {error.strerror}") from None

    def state(self, model_id: str) -> State:
        """Without hashing anything."""
        record = self.record(model_id)
        if record is None:
            return "partial" if any(self.partial(model_id).glob("*.part")) else "absent"
        whole = all(file.sound and _size(self.place(model_id) / file.name) == file.size_bytes for file in record.files)
        return "ready" if whole else "damaged"

    def open(self, model_id: str) -> Installed:
        """The model, with every byte vouched for. Raises WrongFile, or ModelProblem where it is not installed."""
        record = self.record(model_id)
        if record is None:
            what = "is not installed" if model_id in self.catalogue else "is no known model"
            raise ModelProblem(f"{model_id}: {what}; see `alpenglow models list` and `alpenglow models add`")
        pinned = (
            {file.name: file.sha256 for file in self.catalogue[model_id].files} if model_id in self.catalogue else {}
        )
        if pinned and {file.name for file in record.files} != set(pinned):
            raise WrongFile(f"{model_id}: its record names other files than the catalogue; {self._again(model_id)}")
        seen = tuple(self._seen(model_id, file, pinned.get(file.name, file.sha256)) for file in record.files)
        if seen != record.files:
            with contextlib.suppress(OSError):  # on a read-only disk it is hashed at every start
                durable.write(self._record(model_id), msgspec.json.encode(msgspec.structs.replace(record, files=seen)))
        for file in seen:
            if not file.sound:
                where, damage = self.place(model_id) / file.name, self._damage(model_id, file)
                raise WrongFile(f"{where}: is not the file that was installed: {damage}; {self._again(model_id)}")
        return Installed(
            id=model_id,
            title=record.title,
            kind=record.kind,
            memory_mb=record.memory_mb,
            files={file.name: self.place(model_id) / file.name for file in seen},
        )

    def add(self, file: Path, *, link: bool = False, report: Report = lambda done, total: None) -> str:
        """Keep a GGUF file of the user's own, or a file of the catalogue that was carried here; returns the id.

        `link`: leave it where it is and point there. Raises ModelProblem.
        """
        file = file.absolute()
        head = read_head(file)
        with problems.explaining(file):
            size = file.stat().st_size
        with problems.explaining(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.room_for(0 if link else size)
            arriving = self.folder / f".{os.getpid()}.arriving"
            try:
                if link:
                    arriving.unlink(missing_ok=True)
                    arriving.symlink_to(file)
                    sha256 = hash_of(file, report)
                else:
                    sha256 = _copy(file, arriving, size, report)
                model, name = self._named(file, size, sha256)
                if model is None:
                    model = Model(
                        id=_slug(file.stem),
                        title=head.title,
                        kind="chat",
                        licence=head.licence,
                        notice=f"{head.title}, added from {file}. Licence as its file says: {head.licence}.",
                        memory_mb=size // _MEBIBYTE + _OVERHEAD_MB,
                        files=(ModelFile(name=name, size_bytes=size, sha256=sha256),),
                    )
                    if model.id in self.catalogue:
                        raise ModelProblem(f"{file}: is not the model {model.id}, whose name it has; rename the file")
                self.keep(model, {name: arriving}, origin=str(file))
            finally:
                arriving.unlink(missing_ok=True)
        return model.id

    def keep(self, model: Model, files: Mapping[str, Path], *, origin: str) -> None:
        """Move files that have been hashed into their place. OSError."""
        place = self.place(model.id)
        place.mkdir(parents=True, exist_ok=True)
        self._record(model.id).unlink(missing_ok=True)
        durable.write(place / "NOTICE.txt", f"{model.title}\n\n{model.notice}\n".encode())
        kept = []
        for file in model.files:
            durable.move(files[file.name], place / file.name)
            kept.append(
                Kept(
                    name=file.name,
                    size_bytes=file.size_bytes,
                    sha256=file.sha256,
                    stamp=_stamp(place / file.name),
                )
            )
        record = Record(
            id=model.id,
            title=model.title,
            kind=model.kind,
            licence=model.licence,
            notice=model.notice,
            memory_mb=model.memory_mb,
            origin=origin,
            files=tuple(kept),
        )
        durable.write(self._record(model.id), msgspec.json.encode(record))
        shutil.rmtree(self.partial(model.id), ignore_errors=True)

    def remove(self, model_id: str) -> int:
        """Take a model away, or what has arrived of it; returns the bytes freed. Raises ModelProblem."""
        places = [place for place in (self.place(model_id), self.partial(model_id)) if place.is_dir()]
        if not places:
            raise ModelProblem(f"{model_id}: is not installed; `alpenglow models list` shows what is")
        freed = sum(_size(path) or 0 for place in places for path in place.rglob("*") if not path.is_symlink())
        with problems.explaining(self.folder):
            self._record(model_id).unlink(missing_ok=True)  # from here on it is not there
            for place in places:
                shutil.rmtree(place)
        return freed

    def place(self, model_id: str) -> Path:
        """The folder of a model. Raises ModelProblem for an id that is no name."""
        if not _ID.fullmatch(model_id):
            raise ModelProblem(f"{model_id!r}: is no model's id; see `alpenglow models list`")
        return self.folder / model_id

    def partial(self, model_id: str) -> Path:
        """Where a model's files arrive."""
        return self.place(model_id).with_name(f".{model_id}.partial")

    def room_for(self, size_bytes: int) -> None:
        """ModelProblem where the disk has no room for that."""
        free = shutil.disk_usage(self.folder).free
        if free < size_bytes + _SPARE_MB * _MEBIBYTE:
            raise ModelProblem(
                f"{self.folder}: has {free // _MEBIBYTE:,} MB free and {size_bytes // _MEBIBYTE:,} MB are needed; "
                "make room there, or name another folder in ALPENGLOW_MODELS"
            )

    def _named(self, file: Path, size: int, sha256: str) -> tuple[Model | None, str]:
        for model in self.catalogue.values():
            if [pinned.sha256 for pinned in model.files] == [sha256]:
                return model, model.files[0].name
        return None, file.name if size and not file.name.startswith(".") else "model.gguf"

    def _record(self, model_id: str) -> Path:
        return self.place(model_id) / "record.json"

    def _seen(self, model_id: str, file: Kept, pinned: str) -> Kept:
        path = self.place(model_id) / file.name
        stamp = _stamp(path)
        if stamp == file.stamp and file.sha256 == pinned:
            return file
        right = _size(path) == file.size_bytes and hash_of(path) == pinned
        return msgspec.structs.replace(file, stamp=stamp, sha256=pinned, sound=right)

    def _damage(self, model_id: str, file: Kept) -> str:
        size = _size(self.place(model_id) / file.name)
        if size is None:
            return "it is gone"
        return "its hash differs" if size == file.size_bytes else f"it has {size:,} bytes of {file.size_bytes:,}"

    def _again(self, model_id: str) -> str:
        return f"`alpenglow models add {model_id}` fetches it again" if model_id in self.catalogue else "add it again"


def hash_of(path: Path, report: Report = lambda done, total: None) -> str:
    """The SHA-256 of a file. Raises ModelProblem."""
    digest = hashlib.sha256()
    with problems.explaining(path), path.open("rb") as file:
        total, done = os.fstat(file.fileno()).st_size, 0
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            report(done := done + len(chunk), total)
    return digest.hexdigest()


def _copy(source: Path, target: Path, size: int, report: Report) -> str:
    """Copy to the disk; returns the SHA-256 of what was written. OSError."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        done = 0
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
            report(done := done + len(chunk), size)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _stamp(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return "gone"
    return f"{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ctime_ns}:{facts.st_ino}"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _slug(stem: str) -> str:
    slug = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:64]
    return slug or "model"
