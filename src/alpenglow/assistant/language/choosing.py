"""Which setting a clause is about, and what shall become of it: every candidate is scored by all the clause's words."""

from collections.abc import Iterable, Sequence

import msgspec

from alpenglow.assistant.acts import ACTS, Act, fit
from alpenglow.assistant.functions import Function, Functions, Role, split_path
from alpenglow.assistant.language.clauses import Clause, Said
from alpenglow.assistant.language.pack import Effect, Pack
from alpenglow.assistant.language.phrases import Unit
from alpenglow.assistant.resolving import limits_of
from alpenglow.assistant.wishes import Amount, Degree, Where, Wish
from alpenglow.signals import Value

_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.*.*.Temperature"
_GAP = "Vehicle.ADAS.CruiseControl.AdaptiveDistanceSet"
_WINDOW = "Vehicle.Cabin.Door.*.*.Window"
_CLIMATE = "Vehicle.Cabin.HVAC."
_NUMERIC = (Role.LEVEL, Role.WARMTH, Role.QUANTITY, Role.OPENING)
_TIMES = ("minute", "second", "hour")
_NO_USE = -2.5  # of an act that the setting has no use for: nobody closes a heater
_VIEWS = {"Position": 0.2, "IsOpen": 0.1}
_PRIOR = {"FanSpeed": 0.3, "Action": 0.1, "SpeedSet": 0.1, "Pan": -0.3, "Extension": -0.2}
# Settings below a part that people do not mean by the part's name alone.
_HIDDEN = (
    "SwitchEngaged", "PowerOptimize", "Wiping.System.", "MotionManagement", "NeckScarf", "SupportLeft", "SupportRight",
    "ShoulderSupport", "TopLumbar", "MidLumbar", "BottomLumbar",
)  # fmt: skip
_TOO = {
    "up": "less", "down": "more", "open": "less", "close": "more", "more": "less", "less": "more", "on": "less",
    "forward": "back", "backward": "forward",
}  # fmt: skip


class Choice(msgspec.Struct, frozen=True):
    """What a clause most likely wants. `close`: others that its words fit nearly as well."""

    wish: Wish
    score: float
    acts: bool  # its words say what to do; else it is taken for granted
    close: tuple[Function, ...] = ()


def choose(
    clause: Clause,
    pack: Pack,
    functions: Functions,
    about: Function | None = None,
    act: Act | None = None,
    *,
    bound: bool = False,
) -> Choice | None:
    """The best reading of a clause as one wish; None where it names nothing that can be set.

    `about`, `act`: the setting and act spoken of before, for clauses that leave them out; `bound`: it must be that
    setting, or a number beside it.
    """
    candidates = dict(_candidates(clause, pack, functions)) if not bound else {}
    if not candidates and about is not None:
        beside = [*_by_number(about, clause, functions), *_by_degrees(about, clause, functions)]
        candidates = {about.pattern: about, **{f.pattern: f for f in beside}}
    scored: list[tuple[float, Function, Act, Effect | None]] = []
    for function in candidates.values():
        if not function.settable:
            continue
        chosen, points, effect = _act(clause, pack, function, act)
        if points < _NO_USE:
            continue
        scored.append((points + _score(clause, function, about), function, chosen, effect))
    if not scored:
        return None
    scored.sort(key=lambda s: -s[0])
    score, function, best, effect = scored[0]
    degree, complains = _degree(clause, best), False
    if (turned := _TOO.get(best.base)) is not None and _too(clause, best):
        best, degree, complains = ACTS[turned], "little", True
    close = tuple(
        f for s, f, _, _ in scored[1:] if s > score - 0.45 and f.item != function.item and f.role is not function.role
    )
    codes = clause.codes
    for unit, name in clause.act_units():
        if ACTS[name] is best and unit.find("place"):
            codes -= frozenset(unit.find("place"))  # "my seat back": not the back seat
    function, more = widened(function, functions)
    codes |= more
    token = allowed(clause, function) if not complains else None  # "too fast": not the mode "fast"
    if token is None and effect is not None:
        token = effect.value
    amount = _amount(clause, function, best)
    where = Where(codes, clause.plural)
    acts = effect is not None or amount is not None or token is not None
    acts = acts or degree == "little" or any(ACTS[name] is best for _, name in clause.act_units())
    return Choice(Wish(function, best, where, amount, token, degree), score, acts, close)


def _too(clause: Clause, act: Act) -> bool:
    """Whether it complains of too much of `act`: "too far down"."""
    found = [u for u, name in clause.act_units() if ACTS[name] is act]
    before = [u for u in clause.degrees if "too" in u.find("degree")]
    return any(t.start < u.start and u.start - t.end <= 1 for t in before for u in found)


def _candidates(clause: Clause, pack: Pack, functions: Functions) -> Iterable[tuple[str, Function]]:
    found: dict[str, Function] = {}
    for unit in clause.names:
        for pattern in unit.find("name"):
            below = functions.below(pattern)
            found.update({f.pattern: f for f in below if f.pattern not in found})
            if len(below) == 1:
                found.update({f.pattern: f for f in _by_number(below[0], clause, functions) if f.pattern not in found})
    for unit in clause.does:
        for key in unit.find("does"):
            pattern = pack.effects[key].pattern
            found.update({f.pattern: f for f in functions.below(pattern) if f.pattern not in found})
    told = [key.rpartition(".")[2] for u in clause.telling_values for key in u.find("value")]
    if not any(_allows(f, token) is not None for f in found.values() for token in told):
        for unit in clause.telling_values:
            for key in unit.find("value"):
                leaf, _, token = key.rpartition(".")
                found.update({f.pattern: f for f in _of_leaf(functions, leaf) if _allows(f, token) is not None})
        if clause.colours:
            found.update({f.pattern: f for f in functions.by_pattern.values() if f.role is Role.COLOUR})
    if not found:
        for _, name in clause.act_units():
            if unnamed := ACTS[name].unnamed:
                found.update({f.pattern: f for f in functions.below(unnamed)})
        if any(s.unit == "metre" for s in clause.said):
            found.update({f.pattern: f for f in functions.below(_GAP)})
        little = any(s.unit in ("centimetre", "millimetre") for s in clause.said) or "little" in _degrees(clause)
        if little and any(ACTS[name].base in ("up", "down") for _, name in clause.act_units()):
            found.update({f.pattern: f for f in functions.below(_WINDOW)})  # "let mine down an inch"
    climate = found and all(p.startswith(_CLIMATE) for p in found)  # "the AC to 19"
    if any(_may_be_temperature(s, bool(found) and not climate) for s in clause.said):
        found.update({f.pattern: f for f in functions.below(_TEMPERATURE)})
    return found.items()


def _by_degrees(function: Function, clause: Clause, functions: Functions) -> list[Function]:
    """The levels of the part that is switched by `function`, where more or less is wanted: lamp on, "a bit dimmer"."""
    if function.role is not Role.SWITCH or not any(ACTS[n].base in ("more", "less") for _, n in clause.act_units()):
        return []
    return [f for f in functions.by_pattern.values() if f.item == function.item and f.role is Role.LEVEL]


def _by_number(function: Function, clause: Clause, functions: Functions) -> list[Function]:
    """The numbers of the part that `function` belongs to, where a number is said: "cruise at 115" is about its speed.

    A level that the car only tells stands for the limit that can be set: "fill the battery to 80 per cent".
    """
    said = [s for s in clause.said if s.unit not in ("step", "level")]
    if not said or function.role in (Role.OPENING, Role.WARMTH):
        return []
    if function.settable:
        if function.role in _NUMERIC and _said_points(said[0], function) > 0:
            return []
        inside = [f for f in functions.by_pattern.values() if f.item == function.item]
    else:
        branch = function.item.rpartition(".")[0] + "."
        inside = [f for f in functions.by_pattern.values() if f.pattern.startswith(branch)]
        inside = [f for f in inside if f.signal.unit == function.signal.unit and f.settable]
    numbers = [f for f in inside if f.settable and f.role in _NUMERIC and f is not function]
    return [f for f in numbers if _said_points(said[0], f) > 0 and not any(part in f.pattern for part in _HIDDEN)]


def _may_be_temperature(said: Said, named: bool) -> bool:
    """Whether a number alone can only be a temperature: it has degrees, or nothing is named and people live at it."""
    if said.unit in ("degree", "fahrenheit"):
        return True
    return not named and not said.unit and not said.number.share and 15 <= said.number.value <= 30


def widened(function: Function, functions: Functions) -> tuple[Function, frozenset[str]]:
    """The function wherever it is, and the words for the places that a name narrowed it to: "rear fog"."""
    full = functions.by_pattern[function.pattern]
    return full, _codes_of(function) if len(full.paths) > len(function.paths) else frozenset()


def wish_for(effect: Effect, clauses: Sequence[Clause], functions: Functions) -> Wish | None:
    """The wish that an effect comes to, with the places and amounts that the words give."""
    below = functions.below(effect.pattern)
    if not below:
        return None
    function, codes = widened(below[0], functions)
    act = ACTS[effect.act]
    amount, degree = None, ""
    for clause in clauses:
        codes |= clause.codes
        if effect.value is None and amount is None and function.role in _NUMERIC:
            amount = _amount(clause, function, act)
        if not degree:
            degree = _degree(clause, act)
        if function.role is Role.COLOUR and effect.value is None and (colour := allowed(clause, function)) is not None:
            return Wish(function, act, Where(codes), None, colour)
    plural = any(clause.plural for clause in clauses)
    return Wish(function, act, Where(codes, plural), amount, effect.value, degree)  # type: ignore[arg-type]


def _codes_of(function: Function) -> frozenset[str]:
    """The places that a narrowed function is left with, as words for places."""
    rows, sides = {s.row for s in function.paths}, {s.side for s in function.paths}
    codes = set()
    if len(rows) == 1 and None not in rows:
        codes.add("front" if rows == {1} else "rear")
    if len(sides) == 1 and None not in sides:
        codes.add("left" if sides == {"left"} else "right")
    return frozenset(codes)


def _of_leaf(functions: Functions, leaf: str) -> list[Function]:
    return [f for f in functions.by_pattern.values() if f.settable and f.pattern.endswith(f".{leaf}")] if leaf else []


def _allows(function: Function, token: str) -> Value | None:
    """The allowed value that is written `token`, or the number it stands for."""
    for value in function.signal.allowed:
        if str(value) == token:
            return value
    if function.leaf == "SelectedGear":
        return int(token) if token.lstrip("-").isdigit() else None
    return None


def allowed(clause: Clause, function: Function) -> Value | None:
    """The word of a mode, or the colour, that the clause gives."""
    if function.role is Role.COLOUR:
        return next((c for unit in clause.colours for c in unit.find("colour")), None)
    best: Value | None = None
    plain = any(ACTS[name].fits for _, name in clause.act_units())  # "clear the mist off it": "off" is no mode then
    for unit in clause.values:
        if plain and unit.find("act") and all(not ACTS[name].fits for name in unit.find("act")):
            continue
        for key in unit.find("value"):
            leaf, _, token = key.rpartition(".")
            if function.pattern.endswith(f".{leaf}") and (value := _allows(function, token)) is not None:
                best = value
    return best


def _act(clause: Clause, pack: Pack, function: Function, before: Act | None) -> tuple[Act, float, Effect | None]:
    """The act that suits `function` best, how well, and the effect where a phrase says both at once."""
    for unit in clause.does:
        for key in unit.find("does"):
            effect = pack.effects[key]
            general = effect.pattern == function.pattern
            if general or any(f.pattern == function.pattern for f in pack.functions.below(effect.pattern)):
                changed = [n for _, n in clause.act_units() if ACTS[n].base in ("more", "less")]
                if effect.act == "set" and effect.value is None and changed:
                    return ACTS[changed[0]], 3.5 + 0.3 * (unit.end - unit.start), effect
                return ACTS[effect.act], 3.5 + 0.3 * (unit.end - unit.start), effect
    best, points, turn = None, -9.0, None
    for order, (unit, name) in enumerate(clause.act_units()):
        act = ACTS[name]
        if act.base in ("open", "close") and function.leaf in ("AdaptiveDistanceSet", "AdaptiveIntervalSet"):
            act = ACTS["nearer" if act.base == "close" else "farther"]  # close the gap
        suits = fit(act, function) - 0.01 * order
        if unit.find("place"):
            suits -= 0.0 if ".Seat." in function.pattern and act.base == "backward" else 1.2
        if act.base in ("more", "less"):
            suits += 0.2  # "push it out a bit more"
        if clause.describes and act.base not in ("more", "less", "heat", "cool", "set"):
            suits -= 1.5
        if act.base == "set" and (clause.said or clause.values or clause.colours):
            suits -= 0.5  # "set it lower": the other word says how
        if act.base == "set" and any(ACTS[other].base in ("max", "min") for _, other in clause.act_units()):
            suits -= 0.5  # "set it to the maximum"
        if act.base == "off" and any(ACTS[other].base in ("heat", "cool") for _, other in clause.act_units()):
            suits += 1.2  # "turn off the cooling"
        if act.base == "change":
            suits -= 0.6
        if act.base in ("up", "down", "forward", "backward", "more", "less") and suits > 0:
            turn = act
        if suits > points:
            best, points = act, suits
    cooling = function.role is Role.WARMTH and any("cool" in u.find("act") for u in clause.names)
    if best is not None and best.base == "on" and cooling:
        return ACTS["cool"], points, None  # the seat ventilation on
    plain = best is None or best.base in ("on", "set", "change")
    if plain and "again" in clause.marks and "little" in _degrees(clause) and function.role in _NUMERIC:
        return ACTS["more"], 1.0, None  # "give the lumbar another notch"
    if best is not None and allowed(clause, function) is not None and points < 0.5:
        return ACTS["set"], 0.5, None  # the word of the mode says it all
    if best is not None and best.base == "tilt" and turn is not None and function.role is not Role.OPENING:
        return turn, points, None  # "tip it down": which way
    if best is not None and best.base == "set" and not clause.said and function.role in (Role.SWITCH, Role.LOCK):
        return ACTS["on"], points, None  # set the handbrake
    if best is not None:
        return best, points, None
    if clause.said or allowed(clause, function) is not None:
        return ACTS["set"], 0.5, None
    if clause.degrees and any(d in ("full",) for u in clause.degrees for d in u.find("degree")):
        return ACTS["max"], 0.3, None
    if before is not None and fit(before, function) > 0:
        return before, 0.3 + 0.5 * (fit(before, function) - 1.0), None
    switched = function.leaf == "IsEngaged" or "light-verb" not in clause.marks  # pull the handbrake
    if function.role in (Role.SWITCH, Role.WARMTH, Role.LEVEL) and switched:
        return ACTS["on"], 0.2 if function.role is Role.SWITCH else 0.1, None
    return ACTS["change"], -0.2, None


def _score(clause: Clause, function: Function, about: Function | None) -> float:
    points = 0.0
    named = 0.0
    for unit in clause.names:
        named += max((_name_points(unit, p, function, bool(clause.said)) for p in unit.find("name")), default=-1.0)
    if function.pattern == _TEMPERATURE and any(s.unit in ("degree", "fahrenheit") for s in clause.said):
        named = max(named, 0.0)  # "nineteen degrees for my seat"
    points += named
    if not named and function.pattern == _TEMPERATURE and clause.said:
        points += 1.6
    for unit in clause.aspects:
        leaves = unit.find("aspect")
        hit = any(function.pattern.endswith(f".{leaf}") for leaf in leaves)
        points += (
            (2.0 if unit not in clause.acts else 0.05)
            if hit
            else (0.0 if unit in clause.names or unit in clause.acts else -0.4)
        )
    if allowed(clause, function) is not None:
        points += 2.5
    elif any(u not in clause.names for u in clause.telling_values):
        points -= 1.5
    elif clause.values and not set(clause.values) & {*clause.names, *clause.acts, *clause.degrees}:
        points -= 0.3
    if clause.colours:
        points += 2.0 if function.role is Role.COLOUR else -1.5
        points += 0.5 if ".AmbientLight." in function.pattern else 0.0
    for said in clause.said:
        points += _said_points(said, function)
        low, high = limits_of(function)
        by = "to" not in said.marks and any(ACTS[name].base in ("more", "less") for _, name in clause.act_units())
        if function.role in _NUMERIC and not said.number.share and not by and not low <= said.number.value <= high:
            points -= 1.0
        if said.unit == "degree" and function.signal.unit == "degrees" and not _exactly(clause, function):
            points -= 3.0
    points += _VIEWS.get(function.leaf, 0.0) if function.role is Role.OPENING else _PRIOR.get(function.leaf, 0.0)
    if any(part in function.pattern for part in _HIDDEN):
        points -= 4.0
    if about is not None and function.pattern == about.pattern:
        points += 0.6
    return points


def _exactly(clause: Clause, function: Function) -> bool:
    """Whether its words say this very setting and not only the part it belongs to."""
    named = any(split_path(p)[0] == function.pattern for u in clause.names for p in u.find("name"))
    told = any(function.pattern.endswith(f".{leaf}") for u in clause.aspects for leaf in u.find("aspect"))
    return named or told or any(function.leaf in ACTS[name].fits for _, name in clause.act_units())


def _name_points(unit: Unit, pattern: str, function: Function, numbered: bool) -> float:
    """How well a name fits: it is the very setting, or the part that has it, or something else."""
    general = split_path(pattern)[0]
    words = 0.2 * (unit.end - unit.start)
    for name in (pattern, general):
        if function.pattern == name:
            return 3.0 + words
        if function.pattern.startswith(name + "."):
            depth = function.pattern.count(".") - name.count(".")
            return 3.0 + words - 0.6 * (depth - 1)
    if numbered and function.role in _NUMERIC and function.item.startswith(pattern.rsplit(".", 2)[0]):
        beside = function.item == pattern.rpartition(".")[0]
        return 2.2 + words if beside else 1.8 + words
    return 0.2 if function.pattern.split(".")[:4] == pattern.split(".")[:4] else -1.0


def _said_points(said: Said, function: Function) -> float:
    unit = function.signal.unit
    if said.unit in ("degree", "fahrenheit", "celsius"):
        return 2.0 if unit == "Celsius" else (0.2 if unit == "degrees" else -1.5)
    if said.unit in ("kmh", "mph"):
        return 2.0 if unit == "km/h" else -1.5
    if said.unit in _TIMES:
        return 2.0 if unit == "s" else 0.0
    if said.unit in ("centimetre", "millimetre"):
        return 1.0 if unit in ("mm", "m", "percent") else -1.0
    if said.unit == "metre":
        return 3.0 if unit == "m" else -1.5
    if said.unit == "level":
        return 1.0 if function.role in (Role.WARMTH, Role.LEVEL) else -0.5
    if said.number.share or said.unit == "percent":
        return 1.0 if function.role in (Role.LEVEL, Role.OPENING, Role.WARMTH) else -1.0
    if unit in ("m", "s"):
        return 0.1  # people say so
    return 0.5 if function.role in _NUMERIC else -1.0


def _amount(clause: Clause, function: Function, act: Act) -> Amount | None:
    """The number that belongs to the wish, in the sense the clause gives it: to so much, or by so much."""
    fits = [s for s in clause.said if s.unit not in _TIMES or function.signal.unit == "s"]
    if not fits:
        return None
    said = max(fits, key=lambda s: _said_points(s, function))
    of_now = "as-now" in clause.marks or said.number.value > 1 or _share_of(clause)
    if said.number.share and of_now:
        return Amount(said.number.value, "of-that")
    changes = act.base in ("more", "less", "forward", "backward") or (
        act.base in ("up", "down") and function.role in (Role.LEVEL, Role.QUANTITY, Role.WARMTH)
    )
    steps = said.unit == "step"
    relative = "by" in said.marks or ((changes or steps) and not said.marks & {"to", "until"})
    if act.base in ("heat", "cool") and said.unit in ("degree", "fahrenheit"):
        relative = said.number.value < 10
    return Amount(said.number.value, said.unit, said.number.share, relative)


def _share_of(clause: Clause) -> bool:
    """Whether it begins with a share of what is named: "half the volume"."""
    if len(clause.parts) < 3 or clause.acts or clause.places:
        return False
    (_, number), (article, _), (named, _) = clause.parts[:3]
    return number is not None and number.share and article.find("stop") == [""] and bool(named.find("name"))


def _degrees(clause: Clause) -> set[str]:
    return {d for unit in clause.degrees for d in unit.find("degree")}


def _degree(clause: Clause, act: Act) -> Degree:
    found = _degrees(clause)
    for degree in ("crack", "half", "little", "full", "much"):
        if degree in found:
            return degree
    return ""
