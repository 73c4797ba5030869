"""Where known phrases stand in a sentence: a trie over words, and the best cover of the sentence with what it finds.

A phrase is found by its words as written, or by their stems; as written counts more, and longer counts more than
shorter. What two phrases of one extent mean is kept side by side: the sentence as a whole decides.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from alpenglow.assistant.language.text import Token


class Tag(msgspec.Struct, frozen=True):
    """One meaning of a phrase: `kind` is the section of the language's file that has it."""

    kind: str
    key: str
    value: float = 0.0


class Unit(msgspec.Struct, frozen=True):
    """A stretch of the sentence with all that it may mean; no tags: unknown words."""

    start: int  # tokens
    end: int
    text: str
    tags: tuple[Tag, ...]

    def find(self, kind: str) -> list[str]:
        """The keys of its tags of this kind."""
        return [tag.key for tag in self.tags if tag.kind == kind]


class _Node:
    __slots__ = ("next", "stems", "tags")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.tags: list[Tag] = []


class Phrases:
    """All known phrases of one language."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        self._root = _Node()
        self._stem = stem

    def add(self, words: Sequence[str], tag: Tag, *, exact: bool = False) -> None:
        """Know the phrase `words`; `exact`: only as written, not by its stems."""
        node = self._root
        for word in words:
            node = node.next.setdefault(word, _Node())
        if tag not in node.tags:
            node.tags.append(tag)
        if not exact:
            node = self._root
            for word in words:
                node = node.stems.setdefault(self._stem(word), _Node())
            if tag not in node.tags:
                node.tags.append(tag)

    def known(self, word: str) -> bool:
        """Whether some phrase begins with this very word."""
        return word in self._root.next

    def find(self, tokens: Sequence[Token]) -> Iterable[tuple[int, int, float, list[Tag]]]:
        """All phrases in `tokens`: from, to, weight, meanings."""
        stems = [self._stem(t.text) for t in tokens]
        for start in range(len(tokens)):
            ends: dict[int, tuple[float, list[Tag]]] = {}
            for by_stem in (False, True):
                node = self._root
                for at in range(start, len(tokens)):
                    following = node.stems.get(stems[at]) if by_stem else node.next.get(tokens[at].text)
                    if following is None:
                        break
                    node = following
                    if node.tags:
                        length = at + 1 - start
                        weight = length**1.4 - (0.2 if by_stem else 0.0)
                        old = ends.get(at + 1)
                        if old is None:
                            ends[at + 1] = weight, list(node.tags)
                        elif all(tag.kind == "plural" for tag in old[1]):
                            # Only then: "kalt" as written must not also be what the stem of "kälter" is.
                            ends[at + 1] = old[0], old[1] + [tag for tag in node.tags if tag not in old[1]]
            for end, (weight, tags) in ends.items():
                yield start, end, weight, tags


def cover(tokens: Sequence[Token], found: Iterable[tuple[int, int, float, list[Tag]]]) -> list[Unit]:
    """The cover of the sentence with the greatest weight; words that no phrase covers stand alone without tags."""
    size = len(tokens)
    from_here: dict[int, list[tuple[int, float, list[Tag]]]] = {}
    for start, end, weight, tags in found:
        from_here.setdefault(start, []).append((end, weight, tags))
    best: list[float] = [0.0] * (size + 1)
    step: list[tuple[int, list[Tag]]] = [(0, [])] * (size + 1)
    for start in range(size - 1, -1, -1):
        best[start], step[start] = best[start + 1], (start + 1, [])
        for end, weight, tags in from_here.get(start, ()):
            # A phrase of function words must not cost one that means something.
            worth = weight * (0.3 if all(tag.kind == "stop" for tag in tags) else 1.0) + best[end]
            if worth > best[start]:
                best[start], step[start] = worth, (end, tags)
    units, at = [], 0
    while at < size:
        end, meanings = step[at]
        text = " ".join(t.text for t in tokens[at:end])
        units.append(Unit(at, end, text, tuple(meanings)))
        at = end
    return units
