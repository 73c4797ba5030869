"""Sentences of the assistant, in the language of the speaker; the templates are in the language's file."""

from collections.abc import Sequence

from alpenglow.assistant.api import Done
from alpenglow.assistant.functions import Function, Functions, Role, Spot, split_path
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.resolving import Unclear
from alpenglow.assistant.wishes import Wish
from alpenglow.signals import Value

_SENTENCES = {"done", "state", "yes-state", "no-state", "not-known", "confirm"}


def _spaced(name: str) -> str:
    """ "DistanceToService" as words."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _plain(token: str) -> str:
    return token.replace("_", " ").lower()


class Replies:
    """Says things in one language."""

    def __init__(self, pack: Pack, functions: Functions) -> None:
        self._pack, self._functions = pack, functions

    def say(self, key: str, **slots: str) -> str:
        """The sentence `key` with its slots filled."""
        if key in ("yes-state", "no-state"):
            slots = {**slots, "what": slots["what"][:1].upper() + slots["what"][1:]}
        said = self._pack.words.replies.get(key, key).format(**slots)
        return said[:1].upper() + said[1:] if key in _SENTENCES or key.startswith("unclear-") else said

    def views(self, function: Function) -> list[Function]:
        """`function`, and what else tells the same: how far a door is open, and whether it is."""
        others = [f for f in self._functions.by_pattern.values() if f.item == function.item and f is not function]
        return [function, *(f for f in others if f.role is function.role is Role.OPENING)]

    def name(self, function: Function, spot: Spot | None = None) -> str:
        """What people call a setting, with its place: "front left window"."""
        names = self._pack.words.names
        found = ""
        for pattern in (function.pattern, function.item, function.item.rpartition(".")[0]):
            if pattern in names:
                found = names[pattern][0]
                break
        if not found:  # a name of one of its places only: the front wiper
            near = [n for p, n in names.items() if split_path(p)[0] in (function.pattern, function.item)]
            found = near[0][0] if near else _spaced(function.leaf)
        place = self.place(spot) if spot is not None and len(function.paths) > 1 else ""
        return self.say("at-place", place=place, name=found) if place else found

    def place(self, spot: Spot) -> str:
        """ "front left" """
        key = (
            f"row{spot.row}-{spot.side}"
            if spot.row and spot.side
            else f"row{spot.row}"
            if spot.row
            else f"side-{spot.side}"
        )
        return self._pack.words.replies.get(key, "")

    def value(self, function: Function, value: Value | None) -> str:
        """A value as people say it: "22.5 °C", "open", "50 %"."""
        if value is None:
            return self.say("unknown")
        if isinstance(value, bool):
            kind = function.role.value
            if kind == "switch" and function.leaf == "IsBelted":
                kind = "belted"
            return self.say(f"{kind}-{'true' if value else 'false'}")
        if isinstance(value, str):
            for key, words in self._pack.words.values.items():
                leaf, _, token = key.rpartition(".")
                if token == value and function.pattern.endswith(f".{leaf}"):
                    return words[0]
            return value if function.role is Role.TEXT or not function.signal.allowed else _plain(value)
        if isinstance(value, list):
            return ", ".join(str(v) for v in value)
        return self.number(function, float(value))

    def shown(self, path: str, value: Value) -> str:
        """An entry of a list: "Front left window: open"."""
        sentence = self.state(path, value).rstrip(".。")
        return sentence[:1].upper() + sentence[1:]

    def states(self, settings: Sequence[tuple[str, Value]]) -> list[str]:
        """A sentence for each setting; one for all places that are set alike."""
        alike: dict[tuple[str, str], list[tuple[str, Value]]] = {}
        for path, value in settings:
            function = self._functions.of_path(path)
            alike.setdefault((path if function is None else function.pattern, repr(value)), []).append((path, value))
        sentences = []
        for group in alike.values():
            path, value = group[0]
            function = self._functions.of_path(path)
            if function is None or len(group) == 1:
                sentences.append(self.state(path, value))
            else:
                sentences.append(self.say("state", what=self.name(function), value=self.value(function, value)))
        return sentences

    def state(self, path: str, value: Value) -> str:
        """A sentence: "front left window: open." """
        function = self._functions.of_path(path)
        if function is None:
            return f"{path}: {value}"
        spot = next((s for s, p in function.paths.items() if p == path), None)
        return self.say("state", what=self.name(function, spot), value=self.value(function, value))

    def number(self, function: Function, value: float) -> str:
        """A number in the unit that people use for it."""
        unit, leaf = function.signal.unit, function.leaf
        if function.role is Role.OPENING:
            share = 100 - value if function.drawn else value
            return self.say("opening-false" if share < 1 else "opening-true") + (
                f" ({share:g} %)" if 1 <= share < 100 else ""
            )
        if unit == "m" and abs(value) >= 1000:
            return f"{value / 1000:,.0f} km" if abs(value) >= 10000 else f"{value / 1000:.1f} km"
        if unit == "kPa":
            return f"{value:.0f} kPa ({value / 100:.1f} bar)"
        if unit in ("s", "seconds") and value >= 60:
            return (
                self.say("minutes", n=f"{value / 60:.0f}")
                if value < 5400
                else self.say("hours", n=f"{value / 3600:.1f}")
            )
        if leaf in ("SelectedGear", "CurrentGear"):
            return {126: "P", 0: "N", 127: "D"}.get(int(value), "R" if value < 0 else f"{value:g}")
        if function.role is Role.WARMTH:
            return self.say("switch-false") if value == 0 else f"{value:g} %"
        shown = f"{round(value, 1):g}"
        sign = {"Celsius": "°C", "percent": "%", "degrees": "°", "m": "m"}.get(unit, unit)
        return f"{shown} {sign}".strip()

    def unclear(self, unclear: Unclear) -> str:
        """The question that would settle what is unclear."""
        return self.say(f"unclear-{unclear.kind}", what=self.name(unclear.function), detail=unclear.detail)

    def done(self, wish: Wish, results: Sequence[Done]) -> str:
        """What became of one wish."""
        refused = next((r for r in results if r.state == "refused"), None)
        if refused is not None:
            return refused.says
        failed = next((r for r in results if r.state in ("no_provider", "timed_out")), None)
        if failed is not None:
            return self.say(failed.state, what=self.name(wish.function))
        spot = next((s for s, p in wish.function.paths.items() if p == results[0].path), None)
        whole = len(results) > 1
        name = self.name(wish.function, None if whole else spot)
        return self.say("done", what=name, value=self.value(self._function(results[0], wish), results[0].value))

    def _function(self, done: Done, wish: Wish) -> Function:
        return self._functions.of_path(done.path) or wish.function
