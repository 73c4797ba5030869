"""Finding passages by what they mean: one vector per passage, the mean of its heading's and its text's.

How close is close differs from one encoder to the next. So closeness is counted from the handbook's middle in units of
how much passages differ among themselves; a question about nothing in the handbook stands near zero.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from alpenglow.assistant.handbook.passages import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of length one, as `assistant.models.encoders` does."""

    def queries(self, texts: Sequence[str]) -> "Vectors":
        """One row per question."""
        ...

    def passages(self, texts: Sequence[str]) -> "Vectors":
        """One row per text that may answer one."""
        ...


class Meaning:
    """The vectors of one language's passages; a passage is known by its place in the list."""

    def __init__(self, passages: Sequence[Passage], encoder: Encoder) -> None:
        import numpy as np  # heavy, and only an encoder needs it

        self._encoder = encoder
        headings = encoder.passages([f"{p.chapter}: {p.title}. {p.index}" for p in passages])
        texts = encoder.passages([f"{p.title}. {p.text}" for p in passages])
        self._vectors: Vectors = (headings + texts) / np.float32(2.0)
        among = self._vectors @ self._vectors.T
        others = among[~np.eye(len(passages), dtype=bool)]
        # A handbook of one passage has nothing to differ from.
        self._spread = float(others.std()) if len(others) > 1 else 1.0

    def closeness(self, question: str) -> list[float]:
        """How close each passage is to the question, in spreads above the mean."""
        near = self._vectors @ self._encoder.queries([question])[0]
        return [float(x) for x in (near - near.mean()) / self._spread]
