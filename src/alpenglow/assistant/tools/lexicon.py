"""The words of a catalogue's texts, as a language pack reads them: places, colours, stems, parts of the car."""

from collections.abc import Iterable, Set

from alpenglow.assistant.functions import Side, Spot
from alpenglow.assistant.language.clauses import read_units
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.tools.catalogue import Parameter, split_words

_ROWS = {"front": 1, "rear": 2}
_SIDES: dict[str, Side] = {"left": "left", "right": "right", "driver": "left", "passenger": "right"}


class Lexicon:
    """Reads texts with one language pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._stops: dict[str, bool] = {}

    def units(self, text: str) -> list[Unit]:
        """What the pack finds in a text of the catalogue."""
        return [unit for unit, _ in read_units(hear(text), self.pack)[1]]

    def places(self, parameter: Parameter) -> dict[str, Spot | None] | None:
        """The places that the values of a choice stand for; None where they are no places."""
        found: dict[str, Spot | None] = {}
        for choice in parameter.choices:
            codes: set[str] = set()
            for word in split_words(choice):
                unit = self.units(word)[0]
                if word in ("zones", "zone", "seats", "windows", "doors", "side"):
                    continue
                if not unit.find("place"):
                    return None
                codes |= set(unit.find("place"))
            spot = Spot(
                next((_ROWS[c] for c in sorted(codes) if c in _ROWS), None),
                next((_SIDES[c] for c in sorted(codes) if c in _SIDES), None),
            )
            if spot.side and spot.row is None and codes & {"driver", "passenger"}:
                spot = Spot(1, spot.side)
            if "all" in codes or "both" in codes:
                found[choice] = None
            elif spot not in found.values():
                found[choice] = spot
        return found or None

    def _is_stop(self, word: str) -> bool:
        if word not in self._stops:
            self._stops[word] = bool(self.units(word)[0].find("stop"))
        return self._stops[word]

    def covers(self, unit: Unit, own: Set[str]) -> bool:
        """Whether the tool's own words say what the sentence names."""
        for word in unit.text.split():
            if self.pack.stem(word) in own or self._is_stop(word):
                continue
            apart = ({word[:at], self.pack.stem(word[at:])} for at in range(3, len(word) - 2))
            if not any(two <= own for two in apart):
                return False
        return True

    def stems(self, path: str) -> list[str]:
        return [self.pack.stem(w) for w in split_words(path.rpartition(".")[2])]

    def leaf_words(self, units: Iterable[Unit]) -> set[str]:
        """The words of what the language knows of a text by other words: "how warm is it" → temperature."""
        kinds = ("ask", "aspect", "name", "lacking")
        return {w for u in units for kind in kinds for key in u.find(kind) for w in self.stems(key)}

    def related(self, pattern: str, concept: str) -> float:
        """How well what is named fits what a tool is about; a part which has a part is not that: roof and shade."""
        if pattern == concept:
            return 3.0 if not pattern.endswith(".*") else 1.5
        inner, outer = max(pattern, concept, key=len), min(pattern, concept, key=len)
        if inner.startswith(outer + ".") and inner in self.pack.functions.by_pattern:
            return 2.0 if not pattern.endswith(".*") and not concept.endswith(".*") else 1.0
        return 0.0

    def colours(self, parameter: Parameter) -> dict[str, str]:
        """The values of a choice that are colours, each with the colour."""
        result = {}
        for choice in parameter.choices:
            for unit in self.units(choice.replace("_", " ")):
                for colour in unit.find("colour"):
                    result[choice] = colour
        return result
