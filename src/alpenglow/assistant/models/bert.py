"""A BERT sentence encoder in numpy: embeddings, transformer layers, the mean over the words, length 1.

Sentences of like length are computed together. The weights stay in their file, which the kernel maps.
"""

import json
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from alpenglow.assistant.models.problems import ModelProblem

type Floats = NDArray[np.float32]

_HEADS = 12
_EPSILON = 1e-12  # layer_norm_eps of the model's configuration
_MOST_TOKENS = 256  # max_seq_length of the model
_BATCH = 32


class Bert:
    def __init__(self, weights: Path, tokenizer: Path) -> None:
        """Raises ModelProblem for files that are not such a model."""
        try:
            self._weights = _read(weights)
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer))
            self._words = self._weights["embeddings.word_embeddings.weight"]
            self._layers = len({name.split(".")[2] for name in self._weights if name.startswith("encoder.layer.")})
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise ModelProblem(f"{weights}: is no sentence encoder: {error}") from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self.dim = int(self._words.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text."""
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._batch([tokens[row] for row in rows])
        return vectors

    def _batch(self, tokens: list[list[int]]) -> Floats:
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        real = np.zeros((len(tokens), longest), dtype=np.float32)
        for row, sentence in enumerate(tokens):
            ids[row, : len(sentence)] = sentence
            real[row, : len(sentence)] = 1
        states = self._words[ids] + self._get("embeddings.position_embeddings.weight")[:longest]
        states = states + self._get("embeddings.token_type_embeddings.weight")[0]
        states = self._norm(states, "embeddings.LayerNorm")
        hide = ((1 - real) * np.float32(-1e9))[:, None, None, :]
        for layer in range(self._layers):
            states = self._layer(states, hide, f"encoder.layer.{layer}")
        total = (states * real[:, :, None]).sum(axis=1)  # of the words; their mean has the same direction
        lengths = np.linalg.norm(total, axis=1, keepdims=True)
        unit: Floats = (total / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit

    def _layer(self, states: Floats, hide: Floats, name: str) -> Floats:
        heads = [
            self._split(self._dense(states, f"{name}.attention.self.{part}")) for part in ("query", "key", "value")
        ]
        query, key, value = heads
        scores = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(query.shape[-1])) + hide
        powers: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares: Floats = powers / _sums(powers)
        seen = (shares @ value).swapaxes(1, 2).reshape(states.shape)
        states = self._norm(
            self._dense(seen, f"{name}.attention.output.dense") + states, f"{name}.attention.output.LayerNorm"
        )
        wide = _gelu(self._dense(states, f"{name}.intermediate.dense"))
        return self._norm(self._dense(wide, f"{name}.output.dense") + states, f"{name}.output.LayerNorm")

    def _split(self, states: Floats) -> Floats:
        rows, words, dim = states.shape
        return states.reshape(rows, words, _HEADS, dim // _HEADS).swapaxes(1, 2)

    def _dense(self, states: Floats, name: str) -> Floats:
        result: Floats = states @ self._get(f"{name}.weight").T + self._get(f"{name}.bias")
        return result

    def _norm(self, states: Floats, name: str) -> Floats:
        centred: Floats = states - _sums(states) / np.float32(self.dim)
        variance: Floats = _sums(centred * centred) / np.float32(self.dim)
        scale: Floats = np.sqrt(variance + np.float32(_EPSILON))
        result: Floats = centred / scale * self._get(f"{name}.weight") + self._get(f"{name}.bias")
        return result

    def _get(self, name: str) -> Floats:
        return self._weights[name]


def _sums(x: Floats) -> Floats:
    """Over the last axis, which stays."""
    result: Floats = np.add.reduce(x, axis=-1, keepdims=True)
    return result


def _gelu(x: Floats) -> Floats:
    """x·Φ(x), with Abramowitz and Stegun 7.1.26 for the error function (off by 1.5e-7 at most)."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.copysign(1 - series * np.exp(-z * z), x)
    result: Floats = (x * (1 + erf) / 2).astype(np.float32)
    return result


def _read(path: Path) -> dict[str, Floats]:
    """The float tensors of a safetensors file, mapped. Raises OSError, ValueError, KeyError, struct.error."""
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    (length,) = struct.unpack_from("<Q", data)
    start = 8 + length
    tensors = {}
    for name, about in json.loads(data[8:start]).items():
        if about.get("dtype") == "F32":
            begin, end = about["data_offsets"]
            flat = np.frombuffer(data, dtype="<f4", count=(end - begin) // 4, offset=start + begin)
            tensors[name] = flat.reshape(about["shape"])
    return tensors
