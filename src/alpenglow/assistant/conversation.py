"""What was said and done so far between one person and the car: enough to understand "the other one" and "undo that"."""

import msgspec

from alpenglow.assistant.api import Done, Language
from alpenglow.assistant.language.parsing import Past
from alpenglow.assistant.wishes import Wish

_KEPT = 20  # turns


class Pending(msgspec.Struct, frozen=True):
    """What waits for a yes or a no."""

    wishes: tuple[Wish, ...]


class Turn(msgspec.Struct):
    """One utterance and what came of it."""

    said: str
    reply: str = ""
    done: list[Done] = []
    past: list[Past] = []
    asked: bool = False


class Conversation:
    """The turns so far, newest last."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.count = 0
        self.language: Language = "en"
        self.pending: Pending | None = None

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

    def to_undo(self, pattern: str | None, of_path: dict[str, str]) -> list[Done]:
        """What was done last (to the setting `pattern`, if given) and can be put back, newest first."""
        for turn in reversed(self.turns):
            found = [
                done
                for done in reversed(turn.done)
                if done.state in ("confirmed", "moving")
                and done.before is not None
                and done.before != done.value
                and (pattern is None or of_path.get(done.path) == pattern)
            ]
            if found:
                return found
        return []
