"""What the assistant keeps and watches for people: facts, timers, habits, and what it says unasked.

All of it stays in the car, in one file per state folder (`store`), and none of it moves anything by itself: what is to
be set comes back as actions, and the caller takes them through the door. No language is understood here.
"""

from alpenglow.assistant.memory.automations import Automation, AutomationError, Automations, Happened
from alpenglow.assistant.memory.facts import Fact, FactError, Facts, FactValue
from alpenglow.assistant.memory.habits import HabitError, Habits, Suggestion
from alpenglow.assistant.memory.listing import Remembered, forget, listed
from alpenglow.assistant.memory.proactive import Nudge, Proactive
from alpenglow.assistant.memory.rules import RuleError, load_rules
from alpenglow.assistant.memory.words import say
from alpenglow.fabric.store import Store, StoreError

__all__ = [
    "Automation",
    "AutomationError",
    "Automations",
    "Fact",
    "FactError",
    "FactValue",
    "Facts",
    "HabitError",
    "Habits",
    "Happened",
    "Nudge",
    "Proactive",
    "Remembered",
    "RuleError",
    "Store",
    "StoreError",
    "Suggestion",
    "forget",
    "listed",
    "load_rules",
    "say",
]
