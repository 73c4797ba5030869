"""The assistant: an utterance goes through the tiers, each only where the one before is not sure, and out come deeds.

Rules that always hold:
- nothing is moved but through the car's door, and never what no tier understood as asked for by the speaker;
- every utterance gets an answer that says what was done, what was not, and why; none raises;
- a model only chooses among what the sentence may mean; amounts, places and colours are the speaker's own words.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from alpenglow.assistant import answering, deliberating
from alpenglow.assistant.api import Answer, Done, Language, Seat, Tier
from alpenglow.assistant.car import Car
from alpenglow.assistant.conversation import Conversation, Pending, Turn
from alpenglow.assistant.functions import Functions, Role, Spot, split_path
from alpenglow.assistant.handbook import Handbook
from alpenglow.assistant.household import CannotKeep, Household, shown
from alpenglow.assistant.language.choosing import wish_for
from alpenglow.assistant.language.clauses import Clause
from alpenglow.assistant.language.commanding import turns_round
from alpenglow.assistant.language.pack import Effect, Pack, load_packs
from alpenglow.assistant.language.parsing import Parsed, Past, parse
from alpenglow.assistant.language.text import Heard, hear
from alpenglow.assistant.meaning import Meaning
from alpenglow.assistant.minds import Minds
from alpenglow.assistant.navigating.navigator import Navigator
from alpenglow.assistant.navigating.travelling import Before
from alpenglow.assistant.navigating.turns import Ways
from alpenglow.assistant.policy import First, Policy
from alpenglow.assistant.replies import Replies
from alpenglow.assistant.resolving import Move, Unclear, resolve
from alpenglow.assistant.scenes import Asked, Cockpit, NoScenes, asked_for, deeds
from alpenglow.assistant.tools.joining import Others
from alpenglow.assistant.understanding import SURE, Understanding, Understood
from alpenglow.assistant.wishes import Wish, spots
from alpenglow.cockpit.api import Scene, SceneRun
from alpenglow.signals import Value
from alpenglow.signals.actions import Action

type Progress = Callable[[str], None]  # the reply so far


class Thought(msgspec.Struct):
    """What a turn comes to while it is being worked out."""

    seat: Seat
    profile: str
    said: str
    progress: Progress | None = None
    tier: Tier = "guard"
    parts: list[str] = []  # of the reply
    done: list[Done] = []
    past: list[Past] = []
    refused: bool = False
    asked: bool = False
    choices: list[str] = []
    why: list[str] = []
    egress_bytes: int = 0
    scene: Scene | None = None
    ran: str = ""  # the scene that was run
    before: Before | None = None  # what was followed before, where that was changed


class Assistant:
    """Thinks for one car. What it may use besides words is optional: meaning, memory, handbook, bigger models."""

    def __init__(
        self,
        car: Car,
        functions: Functions,
        packs: Mapping[str, Pack] | None = None,
        *,
        meaning: Meaning | None = None,
        household: Household | None = None,
        handbook: Handbook | None = None,
        minds: Minds | None = None,
        cockpit: Cockpit | None = None,
        navigator: Navigator | None = None,
    ) -> None:
        self.car, self.household, self.handbook, self.minds = car, household, handbook, minds
        self.cockpit = cockpit
        self.ways = Ways(navigator, car.read) if navigator is not None else None
        self.others: Others | None = None  # other people's tools
        self.policy = Policy()
        self.know(functions, packs or load_packs(functions), meaning)

    def know(self, functions: Functions, packs: Mapping[str, Pack], meaning: Meaning | None) -> None:
        """What the car can do, and the words for it, from now on."""
        self.functions, self.packs = functions, packs
        self.understanding = Understanding(functions, meaning)
        self._patterns = {path: f.pattern for f in functions.by_pattern.values() for path in f.paths.values()}

    async def ask(
        self,
        said: str,
        seat: Seat,
        talk: Conversation,
        *,
        profile: str = "owner",
        progress: Progress | None = None,
    ) -> Answer:
        """Do or answer what was said; see `api.ask`. `progress` gets the reply as it grows."""
        began = time.perf_counter()
        heard = hear(said)
        language = talk.language = self._language(heard, talk)
        thought = Thought(seat, profile, heard.text, progress)
        replies = Replies(self.packs[language], self.functions)
        if heard.too_long:
            thought.parts.append(replies.say("too-long"))
        elif heard.disguised:
            thought.parts.append(replies.say("unreadable"))
            thought.why.append("letters of several alphabets are mixed within a word")
        elif not heard.tokens:
            thought.parts.append(replies.say("nothing-heard"))
        else:
            await self._think(heard, language, talk, thought, replies)
        return self._answer(thought, talk, replies, began)

    def _answer(self, thought: Thought, talk: Conversation, replies: Replies, began: float) -> Answer:
        """Close the turn."""
        reply = " ".join(dict.fromkeys(p[0].upper() + p[1:] for p in thought.parts if p))
        reply = reply or replies.say("not-understood")
        talk.add(
            Turn(thought.said[:300], reply, thought.done, thought.past, thought.asked, thought.ran, thought.before)
        )
        return Answer(
            turn=talk.count,
            reply=reply,
            language=talk.language,
            tier=thought.tier,
            did=thought.done,
            refused=thought.refused,
            asked=thought.asked,
            choices=thought.choices,
            why=thought.why,
            can_undo=bool(talk.to_undo(None, {})) or talk.way_turn() is not None,
            latency_ms=(time.perf_counter() - began) * 1000,
            egress_bytes=thought.egress_bytes,
            scene=thought.scene,
        )

    def _language(self, heard: Heard, talk: Conversation) -> Language:
        """The language whose words cover the most; that of the conversation where two do alike."""
        if self.ways is not None and (spoken := self.ways.language(heard, talk)) in self.packs:
            return spoken  # type: ignore[return-value]
        if any("\u3400" <= c <= "\u9fff" for c in heard.text) and "zh" in self.packs:
            return "zh"
        words = [t for t in heard.tokens if t.is_word]
        best, most = talk.language if talk.language in self.packs else "en", -1.0
        for language, pack in self.packs.items():
            if language == "zh":
                continue
            tokens = pack.split_compounds(tuple(words))
            covered = sum(w * (e - s) for s, e, w, _ in pack.phrases.find(tokens)) / (len(tokens) or 1)
            covered += 0.01 if language == talk.language else 0.0
            if covered > most:
                best, most = language, covered  # type: ignore[assignment]
        return best

    # -- understanding -------------------------------------------------------------------------------------------------

    async def _think(
        self, heard: Heard, language: Language, talk: Conversation, thought: Thought, replies: Replies
    ) -> None:
        def idle(wish: Wish) -> bool:
            return self._changes_nothing(wish, thought)

        understood = self.understanding.understand(heard, self.packs[language], talk.past(), idle)
        parsed = understood.parsed
        thought.tier = understood.tier
        thought.why += [*understood.why, *parsed.why]
        if talk.pending is not None:
            pending, talk.pending = talk.pending, None
            if parsed.kind == "yes":
                thought.seat = pending.seat
                await self._confirmed(pending, talk, thought, replies)
                return
            if parsed.kind == "no":
                thought.parts.append(replies.say("left"))
                return
        asked = asked_for(heard, self.cockpit.known) if self.cockpit is not None else None
        if asked is not None and (asked.explicit or not (parsed.kind == "command" and parsed.sure >= SURE)):
            thought.tier = "grammar"
            thought.why.append(f"{asked.scene.scene.name} is a scene")
            await self._do_scene(asked, thought, replies)
            return
        for errand, rest in self.ways.halves(heard, talk) if self.ways is not None else ():
            other = self.understanding.understand(rest, self.packs[language], talk.past(), idle).parsed
            if other.kind == "command" and other.sure >= SURE:
                await self.ways.hear(errand, Parsed("unknown", 0.0), talk, thought, replies)  # type: ignore[union-attr]
                await self._act_on(other, language, talk, thought, replies)
                return
        if self.ways is not None and await self.ways.hear(heard, parsed, talk, thought, replies):
            return
        waits = self.others is not None and self.others.waits(language, thought.seat)
        if waits and await self._others_say(language, thought):
            return
        if self.minds is not None and _gives_up(understood):
            parsed = await self._decide(understood, self.minds, thought)
        await self._act_on(parsed, language, talk, thought, replies)

    async def _decide(self, understood: Understood, minds: Minds, thought: Thought) -> Parsed:
        """What a bigger model takes the sentence for, where words and meaning cannot tell.

        Of its plain command only the setting and the act count; the rest is what the speaker said. What the small model
        in the car says must also be among what the sentence may mean: two weak witnesses that agree are a good one.
        """
        answer = await minds.rephrase(thought.said, thought.profile, self._driving())
        thought.egress_bytes += answer.egress_bytes
        thought.why += answer.why
        if not answer.text:
            return understood.parsed
        thought.why.append(f"the model took it for: {answer.text}")
        clauses = understood.parsed.clauses
        if answer.text in (deliberating.NOTHING, deliberating.UNCLEAR):
            thought.tier = answer.tier
            return Parsed("nothing" if answer.text == deliberating.NOTHING else "unclear", 0.8, clauses=clauses)
        english = self.packs.get("en") or next(iter(self.packs.values()))
        meant = {e.pattern for option in understood.options for e in option.effects}
        wishes: list[Wish] = []
        for wish in parse(hear(answer.text), english, self.functions).wishes:
            token = wish.token if answer.tier == "cloud" or wish.function.role is Role.MODE else None
            if answer.tier == "cloud" or wish.function.pattern in meant:
                own = wish_for(Effect(wish.function.pattern, wish.act.name, token), clauses, self.functions)
                wishes += [own] if own is not None else []
        if not wishes:
            return understood.parsed
        thought.tier = answer.tier
        return Parsed("command", 1.0, tuple(wishes), clauses=clauses)

    def _driving(self) -> str:
        state = self.car.read("Vehicle.Alpenglow.DrivingState")
        return state if isinstance(state, str) else "MOVING"

    # -- doing ---------------------------------------------------------------------------------------------------------

    async def _act_on(
        self, parsed: Parsed, language: Language, talk: Conversation, thought: Thought, replies: Replies
    ) -> None:
        match parsed.kind:
            case "command" if parsed.sure >= SURE:
                if parsed.instead:
                    await self._take_back(parsed, talk, thought)
                await self._carry_out(parsed.wishes, talk, thought, replies)
            case "question":
                assert parsed.question is not None
                thought.parts.append(answering.answer(parsed.question, thought.seat, self.car.read, replies))
            case "how-to":
                self._look_up(language, thought, replies)
            case "undo":
                paths = None
                if parsed.undo and parsed.undo_where.codes:
                    paths = {parsed.undo.paths[s] for s in spots(parsed.undo, parsed.undo_where, thought.seat)}
                await self._undo(parsed.undo.pattern if parsed.undo else None, talk, thought, replies, paths)
            case "nothing" | "unknown" | "unclear" if await self._others_say(language, thought):
                pass
            case "unclear":
                thought.asked = True
                thought.parts.append(replies.say("ask-what"))
            case "no":
                thought.parts.append(replies.say("left"))
            case "why":
                thought.parts.append(talk.turns[-1].reply if talk.turns else replies.say("nothing-to-undo"))
            case "later" | "scene" | "remember" | "forget":
                self._plan(parsed, talk, thought, replies)
            case "nothing" if parsed.lacking:
                thought.parts.append(replies.say("lacking", what=parsed.lacking[0]))
            case "nothing" | "yes":
                await self._small_talk(talk, thought, replies)
            case _:
                self._look_up(language, thought, replies)

    async def _small_talk(self, talk: Conversation, thought: Thought, replies: Replies) -> None:
        """Nothing is to be done: a model may talk, if there is one."""
        before = [(t.said, t.reply) for t in talk.turns if t.said]
        if self.minds is None:
            thought.parts.append(replies.say("nothing-asked"))
            return
        answer = await self.minds.talk(thought.said, before, thought.profile, self._driving(), thought.progress)
        thought.egress_bytes += answer.egress_bytes
        thought.why += answer.why
        if answer.text:
            thought.tier = answer.tier
        thought.parts.append(answer.text or replies.say("nothing-asked"))

    async def _others_say(self, language: Language, thought: Thought) -> bool:
        """Whether other people's tools had something to do or to ask; their words are shown, and only shown."""
        if self.others is None:
            return False
        answer = await self.others.say(thought.said, self.packs[language], thought.seat)
        if answer is None:
            return False
        thought.asked = bool(answer.asking)
        thought.parts.append(answer.reply)
        for call in answer.calls:
            done = Done(path=call.tool, value=None, before=None, state="confirmed", says=answer.reply)
            thought.done.append(done)
        thought.why.append(
            "said by: " + ", ".join(call.tool for call in answer.calls) if answer.calls else "their tool asks"
        )
        return True

    def _look_up(self, language: Language, thought: Thought, replies: Replies) -> None:
        """The handbook's words, with their place in it."""
        found = self.handbook.answer(thought.said, language) if self.handbook is not None else None
        if found is None:
            thought.parts.append(replies.say("not-understood"))
            return
        cited = dict.fromkeys(cite.title for cite in found.cites)
        thought.parts += [found.text, f"({'; '.join(cited)})"]

    async def _carry_out(
        self,
        wishes: Sequence[Wish],
        talk: Conversation,
        thought: Thought,
        replies: Replies,
        *,
        confirmed: bool = False,
    ) -> None:
        """Do all of `wishes` that can be done, and say of each what came of it."""
        last = tuple(s for p in talk.past() for s in p.spots)
        to_confirm: list[Wish] = []
        waiting: list[Move] = []
        for wish in wishes:
            moves = self._moves(wish, thought, last)
            if isinstance(moves, Unclear):
                thought.asked = thought.asked or moves.kind != "cannot"
                thought.parts.append(replies.unclear(moves))
                continue
            if not confirmed and self._first(moves):
                to_confirm.append(wish)
                waiting += moves
                continue
            # All windows at once: one after the other each would wait until the one before has begun to move.
            results = await asyncio.gather(*(self.move(m.path, m.value, thought.profile, replies) for m in moves))
            thought.done += results
            thought.refused = thought.refused or any(r.state == "refused" for r in results)
            if any(r.state != "refused" for r in results):
                thought.past.append(Past(wish, spots(wish.function, wish.where, thought.seat, last)))
            thought.parts.append(replies.done(wish, results))
        if to_confirm:
            self._ask_first(Pending(thought.seat, tuple(to_confirm)), waiting, talk, thought, replies)

    def _first(self, moves: Sequence[Move]) -> list[First]:
        """Why a yes is needed before `moves`; [] where none is."""
        return [row for m in moves if (row := self.policy.asks_first(m, self.car.read)) is not None]

    def _ask_first(
        self, pending: Pending, moves: Sequence[Move], talk: Conversation, thought: Thought, replies: Replies
    ) -> None:
        """Read `moves` back and wait for a yes."""
        talk.pending = pending
        thought.asked = True
        thought.choices = [replies.say("yes"), replies.say("no")]
        thought.parts += dict.fromkeys(row.says.get(talk.language, row.says["en"]) for row in self._first(moves))
        what = ", ".join(dict.fromkeys(replies.shown(m.path, m.value).rstrip(".。") for m in moves))
        thought.parts.append(replies.say("confirm", what=what))

    async def _confirmed(self, pending: Pending, talk: Conversation, thought: Thought, replies: Replies) -> None:
        """The yes has come."""
        if pending.forget and self.household is not None:
            gone = self.household.forget(thought.profile, "")
            thought.parts.append(replies.say("forgotten", n=str(gone)))
        if pending.scene is not None:
            await self._keep_scene(pending.scene, thought, replies)
        if pending.later is not None:
            self._plan(pending.later, talk, thought, replies, confirmed=True)
        if pending.back:
            await self._put_back(pending.back, talk, thought, replies, confirmed=True)
        await self._carry_out(pending.wishes, talk, thought, replies, confirmed=True)

    def _moves(self, wish: Wish, thought: Thought, last: tuple[Spot, ...] = ()) -> list[Move] | Unclear:
        return resolve(wish, thought.seat, self.car.read, self.functions, last)

    def _changes_nothing(self, wish: Wish, thought: Thought) -> bool:
        """Whether the car is so already, or `wish` says too little to move anything (which colour can be asked)."""
        moves = self._moves(wish, thought)
        if isinstance(moves, Unclear):
            return wish.function.role is not Role.COLOUR
        return all(self.car.read(move.path) == move.value for move in moves)

    async def move(self, path: str, value: Value, profile: str, replies: Replies) -> Done:
        """Set one thing through the door; what a person set and the door confirmed is what habits come from."""
        before = self.car.read(path)
        outcome = await self.car.actuate(path, value)
        done = outcome.state in ("confirmed", "moving")
        if done and self.household is not None:
            self.household.made(profile, path, value, self.car.read)
        return Done(
            path=path,
            value=value,
            before=before,
            state=outcome.state,
            rule=outcome.rule or "",
            says=replies.shown(path, value) if done else outcome.message,
        )

    async def run(
        self, actions: Sequence[Action], profile: str, talk: Conversation, said: str, title: str = ""
    ) -> Answer:
        """Do the actions of a scene, a timer or a suggestion, as a turn of its own that can be undone.

        What nobody has asked for just now begins its reply with its `title`.
        """
        began = time.perf_counter()
        replies = Replies(self.packs[talk.language], self.functions)
        thought = Thought("driver", profile, said)
        for action in actions:
            thought.done.append(await self.move(action.path, action.value, profile, replies))
        self._tell(thought, replies, title)
        return self._answer(thought, talk, replies, began)

    def _tell(self, thought: Thought, replies: Replies, title: str) -> None:
        """Say what became of many settings, under a title where nobody has asked just now."""
        thought.parts += [f"{title}:"] if title else []
        achieved = [(d.path, d.value) for d in thought.done if d.state in ("confirmed", "moving")]
        thought.parts += replies.states([(path, value) for path, value in achieved if value is not None])
        thought.parts += [d.says for d in thought.done if d.state not in ("confirmed", "moving", "unchanged")]
        thought.refused = any(d.state == "refused" for d in thought.done)

    # -- scenes --------------------------------------------------------------------------------------------------------

    async def run_scene(self, asked: Asked, profile: str, talk: Conversation) -> Answer:
        """Run or end a scene that was asked for otherwise than by words, as a turn of its own."""
        began = time.perf_counter()
        replies = Replies(self.packs[talk.language], self.functions)
        thought = Thought("driver", profile, asked.scene.scene.name, tier="grammar")
        await self._do_scene(asked, thought, replies)
        return self._answer(thought, talk, replies, began)

    def told(self, run: SceneRun, talk: Conversation) -> Answer:
        """A turn for what a scene did without the assistant, so that people hear of it and can take it back."""
        began = time.perf_counter()
        replies = Replies(self.packs[talk.language], self.functions)
        thought = Thought("driver", run.profile, run.name)
        self._take_over(run, thought)
        self._tell(thought, replies, run.name)
        return self._answer(thought, talk, replies, began)

    def _take_over(self, run: SceneRun, thought: Thought) -> None:
        thought.done += deeds(run)
        thought.ran = run.scene

    async def _do_scene(self, asked: Asked, thought: Thought, replies: Replies) -> None:
        """The cockpit runs or ends it; what it did is told here."""
        name = asked.scene.scene.name
        try:
            if self.cockpit is None:
                raise NoScenes("the cockpit is not there")
            run = await (self.cockpit.run if asked.verb == "run" else self.cockpit.end)(asked.scene.scene.id)
        except NoScenes as problem:
            thought.parts.append(replies.say("no-scenes", why=str(problem)))
            return
        if run.problem:
            thought.parts.append(replies.say(f"scene-{run.problem}", name=name))
            return
        self._take_over(run, thought)
        self._tell(thought, replies, "")
        if asked.verb == "end" or not thought.parts:
            thought.parts.insert(0, replies.say("scene-ended", name=name) if asked.verb == "end" else f"{name}.")

    async def _keep_scene(self, draft: Scene, thought: Thought, replies: Replies) -> None:
        """The yes to a draft has come."""
        try:
            if self.cockpit is None:
                raise NoScenes("the cockpit is not there")
            kept = await self.cockpit.keep(draft)
        except NoScenes as problem:
            thought.parts.append(replies.say("no-scenes", why=str(problem)))
            return
        thought.parts.append(replies.say("scene-kept", name=kept.name))

    # -- taking back ---------------------------------------------------------------------------------------------------

    async def _take_back(self, parsed: Parsed, talk: Conversation, thought: Thought) -> None:
        """Undo what was done in error, where the correction speaks of another place or setting."""
        new = parsed.wishes[0]
        replies = Replies(self.packs[talk.language], self.functions)
        last = tuple(s for p in talk.past() for s in p.spots)
        at = set(spots(new.function, new.where, thought.seat, last))
        for past in talk.past():
            same = past.wish.function.item == new.function.item and bool(set(past.spots) & at)
            turned = same and turns_round(past.wish, new)  # "no, quieter": than it was before
            if same and "only" not in new.where.codes and not turned:
                continue  # the same setting: the new value takes its place
            for done in talk.to_undo(past.wish.function.pattern, self._patterns):
                if same and not turned and split_path(done.path)[1] in at:
                    continue  # "only the front ones": the others are put back
                assert done.before is not None
                if not self._first([Move(done.path, done.before)]):  # a correction is no order to open the car
                    thought.done.append(await self.move(done.path, done.before, thought.profile, replies))

    async def _undo(
        self,
        pattern: str | None,
        talk: Conversation,
        thought: Thought,
        replies: Replies,
        paths: set[str] | None = None,
    ) -> None:
        everything = pattern is None and paths is None
        if everything and self.ways is not None and await self.ways.undo(talk, thought):
            return
        found = [d for d in talk.to_undo(pattern, self._patterns) if paths is None or d.path in paths]
        if not found:
            thought.parts.append(replies.say("nothing-to-undo"))
            return
        await self._put_back(found, talk, thought, replies)

    async def _put_back(
        self, found: Sequence[Done], talk: Conversation, thought: Thought, replies: Replies, *, confirmed: bool = False
    ) -> None:
        """Undo what can be undone now; what would open the car is asked first, as if it had been said."""
        back = [(done, Move(done.path, done.before)) for done in found if done.before is not None]
        waiting = [done for done, move in back if not confirmed and self._first([move])]
        results = await asyncio.gather(
            *(self.move(m.path, m.value, thought.profile, replies) for done, m in back if done not in waiting)
        )
        thought.done += results
        for scene in talk.scenes_of(found) if self.cockpit is not None and not waiting else ():
            with contextlib.suppress(NoScenes):  # it does not run any more
                await self.cockpit.end(scene)  # type: ignore[union-attr]
        refused = [r.says for r in results if r.state == "refused"]
        thought.refused = thought.refused or bool(refused)
        thought.parts += refused or ([replies.say("undone")] if results else [])
        if waiting:
            moves = [Move(d.path, d.before) for d in waiting if d.before is not None]
            self._ask_first(Pending(thought.seat, back=tuple(waiting)), moves, talk, thought, replies)

    async def undo(self, talk: Conversation, profile: str = "owner") -> Answer:
        """Put back what the last turn moved; see `api.undo`."""
        began = time.perf_counter()
        replies = Replies(self.packs[talk.language], self.functions)
        thought = Thought("driver", profile, "")
        await self._undo(None, talk, thought, replies)
        return self._answer(thought, talk, replies, began)

    # -- planning ------------------------------------------------------------------------------------------------------

    def _plan(
        self, parsed: Parsed, talk: Conversation, thought: Thought, replies: Replies, *, confirmed: bool = False
    ) -> None:
        """Scenes, timers and what to remember: kept, not done."""
        if self.household is None:
            thought.parts.append(replies.say("no-memory"))
            return
        if parsed.kind == "forget":
            what = self.policy.forgetting.get(talk.language, self.policy.forgetting["en"])
            talk.pending, thought.asked = Pending(thought.seat, forget=True), True
            thought.choices = [replies.say("yes"), replies.say("no")]
            thought.parts.append(replies.say("confirm", what=what))
            return
        try:
            if parsed.kind == "remember":
                self._remember(parsed, self.household, thought, replies)
            else:
                self._plan_actions(parsed, self.household, talk, thought, replies, confirmed=confirmed)
        except CannotKeep as problem:
            thought.parts.append(replies.say("cannot-keep", why=str(problem)))

    def _remember(self, parsed: Parsed, household: Household, thought: Thought, replies: Replies) -> None:
        fact = next((f for c in parsed.clauses if (f := _fact(c)) is not None), ("", thought.said))
        household.remember(thought.profile, fact[0], fact[1], thought.said)
        thought.parts.append(replies.say("remembered"))

    def _plan_actions(
        self,
        parsed: Parsed,
        household: Household,
        talk: Conversation,
        thought: Thought,
        replies: Replies,
        *,
        confirmed: bool,
    ) -> None:
        planned: list[Move] = []
        for wish in parsed.wishes:
            moves = self._moves(wish, thought)
            if isinstance(moves, Unclear):
                thought.asked = True
                thought.parts.append(replies.unclear(moves))
                return
            planned += moves
        if not planned:
            thought.asked = True
            thought.parts.append(replies.say("ask-what"))
            return
        if parsed.kind == "later" and not confirmed and self._first(planned):
            # Nobody may be there to say yes when it falls due. A scene is a draft that is looked at anyway.
            self._ask_first(Pending(thought.seat, later=parsed), planned, talk, thought, replies)
            return
        actions = [Action(path=m.path, value=m.value) for m in planned]
        says = " ".join(replies.states([(a.path, a.value) for a in actions]))
        if parsed.kind == "scene":
            name = ", ".join(dict.fromkeys(replies.name(wish.function) for wish in parsed.wishes))
            known = self.cockpit.known if self.cockpit is not None else ()
            name = name[:1].upper() + name[1:]
            actions = shown(actions, replies.shown)
            thought.scene = household.draft(thought.profile, name, parsed.when, actions, thought.said, known)
            talk.pending = Pending(thought.seat, scene=thought.scene)
            thought.parts.append(replies.say("scene-draft", what=says))
        else:
            assert parsed.when is not None
            household.later(thought.profile, parsed.when, actions, thought.said)
            thought.parts.append(replies.say("planned", what=says))


def _gives_up(understood: Understood) -> bool:
    """Whether the first tiers leave a sentence open that wants something of the car, and says enough of it."""
    parsed = understood.parsed
    unanswered = parsed.kind == "unknown" or (parsed.kind == "command" and parsed.sure < SURE)
    return unanswered and bool(understood.options) and bool(understood.options[0].effects)


def _fact(clause: Clause) -> tuple[str, str | float] | None:
    """A fact with a key of its own: what to call somebody, the temperature they like."""
    for index, unit in enumerate(clause.units):
        if "call-me" in unit.find("mark"):
            name = " ".join(u.text for u in clause.units[index + 1 :]).title()
            return ("name", name) if name else None
    degrees = next((s for s in clause.said if s.unit == "degree"), None)
    return ("likes.temperature", degrees.number.value) if degrees is not None else None
