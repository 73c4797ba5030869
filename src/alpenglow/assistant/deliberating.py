"""Tiers 3 and 4: a language model chooses among the things that a sentence may mean.

Rules that always hold:
- the model writes one of the commands it is given, or that nothing is wanted, or that too little was said: it names no
  path and no value, so that nothing it says can be more than one of the car's own functions;
- amounts, places and colours come from the speaker's words, never from the model;
- what comes from outside (titles, place names, messages, handbook text) is not shown to it here.
"""

from collections.abc import Mapping, Sequence

from alpenglow.assistant.functions import Functions
from alpenglow.assistant.language.pack import Effect, Pack, parse_effect
from alpenglow.assistant.meaning import ASK, TALK, Meant

NOTHING, UNCLEAR = "do nothing", "ask what is meant"
MOST_OPTIONS = 8
DEADLINE_S = 6.0
MOST_TOKENS = 40

_SYSTEM = """\
You are the assistant of a car. You hear what a person in the car says, in any language. Write the command that the car \
shall carry out, or "do nothing" if they only talk, tell, joke, quote, deny, or ask for something else than a setting \
of the car, or "ask what is meant" if they want a change but it could be anything."""
# Said → command. From language, to show the form; none comes from a test.
_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Brr, my bottom is like ice.", "heat the seat"),
    ("Who painted the Mona Lisa?", NOTHING),
    ("I can hardly follow what she says on the radio.", "louder: the volume"),
    ("Do something about it.", UNCLEAR),
    ("Wenn das so weitergeht, schmelze ich hier.", "cooler: the temperature"),
    ("My uncle once drove off with the boot open.", NOTHING),
    ("后面什么都看不清,玻璃全是水汽。", "turn on the rear defroster"),
    ("Enough of that rubbing along my spine.", "turn off the massage"),
)
_SAYS = {
    "on": "turn on the {}",
    "off": "turn off the {}",
    "open": "open the {}",
    "close": "close the {}",
    "lock": "lock the {}",
    "unlock": "unlock the {}",
    "fold": "fold the {}",
    "unfold": "unfold the {}",
    "heat": "heat the {}",
    "cool": "cool the {}",
    "set": "set the {}",
    "change": "change the {}",
}


class Options:
    """The commands in words, for a model to choose from."""

    def __init__(self, functions: Functions, pack: Pack) -> None:
        """`pack`: the language that the commands are written in (English: models know it best)."""
        self._functions, self._pack = functions, pack
        self._said: dict[str, str] = {}

    def words(self, key: str) -> str:
        """The command of an effect (or of talk, or of too little) in words."""
        if key == TALK:
            return NOTHING
        if key == ASK:
            return UNCLEAR
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = " and ".join(self._effect(parse_effect(part)) for part in key.split(";"))
        return found

    def _effect(self, effect: Effect) -> str:
        name = self._name(effect.pattern)
        if effect.value is not None:
            return f"set the {name} to {str(effect.value).replace('_', ' ').lower()}"
        return _SAYS.get(effect.act, effect.act.replace("-", " ") + ": the {}").format(name)

    def _name(self, pattern: str) -> str:
        names = self._pack.words.names
        branch = pattern
        while branch:
            if branch in names:
                leaf = pattern[len(branch) + 1 :]
                return (
                    names[branch][0]
                    if not leaf or leaf in ("Position", "IsOpen", "Switch")
                    else (
                        f"{names[branch][0]} {' '.join(self._pack.words.aspects.get(leaf.rpartition('.')[2], [leaf])[:1])}"
                    )
                )
            branch = branch.rpartition(".")[0]
        return pattern.rpartition(".")[2]


def prompt(said: str) -> list[dict[str, str]]:
    """The messages for one utterance; all but the last are always the same, so that a model keeps them read."""
    messages = [{"role": "system", "content": _SYSTEM}]
    for example, command in _EXAMPLES:
        messages += [{"role": "user", "content": example}, {"role": "assistant", "content": command}]
    return [*messages, {"role": "user", "content": said}]


def shortlist(options: Sequence[Meant], words: Options) -> Mapping[str, str]:
    """Command in words → key of the effect, with the two ways out."""
    found = {words.words(m.key): m.key for m in options[:MOST_OPTIONS]}
    return {**found, NOTHING: TALK, UNCLEAR: ASK}


def grammar(commands: Sequence[str]) -> str:
    """GBNF that lets a model write one of `commands` and nothing else."""
    alternatives = " | ".join('"' + c.replace("\\", "\\\\").replace('"', '\\"') + '"' for c in commands)
    return f"root ::= {alternatives}"
