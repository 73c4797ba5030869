"""The assistant: an utterance goes through the tiers, each only where the one before is not sure, and out come deeds.

Rules that always hold:
- nothing is moved but through the car's door, and never what no tier understood as asked for by the speaker;
- every utterance gets an answer that says what was done, what was not, and why; none raises.
"""

import time
from collections.abc import Mapping, Sequence

import msgspec

from alpenglow.assistant import answering
from alpenglow.assistant.api import Answer, Done, Language, Seat, Tier
from alpenglow.assistant.car import Car
from alpenglow.assistant.conversation import Conversation, Pending, Turn
from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Pack, load_packs
from alpenglow.assistant.language.parsing import Parsed, Past
from alpenglow.assistant.language.text import Heard, hear
from alpenglow.assistant.meaning import Meaning
from alpenglow.assistant.policy import Policy
from alpenglow.assistant.replies import Replies
from alpenglow.assistant.resolving import Unclear, resolve
from alpenglow.assistant.understanding import SURE, Understanding
from alpenglow.assistant.wishes import Wish, spots


class Thought(msgspec.Struct):
    """What a turn comes to while it is being worked out."""

    tier: Tier = "guard"
    parts: list[str] = []  # of the reply
    done: list[Done] = []
    past: list[Past] = []
    refused: bool = False
    asked: bool = False
    choices: list[str] = []
    why: list[str] = []
    egress_bytes: int = 0


class Assistant:
    """Thinks for one car."""

    def __init__(
        self,
        car: Car,
        packs: Mapping[str, Pack] | None = None,
        functions: Functions | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self.car = car
        self.functions = functions or Functions(car.catalogue)
        self.packs = packs or load_packs(self.functions)
        self.understanding = Understanding(self.functions, meaning)
        self.policy = Policy()

    async def ask(self, said: str, seat: Seat, conversation: Conversation) -> Answer:
        """Do or answer what was said; see `api.ask`."""
        began = time.perf_counter()
        heard = hear(said)
        language = self._language(heard, conversation)
        thought = Thought()
        replies = Replies(self.packs[language], self.functions)
        if heard.too_long:
            thought.parts.append(replies.say("too-long"))
        elif heard.disguised:
            thought.parts.append(replies.say("unreadable"))
            thought.why.append("letters of several alphabets are mixed within a word")
        elif not heard.tokens:
            thought.parts.append(replies.say("nothing-heard"))
        else:
            await self._think(heard, language, seat, conversation, thought, replies)
        conversation.language = language
        reply = " ".join(thought.parts) or replies.say("not-understood")
        conversation.add(Turn(heard.text[:300], reply, thought.done, thought.past, thought.asked))
        return Answer(
            turn=conversation.count,
            reply=reply,
            language=language,
            tier=thought.tier,
            did=thought.done,
            refused=thought.refused,
            asked=thought.asked,
            choices=thought.choices,
            why=thought.why,
            can_undo=bool(conversation.to_undo(None, {})),
            latency_ms=(time.perf_counter() - began) * 1000,
            egress_bytes=thought.egress_bytes,
        )

    def _language(self, heard: Heard, conversation: Conversation) -> Language:
        """The language whose words cover the most; that of the conversation where two do alike."""
        if any("\u3400" <= c <= "\u9fff" for c in heard.text) and "zh" in self.packs:
            return "zh"
        words = [t for t in heard.tokens if t.is_word]
        best, most = conversation.language if conversation.language in self.packs else "en", -1.0
        for language, pack in self.packs.items():
            if language == "zh":
                continue
            tokens = pack.split_compounds(tuple(words))
            covered = sum(w * (e - s) for s, e, w, _ in pack.phrases.find(tokens)) / (len(tokens) or 1)
            covered += 0.01 if language == conversation.language else 0.0
            if covered > most:
                best, most = language, covered  # type: ignore[assignment]
        return best

    async def _think(
        self, heard: Heard, language: Language, seat: Seat, talk: Conversation, thought: Thought, replies: Replies
    ) -> None:
        parsed, thought.tier, why = self.understanding.understand(heard, self.packs[language], talk.past())
        thought.why += why
        if talk.pending is not None:
            pending, talk.pending = talk.pending, None
            if parsed.kind == "yes":
                await self._carry_out(pending.wishes, seat, talk, thought, replies, confirmed=True)
                return
            if parsed.kind == "no":
                thought.parts.append(replies.say("left"))
                return
        await self._act_on(parsed, seat, talk, thought, replies)

    async def _act_on(self, parsed: Parsed, seat: Seat, talk: Conversation, thought: Thought, replies: Replies) -> None:
        thought.why += parsed.why
        match parsed.kind:
            case "command" if parsed.sure < SURE:
                thought.parts.append(replies.say("not-understood"))
            case "command":
                if parsed.instead:
                    await self._take_back(parsed, seat, talk, thought)
                await self._carry_out(parsed.wishes, seat, talk, thought, replies)
            case "question":
                assert parsed.question is not None
                thought.parts.append(answering.answer(parsed.question, seat, self.car.read, replies))
            case "undo":
                pattern = parsed.undo.pattern if parsed.undo else None
                paths = None
                if parsed.undo and parsed.undo_where.codes:
                    at = spots(parsed.undo, parsed.undo_where, seat)
                    paths = {parsed.undo.paths[s] for s in at}
                await self._undo(pattern, talk, thought, replies, paths)
            case "unclear":
                thought.asked = True
                thought.parts.append(replies.say("ask-what"))
            case "no":
                thought.parts.append(replies.say("left"))
            case "nothing":
                thought.parts.append(
                    replies.say("lacking", what=parsed.lacking[0]) if parsed.lacking else replies.say("nothing-asked")
                )
            case _:
                thought.parts.append(replies.say("not-understood"))

    async def _carry_out(
        self,
        wishes: Sequence[Wish],
        seat: Seat,
        talk: Conversation,
        thought: Thought,
        replies: Replies,
        *,
        confirmed: bool = False,
    ) -> None:
        """Do all of `wishes` that can be done, and say of each what came of it."""
        last = tuple(s for p in talk.past() for s in p.spots)
        to_confirm: list[Wish] = []
        for wish in wishes:
            moves = resolve(wish, seat, self.car.read, self.functions, last)
            if isinstance(moves, Unclear):
                thought.asked = moves.kind != "cannot"
                thought.parts.append(replies.unclear(moves))
                continue
            if not confirmed and any(self.policy.asks_first(m, self.car.read) for m in moves):
                to_confirm.append(wish)
                continue
            results = [await self._move(m.path, m.value) for m in moves]
            thought.done += results
            thought.refused = thought.refused or any(r.state == "refused" for r in results)
            if any(r.state != "refused" for r in results):
                thought.past.append(Past(wish, spots(wish.function, wish.where, seat, last)))
            thought.parts.append(replies.done(wish, results))
        if to_confirm:
            talk.pending = Pending(tuple(to_confirm))
            thought.asked = True
            thought.choices = [replies.say("yes"), replies.say("no")]
            thought.parts.append(replies.say("confirm", what=replies.wishes(to_confirm)))

    async def _move(self, path: str, value: object) -> Done:
        before = self.car.read(path)
        outcome = await self.car.actuate(path, value)  # type: ignore[arg-type]
        return Done(
            path=path,
            value=value,  # type: ignore[arg-type]
            before=before,
            state=outcome.state,
            rule=outcome.rule or "",
            says=outcome.message if outcome.state == "refused" else "",
        )

    async def _take_back(self, parsed: Parsed, seat: Seat, talk: Conversation, thought: Thought) -> None:
        """Undo what was done in error, where the correction speaks of another place or setting."""
        new = parsed.wishes[0]
        last = tuple(s for p in talk.past() for s in p.spots)
        at = set(spots(new.function, new.where, seat, last))
        for past in talk.past():
            if past.wish.function.item == new.function.item and (set(past.spots) & at):
                continue  # the same setting: the new value takes its place
            for done in talk.to_undo(past.wish.function.pattern, self._patterns()):
                assert done.before is not None
                thought.done.append(await self._move(done.path, done.before))

    def _patterns(self) -> dict[str, str]:
        return {path: f.pattern for f in self.functions.by_pattern.values() for path in f.paths.values()}

    async def _undo(
        self,
        pattern: str | None,
        talk: Conversation,
        thought: Thought,
        replies: Replies,
        paths: set[str] | None = None,
    ) -> None:
        found = [d for d in talk.to_undo(pattern, self._patterns()) if paths is None or d.path in paths]
        if not found:
            thought.parts.append(replies.say("nothing-to-undo"))
            return
        for done in found:
            assert done.before is not None
            result = await self._move(done.path, done.before)
            thought.done.append(result)
            thought.refused = thought.refused or result.state == "refused"
        thought.parts.append(replies.say("undone") if not thought.refused else thought.done[-1].says)

    async def undo(self, conversation: Conversation) -> Answer:
        """Put back what the last turn moved; see `api.undo`."""
        began = time.perf_counter()
        replies = Replies(self.packs[conversation.language], self.functions)
        thought = Thought()
        await self._undo(None, conversation, thought, replies)
        reply = " ".join(thought.parts)
        conversation.add(Turn("", reply, thought.done))
        return Answer(
            turn=conversation.count, reply=reply, language=conversation.language, tier="guard", did=thought.done,
            refused=thought.refused, asked=False, choices=[], why=[], can_undo=False,
            latency_ms=(time.perf_counter() - began) * 1000, egress_bytes=0,
        )  # fmt: skip
