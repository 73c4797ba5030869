"""Commands: what each clause of a sentence wants, and how sure its words say it.

Rules that always hold:
- a clause that tells how things are moves nothing by the plain acts in it ("the boot isn't shut"); what it complains of
  ("too loud") counts only where no other clause says what shall be done about it;
- each clause is as sure as its own words: one that is not understood takes nothing from the others.
"""

from collections.abc import Sequence

import msgspec

from alpenglow.assistant.acts import ACTS, Act, fit
from alpenglow.assistant.functions import Function, Functions, Role
from alpenglow.assistant.language.choosing import Choice, allowed, choose, wish_for
from alpenglow.assistant.language.clauses import Clause
from alpenglow.assistant.language.joining import joined
from alpenglow.assistant.language.pack import Effect, Pack
from alpenglow.assistant.language.parsed import Kind, Parsed, Past
from alpenglow.assistant.language.phrases import Tag, Unit
from alpenglow.assistant.wishes import Amount, Where, Wish

SURE = 0.62  # how sure the words must be, or the next tier is asked
_LEAST = 1.2  # a choice below is none
_DIRECTIONS = frozenset({"FORWARD", "BACKWARD"})
_REVERSED = {
    "on": "off", "off": "on", "open": "close", "close": "open", "more": "less", "less": "more", "up": "down",
    "down": "up", "heat": "cool", "cool": "heat", "forward": "back", "backward": "forward", "max": "min", "min": "max",
    "nearer": "farther", "farther": "nearer",
}  # fmt: skip
_FOLLOWS = 2.5  # the score of a clause that goes on with what was spoken of
# What the door guards with interlocks: better tried and refused with its reason than not understood.
_GUARDED = (
    "Vehicle.Cabin.Door.*.*.IsOpen", "Vehicle.Cabin.Door.*.*.Position", "Vehicle.Body.Trunk.", "Vehicle.Body.Hood.",
    "Vehicle.Chassis.ParkingBrake.IsEngaged", "Vehicle.ADAS.ESC.", "Vehicle.ADAS.ABS.", "Vehicle.ADAS.TCS.",
    "Vehicle.Body.Mirrors.*.IsFolded", "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.",
    "Vehicle.Powertrain.Transmission.SelectedGear", "Vehicle.Body.Lights.Beam.Low.",
)  # fmt: skip


class Reading(msgspec.Struct, frozen=True):
    """What one clause wants."""

    clause: Clause
    wish: Wish
    sure: float
    complains: bool = False


def commands(clauses: list[Clause], marks: set[str], pack: Pack, functions: Functions, past: Sequence[Past]) -> Parsed:
    """The wishes of all clauses; `past`: what was done before, for clauses that leave things out."""
    instead = bool(past) and bool(marks & {"instead", "no", "not", "reverse"})
    instead = instead or (bool(past) and any("only" in c.codes and not c.names_something for c in clauses))
    asides = [c for c in clauses if c.says_nothing]
    readings: list[Reading] = []
    close: list[Function] = []
    left_over: list[Clause] = []
    topic: Wish | None = None
    corrected = False
    where: Clause | None = None
    for clause in joined(clauses):
        told = {c for u in clause.places if not u.find("act") for c in u.find("place")}
        if "person" in clause.marks and not told - {"only"}:
            _at_person(clause, where, clauses)
        elif readings and "person" in clause.marks and not (clause.names or clause.acts or clause.said):
            continue  # move his seat, | he sits at the wheel
        where = clause if clause.places else where
        corrected = corrected or bool(readings and "instead" in clause.marks)
        silent = clause.says_nothing and ("reverse" not in clause.marks or len(clauses) > 2 or readings)
        if silent or (clause.marks & {"not", "never-mind"} and "instead" not in clause.marks):
            continue
        if "except" in clause.marks and readings and not clause.names and not clause.acts and not clause.does:
            last = readings[-1]  # close the windows, | except mine
            readings[-1] = msgspec.structs.replace(last, wish=msgspec.structs.replace(last.wish, where=_except(clause)))
            continue
        if readings and _stays(clause):
            last = readings[-1]  # blue in front, | leave the back alone
            but = clause.codes - {"only", "here"}
            if but and not clause.names:
                readings[-1] = msgspec.structs.replace(last, wish=_without(last.wish, but))
            continue
        if readings and "but" in clause.marks and _only_places(clause) and readings[-1].wish.where.codes & {"all"}:
            last = readings[-1]  # all the windows | but mine
            left = msgspec.structs.replace(last.wish.where, plural=True, but=clause.codes)
            readings[-1] = msgspec.structs.replace(last, wish=msgspec.structs.replace(last.wish, where=left))
            continue
        if readings and _limits(clause):
            readings[-1] = _limited(readings[-1], clause)
            continue
        if len(clauses) > 1 and all("filler" in u.find("mark") for u in clause.units):
            continue  # "right, …"
        if _excepts_all(clause):
            left_over.append(clause)
            continue
        if readings and _purpose(clause):
            continue  # open the boot, | I want my coat
        complains = _complaint(clause, describes=clause.describes)
        given = (bool(past) and bool(clause.said)) or _allots(clause, clauses)
        if (clause.describes or clause.aside) and not complains and not given:
            stated = choose(clause, pack, functions)
            topic = stated.wish if stated is not None and clause.names else topic
            left_over.append(clause)
            continue
        if corrected and readings and _places_only(clause, readings[-1].wish):
            where_now = Where(clause.codes, clause.plural)  # lock the right, | sorry, the left rear door
            readings[-1] = msgspec.structs.replace(
                readings[-1], wish=msgspec.structs.replace(readings[-1].wish, where=where_now)
            )
            corrected = False
            continue
        follows = past[-1].wish if topic is None and past else topic
        reading = _follow(clause, follows, pack, functions, asides)
        if reading is None:
            again = instead or bool(clause.marks & {"also"})
            before = past[-1].wish.act if past and again and not clause.acts else None
            about = past[-1].wish.function if past and not readings and clause.names_something else None
            choice = choose(clause, pack, functions, about, before)
            if choice is None or choice.score < _LEAST:
                topic = choice.wish if choice is not None and clause.names else topic
                left_over.append(clause)
                continue
            close += choice.close
            blamed = bool(readings) and readings[-1].complains  # too bright, | my reading light: not dimmed as well
            reading = _reading(clause, choice, None if blamed else topic, asides)
        if "except" in clause.marks:
            reading = msgspec.structs.replace(
                reading, wish=msgspec.structs.replace(reading.wish, where=_except(clause))
            )
        if "others" in clause.marks and readings:  # nineteen for me, twenty-one | for everyone else
            but = frozenset(c for r in readings for c in r.wish.where.codes) or frozenset({"mine"})
            others = msgspec.structs.replace(reading.wish, where=Where(frozenset({"all"}), True, but))
            reading = msgspec.structs.replace(reading, wish=others)
        reading = msgspec.structs.replace(reading, complains=complains)
        if corrected and readings and _same(readings[-1].wish, reading.wish):
            readings.pop()  # "my window, no wait, the rear left one"
        corrected = False
        readings.append(reading)
        topic = reading.wish
        if (more := _besides(clause, reading.wish, pack, functions)) is not None:
            readings.append(Reading(clause, more, reading.sure))
    return _parsed(_not_twice(readings), left_over, close, clauses, instead)


def _at_person(clause: Clause, where: Clause | None, clauses: Sequence[Clause]) -> None:
    """Put `clause` where the person of whom it speaks sits: as said before or after, else beside the speaker."""
    away = {"mine", "here", "all", "only"}  # no place of somebody else
    others = [c for c in clauses if c is not clause and c.codes - away and not {"not", "keep"} & c.marks]
    told = next((c for c in others if not c.names and not c.acts), None)
    if where is not None and where.codes <= away:
        where = None
    found = where.places if where is not None else told.places if told is not None else []
    found = [u for u in found if not set(u.find("place")) <= away]
    if not found:
        unit = next(u for u in clause.units if "person" in u.find("mark"))
        found = [Unit(unit.start, unit.end, unit.text, (Tag("place", "beside-me"),))]
    clause.places = [*clause.places, *found]


def _parsed(
    readings: list[Reading], left_over: list[Clause], close: list[Function], clauses: list[Clause], instead: bool
) -> Parsed:
    if any("one-of" in c.marks and not c.describes for c in clauses) and any(
        len(r.wish.function.paths) > 1 for r in readings
    ):
        return Parsed("unclear", 1.0, why=("one of several is meant, and not which",))
    lacking = tuple(u.text for c in clauses for u in c.lacking if not c.names)
    unknown = tuple(w for c in clauses if not c.says_nothing for w in c.unknown)
    if not readings:
        if lacking:
            return Parsed("nothing", 0.9, lacking=lacking)
        asks = any(c.acts or c.said or c.names or c.aspects or c.places for c in left_over)
        kind: Kind = "unclear" if asks else "unknown"
        return Parsed(kind, 0.3 if unknown else 0.6, unknown=unknown)
    sure = [r for r in readings if r.sure >= SURE]
    kept = sure or readings
    left_over = [c for c in left_over if not (sure and (c.describes or c.aside or _too(c)))]
    return Parsed(
        "command",
        min(r.sure for r in kept),
        tuple(r.wish for r in kept),
        instead=instead,
        close=tuple(close),
        unknown=unknown,
        lacking=lacking,
        left_over=tuple(left_over),
        doubts=tuple((r.clause, r.wish) for r in readings if r not in kept),
        vague=any(_vague(r.wish) for r in kept),
    )


def _same(one: Wish, other: Wish) -> bool:
    """Whether both are about one setting; the views of an opening are one."""
    a, b = one.function, other.function
    return a.pattern == b.pattern or (a.item == b.item and a.role is b.role is Role.OPENING)


def _reading(clause: Clause, choice: Choice, topic: Wish | None, asides: Sequence[Clause]) -> Reading:
    wish, granted = choice.wish, 1.0
    if not choice.acts:
        if topic is not None and clause.joined and not clause.degrees and not clause.unknown:
            wish = msgspec.structs.replace(wish, act=topic.act)
        elif clause.unknown:
            granted = 0.5  # a part is named among other words, and nothing says what to do with it
    strange = _of_something_else(clause) or _unknown_deed(clause, choice) or _does_to_other(clause)
    if strange:
        granted = 0.6
    if not clause.names and not clause.does and wish.token is not None and clause.unknown:
        granted = 0.5  # a colour or the word of a mode among others
    sure = share_known([clause, *asides]) * min(1.0, choice.score / 3.0) * granted
    if choice.acts and clause.names and wish.function.pattern.startswith(_GUARDED) and len(clause.unknown) <= 3:
        sure = sure if strange else max(sure, SURE)
    return Reading(clause, wish, sure)


def _of_something_else(clause: Clause) -> bool:
    """Whether an unknown word stands right before the only name: "the garage door" is none of the car's."""
    if len(clause.names) != 1:
        return False
    before = [u for u in clause.units if u.end == clause.names[0].start]
    at = clause.units.index(before[0]) if before else 0
    return bool(before) and not before[0].tags and at > 0 and bool(clause.units[at - 1].tags)


def _does_to_other(clause: Clause) -> bool:
    """Whether what it does is said of an unknown thing: "play chess"."""
    for unit, after in zip(clause.units, clause.units[1:], strict=False):
        if unit.find("does") and unit.end - unit.start == 1 and not after.tags and not clause.names:
            return True
    return False


def _unknown_deed(clause: Clause, choice: Choice) -> bool:
    """Whether it begins with a verb that nobody knows, and the rest only says where: "hoover the back seat"."""
    first = clause.units[0]
    doing = [u for u, name in clause.act_units() if ACTS[name] is choice.wish.act]
    named = clause.names[0].start if clause.names else 0
    only_where = all(u.find("place") and u.start < named for u in doing)
    return not first.tags and first.text[0].isalpha() and only_where and not clause.said


def _complaint(clause: Clause, *, describes: bool) -> bool:
    """Whether it says that something is too much or too little."""
    if not describes and not any(u.text.endswith("'s") for u in clause.names):
        return False
    if _too(clause) and clause.acts:
        return True
    acts = [ACTS[name] for _, name in clause.act_units()]
    return any(a.fits and not a.of_all and a.base in ("more", "less", "heat", "cool") for a in acts)


def _too(clause: Clause) -> bool:
    return any("too" in u.find("degree") for u in clause.degrees)


def _vague(wish: Wish) -> bool:
    """Whether it names a setting, and not what shall become of it."""
    open_ended = wish.act.base in ("change", "set") and wish.amount is None and wish.token is None
    return open_ended and not wish.degree


def _not_twice(readings: list[Reading]) -> list[Reading]:
    """`readings` without those that another clause completes, and complaints that one tells what to do about."""
    told = {r.wish.function.pattern for r in readings if not _vague(r.wish)}
    readings = [r for r in readings if not _vague(r.wish) or r.wish.function.pattern not in told]
    asked = [r for r in readings if not r.complains]
    if not asked:
        return readings
    return [
        r
        for r in readings
        if not r.complains or (r.clause.names and all(a.wish.function.item != r.wish.function.item for a in asked))
    ]


def _besides(clause: Clause, wish: Wish, pack: Pack, functions: Functions) -> Wish | None:
    """What else a clause wants: "play the next one a bit louder"."""
    named = [f for u in clause.names for p in u.find("name") for f in functions.below(p)]
    if len(named) == 1 and named[0].role is Role.SWITCH and wish.amount is not None:  # "cruise on at 120"
        return next((Wish(named[0], ACTS[n]) for _, n in clause.act_units() if ACTS[n].base == "on"), None)
    if wish.function.role is Role.COLOUR and clause.said:  # "green at fifty per cent"
        return wish_for(Effect(f"{wish.function.item}.Intensity", "set"), [clause], functions)
    if not clause.does or clause.names:
        return None
    for _, name in clause.act_units():
        act = ACTS[name]
        if act.base in ("more", "less", "up", "down") and not act.unnamed and wish.function.leaf == "Action":
            return wish_for(Effect(ACTS["louder"].unnamed, name), [clause], functions)
        if act.unnamed and act.fits and fit(act, wish.function) < 0:
            return wish_for(Effect(act.unnamed, name), [clause], functions)
    return None


def _places_only(clause: Clause, wish: Wish) -> bool:
    """Whether it says of what `wish` is about only where it is meant instead."""
    if clause.acts or clause.does or clause.said or clause.values or clause.colours or not clause.codes:
        return False
    named = [p for u in clause.names for p in u.find("name")]
    return not named or any(wish.function.pattern.startswith(p) for p in named)


def _allots(clause: Clause, clauses: Sequence[Clause]) -> bool:
    """Whether it gives one place its number, as others do theirs: "it's twenty-one for me, twenty-four for her"."""
    if not clause.said or not clause.codes or clause.names or clause.unknown:
        return False
    return any(c is not clause and c.said and (c.codes or "person" in c.marks) and c.joined for c in clauses)


def _purpose(clause: Clause) -> bool:
    """Whether it tells for what something that was asked for is wanted: "open it, I want to see the stars"."""
    return clause.joined and not clause.listed and not clause.said and "wants" in clause.units[0].find("mark")


def _stays(clause: Clause) -> bool:
    """Whether it says what shall be left as it is: "leave mine", "the back stays the way it is"."""
    if "keep" not in clause.marks or clause.said or clause.does or clause.colours or clause.telling_values:
        return False
    held = [u for u in clause.units if "keep" in u.find("mark")]
    bases = {ACTS[name].base for u, name in clause.act_units() if not u.find("place") and u not in held}
    state = any("light-verb" in u.find("mark") for u in clause.units)
    return bool(clause.codes or clause.names) and not state and bases <= {"set", "open", "close", "on", "off"}


def _without(wish: Wish, but: frozenset[str]) -> Wish:
    """`wish`, and not at the places `but`, where it does not say itself where."""
    if wish.where.codes:
        return wish
    return msgspec.structs.replace(wish, where=Where(frozenset({"all"}), True, but))


def _only_places(clause: Clause) -> bool:
    said = clause.acts or clause.names_something or clause.values or clause.said or clause.degrees or clause.unknown
    return bool(clause.codes) and not said


def _limits(clause: Clause) -> bool:
    """Whether it only says how many of those that were spoken of: "both of them", "nobody else"."""
    return _only_places(clause) and clause.codes <= {"all", "both", "only"} and "also" not in clause.marks


def _limited(last: Reading, clause: Clause) -> Reading:
    wish, codes = last.wish, clause.codes & {"all"}
    if not codes or wish.where.codes - {"mine"}:
        return last
    return msgspec.structs.replace(last, wish=msgspec.structs.replace(wish, where=Where(codes, True, wish.where.but)))


def _excepts_all(clause: Clause) -> bool:
    """Whether all that it names is what shall be left alone: "everything except the dome light"."""
    at = next((u.start for u in clause.units if "except" in u.find("mark")), None)
    if at is None or not clause.names or any(u.start <= at for u in clause.names):
        return False
    return not _excepted_first(clause)


def _excepted_first(clause: Clause) -> bool:
    """Whether it begins with what is left out, and then says what shall be done: 除了副驾，其他车窗都关掉."""
    at = next(u.start for u in clause.units if "except" in u.find("mark"))
    if not clause.acts or not clause.names:
        return False
    return clause.acts[-1].start > clause.names[-1].start or min(u.start for u in clause.acts) > at


def _except(clause: Clause) -> Where:
    at = next(i for i, u in enumerate(clause.units) if "except" in u.find("mark"))
    end = len(clause.units)
    if _excepted_first(clause):
        end = next((i for i, u in enumerate(clause.units) if i > at and u.find("name")), end)
    before = frozenset(c for u in clause.units[:at] for c in u.find("place"))
    but = frozenset(c for u in clause.units[at:end] for c in u.find("place")) - {"all"}
    return Where(before or frozenset({"all"}), True, but)


def _follow(
    clause: Clause, last: Wish | None, pack: Pack, functions: Functions, asides: Sequence[Clause]
) -> Reading | None:
    """A clause that leaves out what was just spoken of: "and the passenger too", "make it twenty", "a bit more"."""
    if last is None or clause.names or clause.does:
        return None
    if clause.names_something and not (clause.marks & {"that"} or clause.values or clause.colours):
        return None
    wish = _follow_up(clause, last, pack, functions)
    if wish is None:
        return None
    sure = share_known([clause, *asides]) * _FOLLOWS / 3.0
    if wish.function.pattern == last.function.pattern and (wish.token is not None or wish.amount is not None):
        sure = max(sure, SURE) if len(clause.unknown) <= 3 else sure  # another value for the same: a correction
    return Reading(clause, wish, sure)


def _follow_up(clause: Clause, last: Wish, pack: Pack, functions: Functions) -> Wish | None:
    share = next((s for s in clause.said if s.number.share), None)
    if share is not None and "that" in clause.marks and all(ACTS[n].base == "set" for _, n in clause.act_units()):
        return msgspec.structs.replace(last, amount=Amount(share.number.value, "of-that"), degree="")
    if "reverse" in clause.marks and not clause.said and (turned := _REVERSED.get(last.act.base)):
        return msgspec.structs.replace(last, act=ACTS[turned], amount=None)  # "no, the other way round"
    if (skipped := _direction(clause, last)) is not None:
        return msgspec.structs.replace(last, token=skipped)
    acts = [(u, name) for u, name in clause.act_units() if not u.find("place")]
    degrees = [u for u in clause.degrees if set(u.find("degree")) != {"too"}]
    if acts or degrees or clause.said or clause.colours or clause.values:
        if (other := _sibling(clause, last.function, functions)) is not None:
            return other
        told = [name for _, name in acts if ACTS[name].base != "set"]
        if told and max(fit(ACTS[name], last.function) for name in told) < 0:
            beside = (f for f in functions.by_pattern.values() if f.settable and f.item == last.function.item)
            level = next((f for f in beside if f.role is Role.LEVEL and fit(ACTS[told[0]], f) > 0), None)
            if level is None or ("that" not in clause.marks and fit(ACTS[told[0]], level) < 2):
                return None
            return Wish(level, ACTS[told[0]], Where(clause.codes, clause.plural))  # "next song, and turn it down"
        choice = choose(clause, pack, functions, last.function, last.act, bound=True)
        if choice is not None and choice.score > 0.5:
            wish = choice.wish
            where = wish.where if wish.where.codes else last.where
            act = wish.act
            if not acts and degrees and wish.amount is None and wish.token is None:
                act = _further(last.act)
            return msgspec.structs.replace(wish, where=where, act=act)
        return None
    if clause.marks & {"again"} and not clause.places:
        return msgspec.structs.replace(last, act=_further(last.act), amount=None, degree="little")
    if clause.places:
        row = last.where.codes & {"front", "rear"}
        if (mirrored := _mirrored(last.function, clause.codes, functions)) is not None:
            return msgspec.structs.replace(last, function=mirrored, where=Where())
        same_row = row if clause.codes <= {"left", "right", "only"} else frozenset()
        sides = clause.codes & {"left", "right", "driver", "passenger", "mine", "here"}
        plural = clause.plural or (last.where.plural and not sides)
        if clause.codes <= {"all", "both"} and "that" in clause.marks:
            return msgspec.structs.replace(last, where=Where(last.where.codes, True))  # "close them all"
        return msgspec.structs.replace(last, where=Where(clause.codes | same_row, plural))
    return None


def _mirrored(function: Function, codes: frozenset[str], functions: Functions) -> Function | None:
    """What is at the other end of the car, where each end has a setting of its own: defrost front | and rear."""
    if len(function.paths) > 1:
        return None
    for here, there, code in (("Front", "Rear", "rear"), ("Rear", "Front", "front")):
        if code in codes and here in function.pattern:
            return functions.by_pattern.get(function.pattern.replace(here, there))
    return None


def turns_round(first: Wish, second: Wish) -> bool:
    """Whether `second` asks for the opposite of `first`, by no certain amount: "louder", "no, quieter"."""
    return (
        _REVERSED.get(first.act.base) == second.act.base
        and first.function.pattern == second.function.pattern
        and second.amount is None
        and second.token is None
        and second.function.role in (Role.LEVEL, Role.QUANTITY)
    )


def _direction(clause: Clause, last: Wish) -> str | None:
    """The mode that is `last`'s in the direction that is said: after "next song", "no, back"."""
    kind, _, direction = str(last.token).rpartition("_")
    said = {ACTS[name].base.upper() for _, name in clause.act_units()} & _DIRECTIONS
    if direction not in _DIRECTIONS or len(said) != 1:
        return None
    token = f"{kind}_{said.pop()}"
    return token if token in last.function.signal.allowed else None


def _sibling(clause: Clause, last: Function, functions: Functions) -> Wish | None:
    """The setting beside the last one that a colour or the word of a mode belongs to: "dim it and make it blue"."""
    if not clause.colours and not clause.telling_values:
        return None
    found: list[tuple[int, Function]] = []
    for function in functions.by_pattern.values():
        if function.settable and (allowed(clause, function) is not None):
            steps = [a == b for a, b in zip(function.pattern.split("."), last.pattern.split("."), strict=False)]
            found.append((steps.index(False) if False in steps else len(steps), function))
    if not found:
        return None
    common, function = max(found, key=lambda f: f[0])
    if common < 4 or function.pattern == last.pattern:
        return None
    return Wish(function, ACTS["set"], Where(clause.codes, clause.plural), None, allowed(clause, function))


def _further(act: Act) -> Act:
    """What "a bit more" comes to after `act`."""
    return {"open": ACTS["open"], "close": ACTS["close"], "less": act, "down": act, "more": act, "up": act}.get(
        act.base, ACTS["more"]
    )


def _strangers(clause: Clause) -> int:
    """How many unknown words stand right before a name and so make it another thing's: "ejector seat", 弹射座椅."""
    pairs = zip(clause.units, clause.units[1:], strict=False)
    return sum(1 for a, b in pairs if not a.tags and a.text in clause.unknown and b.find("name"))


def share_known(clauses: Sequence[Clause]) -> float:
    """How much of what was said is understood; an aside counts less than a clause that asks for something."""
    known = unknown = 0.0
    for clause in clauses:
        weight = 0.25 if clause.says_nothing else 1.0
        known += clause.known
        unknown += weight * (len(clause.unknown) + _strangers(clause))
    return (known + 0.5) / (known + unknown + 0.5)
