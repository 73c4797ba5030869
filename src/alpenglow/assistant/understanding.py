"""Tiers 1 and 2 together: what the words say and, where they are not sure, what the sentence as a whole means."""

from collections.abc import Sequence

import msgspec

from alpenglow.assistant.api import Tier
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.choosing import wish_for
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.parsing import Parsed, Past, parse
from alpenglow.assistant.language.text import Heard
from alpenglow.assistant.meaning import ASK, TALK, Meaning, Meant
from alpenglow.assistant.wishes import Wish

SURE = 0.62  # how sure the words must be, or the next tier is asked
_MEANT = 0.22  # how near a sentence must come to what it is compared with
_CLEAR = 0.05  # by how much it must be nearer than talk that wants nothing
_CERTAIN = 0.33  # nearer than this, nobody else needs to be asked
_PART = 0.30  # the same for a part of a sentence, which says less


class Understood(msgspec.Struct, frozen=True):
    """One utterance as tiers 1 and 2 understand it."""

    parsed: Parsed
    tier: Tier = "grammar"
    why: tuple[str, ...] = ()
    options: tuple[Meant, ...] = ()  # what else it may mean, likeliest first
    doubtful: bool = False  # a bigger model, where there is one, should choose among the options


class Understanding:
    """Reads utterances; with no `meaning` (no encoder here, or not ready) by their words alone."""

    def __init__(self, functions: Functions, meaning: Meaning | None = None) -> None:
        self._functions, self.meaning = functions, meaning

    def understand(self, heard: Heard, pack: Pack, past: Sequence[Past]) -> Understood:
        """What is wanted, which tier said so, and why."""
        parsed = parse(heard, pack, self._functions, past)
        if self.meaning is None:
            return Understood(parsed)
        if parsed.kind == "command" and parsed.sure >= SURE:
            return self._parts(parsed, self.meaning)
        if parsed.kind not in ("command", "unclear", "unknown"):
            return Understood(parsed)
        return self._whole(heard, parsed, self.meaning)

    def _whole(self, heard: Heard, parsed: Parsed, meaning: Meaning) -> Understood:
        """What the sentence means, by the sentences that come nearest."""
        names = [p for c in parsed.clauses for unit in c.names for p in unit.find("name")]
        meant = meaning.meant(heard.text, names)
        best = meant[0]
        why = tuple(f"{m.key}: {m.score:.2f}" for m in meant[:3])
        doubtful = best.score < _CERTAIN or meant[1].score > best.score - _CLEAR

        def understood(parsed: Parsed) -> Understood:
            return Understood(parsed, "meaning", why, tuple(meant), doubtful)

        near = [m for m in meant[:3] if m.score > best.score - 0.08]
        ours = {w.function.item for w in parsed.wishes}
        if parsed.wishes and any(e.pattern.startswith(i) for m in near for e in m.effects for i in ours):
            return Understood(msgspec.structs.replace(parsed, sure=1.0), "meaning", why)
        if best.key == TALK:
            return understood(Parsed("nothing", 0.8, clauses=parsed.clauses))
        if best.key == ASK:
            return understood(Parsed("unclear", 0.8, clauses=parsed.clauses))
        talk = next((m.score for m in meant if m.key == TALK), 0.0)
        if best.score >= _MEANT and best.score > talk + _CLEAR:
            wishes = [w for e in best.effects if (w := wish_for(e, parsed.clauses, self._functions)) is not None]
            if wishes:
                return understood(Parsed("command", 1.0, tuple(wishes), clauses=parsed.clauses))
        return understood(parsed)

    def _parts(self, parsed: Parsed, meaning: Meaning) -> Understood:
        """A command, with the parts of it that its words did not tell."""
        wishes: list[Wish] = list(parsed.wishes)
        tier: Tier = "grammar"
        for clause in parsed.left_over:
            names = [p for unit in clause.names for p in unit.find("name")]
            best = meaning.meant(" ".join(u.text for u in clause.units), names, 1)[0]
            if best.effects and best.score >= _PART:
                tier = "meaning"
                wishes += [w for e in best.effects if (w := wish_for(e, [clause], self._functions)) is not None]
        return Understood(msgspec.structs.replace(parsed, wishes=tuple(wishes)), tier)
