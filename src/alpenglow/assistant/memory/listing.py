"""Everything that is remembered of a profile, as a list that its person can read and take things off.

`Store.export` gives the same in full; here many occasions are one line.
"""

from datetime import datetime
from typing import Literal

import msgspec

from alpenglow.assistant.memory.automations import Automation
from alpenglow.assistant.memory.facts import Fact
from alpenglow.assistant.memory.habits import Habits
from alpenglow.assistant.memory.occasions import Occasion
from alpenglow.assistant.memory.proactive import Told
from alpenglow.assistant.memory.words import say
from alpenglow.fabric.store import Store

_KINDS: dict[str, str] = {
    "fact": "fact",
    "timer": "automation",
    "refused": "suggestion",
    "nudge": "nudge",
}
# Facts that have a sentence of their own; the rest is shown by its key.
_FACTS = {"name": "shown_name", "likes.temperature": "shown_temperature"}


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    id: str  # "fact/name", "habit/<path>", "occasions"
    kind: Literal["fact", "habit", "timer", "event"]
    text: dict[str, str]  # language → sentence
    since: datetime


def listed(store: Store, habits: Habits, profile: str) -> list[Remembered]:
    """All lines of a profile."""
    lines = [
        Remembered(
            id=f"fact/{fact.key}",
            kind="fact",
            text=say(_sentence(fact.key), key=fact.key, value=_plain(fact.value), said=fact.said),
            since=fact.at,
        )
        for fact in store.items(profile, "fact", Fact)
    ]
    for timer in store.items(profile, "automation", Automation):
        text = say("shown_timer", said=timer.said)
        lines.append(Remembered(id=f"timer/{timer.id}", kind="timer", text=text, since=timer.made))
    lines += [
        Remembered(id=f"habit/{setting.path}", kind="habit", text=setting.text, since=setting.since)
        for setting in habits.settings(profile)
    ]
    for refused in habits.refused(profile):
        text = say("shown_refused", what=habits.name(refused.path))
        lines.append(Remembered(id=f"refused/{refused.id}", kind="habit", text=text, since=refused.at))
    occasions = store.items(profile, "occasion", Occasion)
    if occasions:
        text = say("shown_occasions", count=len(occasions))
        lines.append(Remembered(id="occasions", kind="event", text=text, since=occasions[0].began))
    for told in store.items(profile, "nudge", Told):
        if (since := told.at or told.quiet_until) is not None:
            text = say("shown_nudge", rule=told.rule)
            lines.append(Remembered(id=f"nudge/{told.rule}", kind="event", text=text, since=since))
    return lines


def forget(store: Store, habits: Habits, profile: str, line: str = "") -> int:
    """Erase one line for good, or with "" everything of the profile; returns how many items are gone."""
    if not line:
        return store.erase(profile)
    if line == "occasions":
        return store.erase(profile, "occasion")
    kind, _, item = line.partition("/")
    if kind == "habit":
        return habits.forget(profile, item)
    return store.erase(profile, _KINDS[kind], item) if kind in _KINDS else 0


def _sentence(key: str) -> str:
    return "shown_note" if key.startswith("note.") else _FACTS.get(key, "shown_fact")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part:g}" for name, part in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
