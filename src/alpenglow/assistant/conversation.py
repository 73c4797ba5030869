"""What was said and done so far between one person and the car: enough to understand "the other one" and "undo that".

It survives the process: after a crash in a model's native code the conversation goes on where it was.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from alpenglow.assistant.acts import ACTS
from alpenglow.assistant.api import Done, Language, Seat
from alpenglow.assistant.functions import Functions, Spot
from alpenglow.assistant.language.parsing import Parsed, Past
from alpenglow.assistant.navigating.travelling import Before, Offered
from alpenglow.assistant.wishes import Amount, Degree, Where, Wish
from alpenglow.cockpit.api import Scene
from alpenglow.fabric import durable
from alpenglow.signals import Value

_KEPT = 20  # turns
_VIEWS = {"Position", "IsOpen", "Switch"}  # of one opening


class Pending(msgspec.Struct, frozen=True):
    """What waits for a yes or a no: wishes (now, or for later), things to put back, a draft, forgetting all."""

    seat: Seat  # whose words they were: "my door" stays theirs, whoever says yes
    wishes: tuple[Wish, ...] = ()
    later: Parsed | None = None
    back: tuple[Done, ...] = ()
    forget: bool = False
    scene: Scene | None = None  # a draft that may be kept


class Turn(msgspec.Struct):
    """One utterance and what came of it."""

    said: str
    reply: str = ""
    done: list[Done] = []
    past: list[Past] = []
    asked: bool = False
    scene: str = ""  # the scene that did it
    before: Before | None = None  # what was followed before, where this turn changed that


class Conversation:
    """The turns so far, newest last."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.count = 0
        self.language: Language = "en"
        self.pending: Pending | None = None
        self.offered: Offered | None = None  # the places that were named last

    def add(self, turn: Turn) -> None:
        """Another turn."""
        self.turns = [*self.turns, turn][-_KEPT:]
        self.count += 1

    def past(self) -> list[Past]:
        """The wishes of the latest turn that had any, in their order."""
        for turn in reversed(self.turns):
            if turn.past:
                return turn.past
        return []

    def scenes_of(self, done: Sequence[Done]) -> set[str]:
        """The scenes that did any of these."""
        return {t.scene for t in self.turns if t.scene and any(d in t.done for d in done)}

    def way_turn(self) -> Turn | None:
        """The turn of the latest deed, where that was about the way."""
        for turn in reversed(self.turns):
            if turn.before is not None:
                return turn
            if _undoable(turn):
                return None
        return None

    def to_undo(self, pattern: str | None, of_path: dict[str, str]) -> list[Done]:
        """What was done last (to the setting `pattern`, if given) and can be put back, newest first."""
        for turn in reversed(self.turns):
            found = [d for d in _undoable(turn) if pattern is None or _same(of_path.get(d.path, ""), pattern)]
            if found:
                return found
        return []


# -- on disk -----------------------------------------------------------------------------------------------------------


class _Wish(msgspec.Struct, frozen=True):
    pattern: str
    act: str
    where: Where
    amount: Amount | None
    token: Value | None
    degree: Degree
    spots: tuple[Spot, ...]


class _Turn(msgspec.Struct, frozen=True):
    said: str
    reply: str
    done: list[Done]
    past: list[_Wish]
    scene: str = ""
    before: Before | None = None


class _Kept(msgspec.Struct, frozen=True):
    count: int
    language: Language
    turns: list[_Turn]


def save(talk: Conversation, file: Path) -> None:
    """Keep a conversation: the old one or this one, whatever happens. What waits for a yes is not kept."""
    turns = [
        _Turn(
            t.said,
            t.reply,
            t.done,
            [
                _Wish(
                    p.wish.function.pattern,
                    p.wish.act.name,
                    p.wish.where,
                    p.wish.amount,
                    p.wish.token,
                    p.wish.degree,
                    p.spots,
                )
                for p in t.past
            ],
            t.scene,
            t.before,
        )
        for t in talk.turns
    ]
    content = msgspec.json.encode(_Kept(talk.count, talk.language, turns))
    durable.write(file, content)


def load(file: Path, functions: Functions) -> Conversation:
    """The conversation as it was kept; a new one where there is none or it cannot be read."""
    talk = Conversation()
    with contextlib.suppress(OSError, msgspec.DecodeError):
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
        talk.count, talk.language = kept.count, kept.language
        for turn in kept.turns:
            past = [
                Past(Wish(functions.by_pattern[w.pattern], ACTS[w.act], w.where, w.amount, w.token, w.degree), w.spots)
                for w in turn.past
                if w.pattern in functions.by_pattern and w.act in ACTS
            ]
            talk.turns.append(Turn(turn.said, turn.reply, turn.done, past, scene=turn.scene, before=turn.before))
    return talk


def _undoable(turn: Turn) -> list[Done]:
    """What a turn moved and can be put back, newest first."""
    return [
        done
        for done in reversed(turn.done)
        if done.state in ("confirmed", "moving") and done.before is not None and done.before != done.value
    ]


def _same(pattern: str, other: str) -> bool:
    """Whether both are one setting; a window's Position and IsOpen are."""
    (item, _, leaf), (other_item, _, other_leaf) = pattern.rpartition("."), other.rpartition(".")
    return item == other_item and (leaf == other_leaf or {leaf, other_leaf} <= _VIEWS)
