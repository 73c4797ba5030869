"""Tiers 1 and 2 together: what the words say and, where they are not sure, what the sentence as a whole means."""

from collections.abc import Callable, Sequence

import msgspec

from alpenglow.assistant.acts import ACTS, fit
from alpenglow.assistant.api import Tier
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.choosing import wish_for
from alpenglow.assistant.language.clauses import Clause
from alpenglow.assistant.language.commanding import SURE
from alpenglow.assistant.language.pack import Effect, Pack
from alpenglow.assistant.language.parsing import Parsed, Past, parse
from alpenglow.assistant.language.text import Heard
from alpenglow.assistant.meaning import ASK, TALK, Meaning, Meant
from alpenglow.assistant.wishes import Wish

__all__ = ["SURE", "Understanding", "Understood"]

_APART = 0.03  # by how much one setting must be likelier than the next, or a bigger model is asked
_TALKING = 0.10  # where talk is likelier by this than any setting, nobody else needs to be asked
_NEAR = 0.08  # what is nearer than this to the best may be meant as well
_GUESS = 0.20  # what is farther is a guess, and nothing is moved on a guess
_AGREES = 0.12  # how near a sentence must come to bear out what the words say
_OPPOSITES = {"on": "off", "off": "on", "open": "close", "close": "open", "more": "less", "less": "more"}
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

    def understand(
        self, heard: Heard, pack: Pack, past: Sequence[Past], idle: Callable[[Wish], bool] = lambda wish: False
    ) -> Understood:
        """What is wanted, which tier said so, and why. `idle`: whether a wish would change nothing."""
        parsed = parse(heard, pack, self._functions, past)
        if self.meaning is None or (parsed.kind == "unclear" and (parsed.sure == 1.0 or _breaks_off(heard))):
            return Understood(parsed)
        if parsed.kind == "command" and parsed.vague and _asks_for_another(parsed):
            return Understood(msgspec.structs.replace(parsed, sure=1.0))
        plain = not any(c.describes or c.unknown for c in parsed.clauses if not c.says_nothing)
        if parsed.kind == "command" and parsed.sure >= SURE and (plain or not parsed.vague):
            return self._parts(parsed, self.meaning, pack.language, idle)
        if parsed.kind not in ("command", "unclear", "unknown"):
            return Understood(parsed)
        return self._whole(heard, parsed, self.meaning, pack.language, idle)

    def _whole(
        self, heard: Heard, parsed: Parsed, meaning: Meaning, language: str, idle: Callable[[Wish], bool]
    ) -> Understood:
        """What the sentence means, by the sentences that come nearest."""
        named = [p for c in parsed.clauses for unit in c.names for p in unit.find("name")]
        unchanging = self._unchanging(parsed.clauses, idle)
        meant = meaning.meant(heard.text, named, language=language, idle=unchanging)
        best = meant[0]
        why = tuple(f"{m.key}: {m.score:.2f}" for m in meant[:3])
        talk = next(m.score for m in meant if m.key == TALK)
        wanted = [m.score for m in meant if m.effects] or [0.0]
        apart = wanted[0] - (wanted[1] if len(wanted) > 1 else 0.0) > _APART
        sure = bool(best.effects) and apart

        def understood(parsed: Parsed) -> Understood:
            return Understood(parsed, "meaning", why, tuple(meant), not sure and wanted[0] > talk - _TALKING)

        if self._only_told(parsed, named):
            told = ("it asks to change what the car can only tell",)
            return Understood(Parsed("nothing", 0.8, clauses=parsed.clauses, why=told), "meaning", why)
        near = [m for m in meant[:3] if m.score > max(best.score - _NEAR, talk - _APART) and m.score >= _AGREES]
        if agreed := self._agreed(parsed, near):
            return Understood(agreed, "meaning", why)
        if parsed.vague and parsed.sure >= SURE and not sure:
            return Understood(msgspec.structs.replace(parsed, sure=1.0), "grammar", why)
        if best.key == TALK and parsed.kind == "unclear" and parsed.clauses and not parsed.unknown:
            return Understood(parsed, "meaning", why)  # all of its words are about the car: it says too little
        if best.key == TALK:
            return understood(Parsed("nothing", 0.8, clauses=parsed.clauses))
        if best.key == ASK:
            return understood(Parsed("unclear", 0.8, clauses=parsed.clauses))
        if best.score >= _GUESS and (wishes := self._wishes(best, parsed.clauses)):
            return understood(Parsed("command", 1.0, wishes, clauses=parsed.clauses))
        return understood(parsed)

    def _unchanging(self, clauses: Sequence[Clause], idle: Callable[[Wish], bool]) -> Callable[[Effect], bool]:
        """Whether an effect, at the places and by the amounts of `clauses`, would change nothing."""

        def unchanging(effect: Effect) -> bool:
            wish = wish_for(effect, clauses, self._functions)
            return wish is None or idle(wish)

        return unchanging

    def _wishes(self, meant: Meant, clauses: Sequence[Clause]) -> tuple[Wish, ...]:
        """What `meant` comes to with the places and amounts of `clauses`."""
        found = (wish_for(self._turned(e, meant, clauses), clauses, self._functions) for e in meant.effects)
        return tuple(w for w in found if w is not None)

    def _turned(self, effect: Effect, meant: Meant, clauses: Sequence[Clause]) -> Effect:
        """`effect` in the sense that the words give it, where they say one: a sentence and its opposite are near."""
        opposite = _OPPOSITES.get(ACTS[effect.act].base)
        below = self._functions.below(effect.pattern)
        if opposite is None or effect.value is not None or len(meant.effects) > 1 or not below:
            return effect
        for clause in clauses:
            if clause.describes or clause.aside or "not" in clause.marks:
                continue
            for unit, name in clause.act_units():
                plain = not unit.find("place") and not unit.find("name")
                if plain and ACTS[name].base == opposite and fit(ACTS[name], below[0]) >= 1.0:
                    return Effect(effect.pattern, name)
        return effect

    def _agreed(self, parsed: Parsed, near: Sequence[Meant]) -> Parsed | None:
        """The wishes of the words as far as the meaning bears them out; None where it does not."""
        wishes = []
        for clause, wish in self._said(parsed):
            acts = [ACTS[name] for _, name in clause.act_units()] if clause is not None else []
            for effect in (e for m in near for e in m.effects):
                if effect.pattern.startswith(wish.function.item) or wish.function.pattern.startswith(effect.pattern):
                    said = wish.act in acts or wish.token is not None or wish.amount is not None
                    meant = wish_for(effect, [clause] if clause is not None else [], self._functions)
                    chosen = wish if said and not _open_ended(wish) else meant
                    wishes += [chosen] if chosen is not None else []
                    break
        if not wishes:
            return None
        return msgspec.structs.replace(parsed, sure=1.0, wishes=tuple(wishes), doubts=(), vague=False)

    def _said(self, parsed: Parsed) -> list[tuple[Clause | None, Wish]]:
        """The wishes of the words, with the clauses that they come from."""
        clauses: list[Clause | None] = [c for c in parsed.clauses if not c.says_nothing]
        clause = clauses[0] if len(clauses) == 1 else None
        return [(clause, w) for w in parsed.wishes]

    def _only_told(self, parsed: Parsed, named: Sequence[str]) -> bool:
        """Whether it is about something that nobody can set, and asks to change it: "top up the washer fluid"."""
        asks = any((c.acts or c.unknown) and c.names and not c.describes for c in parsed.clauses)
        return asks and not any(f.settable for p in named for f in self._functions.below(p))

    def _parts(self, parsed: Parsed, meaning: Meaning, language: str, idle: Callable[[Wish], bool]) -> Understood:
        """A command, with the parts of it that its words did not tell."""
        wishes: list[Wish] = list(parsed.wishes)
        tier: Tier = "grammar"
        for clause in [*parsed.left_over, *(c for c, _ in parsed.doubts)]:
            if "not" in clause.marks:
                continue  # what it forbids is not wanted: "don't blow at my face"
            names = [p for unit in clause.names for p in unit.find("name")]
            said = " ".join(u.text for u in clause.units)
            best = meaning.meant(said, names, 1, language=language, idle=self._unchanging([clause], idle))[0]
            if best.effects and best.score >= _PART:
                tier = "meaning"
                wishes += self._wishes(best, [clause])
        return Understood(msgspec.structs.replace(parsed, wishes=tuple(wishes)), tier)


def _breaks_off(heard: Heard) -> bool:
    """Whether somebody stops in the middle of a sentence: "could you open the, erm..." """
    return heard.text.rstrip().endswith(("...", "…"))


def _asks_for_another(parsed: Parsed) -> bool:
    """Whether it wants a setting changed that it names, and only says to something else."""
    said = [c for c in parsed.clauses if not c.says_nothing]
    if len(said) != 1 or len(parsed.wishes) != 1 or said[0].describes:
        return False
    changes = any(ACTS[name].base == "change" for _, name in said[0].act_units())
    return changes and bool(said[0].names) and len(said[0].unknown) <= 1


def _open_ended(wish: Wish) -> bool:
    return wish.act.base in ("change", "set") and wish.amount is None and wish.token is None
