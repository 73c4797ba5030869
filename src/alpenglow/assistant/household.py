"""What people have the car keep for them: facts, timers, habits; and what it says unasked.

Binds the understanding of sentences to `memory`. Nothing here moves anything: what falls due is given to `Assistant`,
which takes it through the door.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from alpenglow.assistant import api
from alpenglow.assistant.language.conditions import OnArrival
from alpenglow.assistant.language.timing import When
from alpenglow.assistant.memory import (
    Automation,
    AutomationError,
    Automations,
    FactError,
    Facts,
    HabitError,
    Habits,
    Nudge,
    Proactive,
    Store,
    StoreError,
    Suggestion,
    forget,
    listed,
    load_rules,
)
from alpenglow.assistant.resolving import Read
from alpenglow.assistant.scenes import draft
from alpenglow.cockpit.api import Scene, ShownScene
from alpenglow.signals import Catalogue, Value
from alpenglow.signals.actions import Action, ActionError
from alpenglow.signals.conditions import After, All, Arrives, At, Compare, Condition, ConditionError, Place

type Says = Callable[[str, Value], str]  # path, value → "Driver's window: open"

_LATITUDE, _LONGITUDE = "Vehicle.CurrentLocation.Latitude", "Vehicle.CurrentLocation.Longitude"


class CannotKeep(ValueError):
    """Something cannot be kept or planned; the text says why, for people."""


def now() -> datetime:
    """Local time with its zone."""
    return datetime.now().astimezone()


class Household:
    """The memory of one car, for all its profiles."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        """Opens or begins the store in `folder`. StoreError where that is impossible."""
        self._store = Store(folder, "memory")
        self.notice = self._store.notice
        self.facts = Facts(self._store)
        self._catalogue = catalogue
        self.automations = Automations(self._store, catalogue, self.facts)
        self.habits = Habits(self._store, catalogue)
        self._proactive = Proactive(load_rules(catalogue), self._store, self.facts, now())
        self._nudges: dict[str, Nudge] = {}
        self._suggested: dict[str, Suggestion] = {}

    # -- planning ------------------------------------------------------------------------------------------------------

    def draft(
        self,
        profile: str,
        name: str,
        when: When | None,
        actions: Sequence[Action],
        said: str,
        known: Sequence[ShownScene] = (),
    ) -> Scene:
        """A scene to look at and keep, named unlike those `known`. CannotKeep says why there can be none."""
        try:
            condition = None if when is None else _condition(when)
            words = "" if when is None else when.said
            places = self.facts.places(profile)
            return draft(self._catalogue, name, condition, words, actions, said, places, known)
        except (ActionError, ConditionError, StoreError) as error:
            raise CannotKeep(str(error)) from None

    def later(self, profile: str, when: When, actions: Sequence[Action], said: str) -> Automation:
        """Do `actions` at that moment, or every time. CannotKeep says why not."""
        try:
            return self.automations.add(
                profile, when=_condition(when), actions=actions, once=not when.every, said=said, now=now()
            )
        except (AutomationError, ConditionError, StoreError) as error:
            raise CannotKeep(str(error)) from None

    def remember(self, profile: str, key: str, value: str | float, said: str) -> None:
        """A fact that somebody stated; with no key a note. CannotKeep says why not."""
        try:
            if key:
                self.facts.remember(profile, key, value, said, now())
            else:
                self.facts.note(profile, str(value), said, now())
        except (FactError, StoreError) as error:
            raise CannotKeep(str(error)) from None

    def remember_place(self, profile: str, name: str, read: Read, said: str) -> None:
        """Where the car is now is `name`. CannotKeep where nobody knows where it is."""
        latitude, longitude = read(_LATITUDE), read(_LONGITUDE)
        if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
            raise CannotKeep("the car does not know where it is now")
        try:
            self.facts.remember_place(
                profile, name, Place(latitude=float(latitude), longitude=float(longitude)), said, now()
            )
        except (FactError, StoreError) as error:
            raise CannotKeep(str(error)) from None

    def made(self, profile: str, path: str, value: Value, read: Read) -> None:
        """Somebody set something and the door confirmed it: what habits are learned from."""
        self.habits.made(profile, path, value, read, now())

    # -- what falls due ------------------------------------------------------------------------------------------------

    def due(self, read: Read, profiles: Sequence[str]) -> list[Automation]:
        """What is to be done now; to be called every second."""
        return list(self.automations.step(read, now(), profiles).fired)

    def look(self, profile: str, read: Read) -> str:
        """Notice the situation, and return what should be proposed now ("" for nothing); every second."""
        nudge = self._proactive.step(profile, read, now())
        self._nudges = {name: old for name, old in self._nudges.items() if not self._proactive.is_over(name)}
        if nudge is not None:
            self._nudges = {nudge.id: nudge, **self._nudges}
        return "" if nudge is None else nudge.id

    def suggest(self, profile: str, read: Read) -> None:
        """Look for habits that fit the situation; about every minute."""
        self.habits.look(profile, read, now())
        self._suggested = {s.id: s for s in self.habits.suggest(profile, read, now())}

    def offered(self, language: str, says: Says) -> list[api.Suggestion]:
        """All that is proposed now."""
        offers = [(n.id, n.text, n.offers) for n in self._nudges.values()]
        offers += [(s.id, s.text, s.actions) for s in self._suggested.values()]
        return [
            api.Suggestion(id=offer, says=text.get(language, text["en"]), actions=shown(actions, says))
            for offer, text, actions in offers
        ]

    def answer(self, profile: str, offer: str, accept: bool) -> tuple[Action, ...]:
        """Take an offer (its actions are returned) or turn it down. CannotKeep for one that does not exist."""
        if (nudge := self._nudges.pop(offer, None)) is not None:
            if not accept:
                self._proactive.dismiss(profile, offer, now())
            return nudge.offers if accept else ()
        if self._suggested.pop(offer, None) is None:
            raise CannotKeep("that is no longer proposed")
        try:
            if accept:
                return self.habits.accept(profile, offer).actions
            self.habits.dismiss(profile, offer, now())
        except (HabitError, StoreError) as error:
            raise CannotKeep(str(error)) from None
        return ()

    # -- looking at it -------------------------------------------------------------------------------------------------

    def timers(self, profile: str, says: Says) -> list[api.Timer]:
        """What waits for its moment, oldest first."""
        return [api.Timer(id=a.id, said=a.said, actions=shown(a.actions, says)) for a in self.automations.all(profile)]

    def drop_timer(self, profile: str, timer: str) -> None:
        """Forget a timer."""
        self.automations.cancel(profile, timer)

    def memories(self, profile: str, language: str) -> list[api.Memory]:
        """Everything that is kept of a profile."""
        return [
            api.Memory(id=r.id, kind=_kind(r.kind), says=r.text.get(language, r.text["en"]), since=r.since.isoformat())
            for r in listed(self._store, self.habits, profile)
        ]

    def kept(self, profile: str) -> list[api.Kept]:
        """How much is kept of a profile, by kind."""
        return [api.Kept(kind=k, count=n, since=at) for k, n, at in self._store.summary(profile)]

    def everything(self, profile: str) -> dict[str, dict[str, object]]:
        """All that is kept of a profile: kind → id → what."""
        return self._store.everything(profile)

    def forget(self, profile: str, memory: str) -> int:
        """Erase one memory, or all of a profile; how many are gone."""
        return forget(self._store, self.habits, profile, memory)


def shown(actions: Sequence[Action], says: Says) -> list[Action]:
    """The actions with their words."""
    return [Action(path=a.path, value=a.value, says=says(a.path, a.value)) for a in actions]


def _kind(kind: str) -> api.MemoryKind:
    return kind if kind in ("fact", "habit", "timer", "event") else "event"  # type: ignore[return-value]


def _condition(when: When) -> Condition:
    """The condition that `when` says; CannotKeep where it was not understood."""
    if not when.understood:
        raise CannotKeep(f"I do not know how to tell when that is: {when.said!r}")
    parts: list[Condition] = []
    for condition in when.conditions:
        if isinstance(condition, OnArrival):
            parts.append(Arrives(place=condition.place))
        else:
            parts.append(Compare(path=condition.path, op=condition.op, value=condition.value))  # type: ignore[arg-type]
    if when.after_s:
        parts.append(After(seconds=when.after_s))
    if when.at is not None:
        parts.append(At(time=when.at))
    return parts[0] if len(parts) == 1 else All(of=tuple(parts))
