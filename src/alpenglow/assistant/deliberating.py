"""Tiers 3 and 4: a language model says in plain words what a sentence may want; the words tier reads those.

Rules that always hold:
- a model's answer is a sentence, read like one that a person said: it names no path and no value, and nothing in it can
  be more than one of the car's own functions, asked of the same door;
- amounts, places and colours are taken from what the speaker said, never from the model (provenance);
- what comes from outside (titles, place names, messages, handbook text) is not shown to it here.
"""

DEADLINE_S = 6.0
MOST_TOKENS = 32
NOTHING, UNCLEAR = "nothing", "unclear"

_SYSTEM = """\
You are the ears of a car's assistant. Somebody in the car says something, in any language. Say in plain English, in \
one short line, what they want the car to do: the command, with the part of the car, the place if they name one, and \
the number if they name one. If they want nothing of the car's settings (chat, stories, questions, songs, jokes, \
requests a car cannot do), write: nothing. If they want some change but you cannot know which, write: unclear."""
# Said → command. From language, to show the form; none comes from a test.
_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Brr, my bottom is like ice.", "heat my seat"),
    ("Who painted the Mona Lisa?", NOTHING),
    ("I can hardly follow what she says on the radio.", "turn the volume up"),
    ("Do something about it.", UNCLEAR),
    ("Wenn das so weitergeht, schmelze ich hier.", "make it cooler"),
    ("My uncle once drove off with the boot open.", NOTHING),
    ("后面什么都看不清,玻璃全是水汽。", "turn on the rear defroster"),
    ("Enough of that rubbing along my spine.", "turn off my massage"),
    ("Let the lad behind the driver have a bit of air.", "open the rear left window a bit"),
    ("Pop the lid so I can get my suitcase.", "open the boot"),
)


def prompt(said: str) -> list[dict[str, str]]:
    """The messages for one utterance; all but the last are always the same, so that a model keeps them read."""
    messages = [{"role": "system", "content": _SYSTEM}]
    for example, command in _EXAMPLES:
        messages += [{"role": "user", "content": example}, {"role": "assistant", "content": command}]
    return [*messages, {"role": "user", "content": said}]


def plain(answer: str) -> str:
    """The command in a model's answer: its first line, without what models put around it."""
    lines = [line.strip(" \t\"'`.*") for line in answer.splitlines()]
    return next((line for line in lines if line), "")[:200]
