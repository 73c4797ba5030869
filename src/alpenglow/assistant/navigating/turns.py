"""Errands within a conversation: "the second one", "yes" and "undo" mean what was said a moment ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alpenglow.assistant.language.text import Heard, hear
from alpenglow.assistant.navigating.errands import chosen, halves, languages_of, wanted
from alpenglow.assistant.navigating.navigator import Navigator
from alpenglow.assistant.navigating.travelling import Offered, Told, Travelling
from alpenglow.assistant.resolving import Read
from alpenglow.assistant.understanding import SURE

if TYPE_CHECKING:
    from alpenglow.assistant.api import Language
    from alpenglow.assistant.conversation import Conversation
    from alpenglow.assistant.language.parsed import Parsed
    from alpenglow.assistant.replies import Replies
    from alpenglow.assistant.thinking import Thought

_SAYS_NOTHING_ELSE = ("unknown", "unclear", "nothing", "how-to")


class Ways:
    """What people ask for on their way, turn by turn."""

    def __init__(self, navigator: Navigator, read: Read) -> None:
        self._travelling = Travelling(navigator, read)

    def language(self, heard: Heard, talk: Conversation) -> Language | None:
        """The language of a sentence that is about the way; None for any other."""
        if heard.disguised or heard.too_long:
            return None
        offered = _just_offered(talk)
        if offered is not None and chosen(heard.text, offered.places, talk.language) is not None:
            return talk.language
        spoken = languages_of(heard)
        if not spoken:
            return None
        return talk.language if talk.language in spoken else spoken[0]  # type: ignore[return-value]

    def halves(self, heard: Heard, talk: Conversation) -> list[tuple[Heard, Heard]]:
        """The ways to cut a sentence into an errand and what else it may want of the car."""
        return [(hear(errand), hear(rest)) for errand, rest in halves(heard, talk.language)]

    async def hear(self, heard: Heard, parsed: Parsed, talk: Conversation, thought: Thought, replies: Replies) -> bool:
        """Do what the sentence wants of the navigation; False where it wants nothing of it."""
        sure = parsed.kind not in _SAYS_NOTHING_ELSE and parsed.sure >= SURE
        errand = wanted(heard, talk.language)
        offered = _just_offered(talk)
        if offered is not None and errand is None:
            if parsed.kind == "no":
                talk.offered = None
                thought.parts.append(replies.say("left"))
                return True
            index = 0 if parsed.kind == "yes" and offered.yes else None
            if index is None and not (parsed.kind == "command" and sure and thought.tier == "grammar"):
                index = chosen(heard.text, offered.places, talk.language)
            if index is not None:
                told = await self._travelling.take(offered.places[index], offered.via, talk.language)
                _into(told, talk, thought, "one of those places was chosen")
                return True
        if errand is None:
            return False
        about_guidance = not (errand.place or errand.kept or errand.kind == "find")  # while there is any it is meant
        if sure and not errand.explicit and not about_guidance:
            return False
        told = await self._travelling.run(errand, talk.language, talk.offered, otherwise=sure and not errand.explicit)
        if told.passes:
            return False
        _into(told, talk, thought, f"it is about the way: {errand.kind} {errand.kept or errand.place}".rstrip())
        return True

    async def undo(self, talk: Conversation, thought: Thought) -> bool:
        """Follow again what was followed before; False where that is so already, or something else was done since."""
        turn = talk.way_turn()
        if turn is None or turn.before is None:
            return False
        told = await self._travelling.back(turn.before, talk.language)
        if told.done or told.passes:
            turn.before = None
        if not told.passes:
            _into(told, talk, thought, "")
        return not told.passes


def _just_offered(talk: Conversation) -> Offered | None:
    """What the last turn has asked about."""
    offered = talk.offered
    return offered if offered is not None and offered.asked and offered.turn == talk.count - 1 else None


def _into(told: Told, talk: Conversation, thought: Thought, why: str) -> None:
    """What came of an errand becomes what came of the turn."""
    thought.tier = "grammar"
    thought.why += [why] if why else []
    thought.parts += told.parts
    thought.done += told.done
    thought.asked, thought.choices = told.asked, told.choices
    thought.before = told.before
    if told.places:
        talk.offered = Offered(told.places, talk.count, told.asked, told.yes, told.via)
    elif told.done:
        talk.offered = None
