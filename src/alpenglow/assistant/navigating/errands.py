"""What a sentence wants of the navigation, read by its words alone.

Rules that always hold:
- a sentence is an errand only as a whole: what says anything else besides is none;
- a place is what the speaker said, letter by letter; nothing is looked up here, and nothing raises.
"""

import unicodedata
from collections.abc import Sequence
from itertools import chain

import msgspec

from alpenglow.assistant.language.text import Heard, hear
from alpenglow.assistant.navigating.wording import LANGUAGES, Kind, Scope, Words, words
from alpenglow.navigation.api import Place

_MARKS = ' \t.,;:!?…。，！？、；："“”„«»()'
_MOST_JOINS = 6  # of a sentence, that are tried
_MOST_POLITE = 5  # phrases before what is wanted, and behind it


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do about the way."""

    kind: Kind
    place: str = ""  # as it was said; "" where none was
    via: str = ""
    kept: str = ""  # "home" or "work"
    category: bool = False  # `place` is a kind of place: the nearest of it is meant
    charger: bool = False  # of that kind
    scope: Scope = ""
    explicit: bool = True  # False: whatever else the sentence may be goes before


def wanted(heard: Heard, language: str) -> Errand | None:
    """The errand that the whole sentence is; None where it is none."""
    if heard.disguised or heard.too_long or language not in LANGUAGES:
        return None
    spoken = words(language)
    text = _plainly(heard.text, spoken)
    if not text:
        return None
    if (found := _read(text, "", spoken)) is not None and not _scoped(found.place, spoken):
        return found
    for scope in ("along", "destination", "near"):
        rest, cut = spoken.scopes[scope].subn(" " if spoken.table.spaces else "", text)
        rest = _plainly(" ".join(rest.split()).removeprefix("的"), spoken)
        if cut and rest and (inner := _read(rest, scope, spoken)) is not None:
            return inner
    return found


def languages_of(heard: Heard) -> list[str]:
    """The languages in which the sentence is an errand that can mean nothing else."""
    found = {language: wanted(heard, language) for language in LANGUAGES}
    return [language for language, errand in found.items() if errand is not None and errand.explicit]


def chosen(text: str, among: Sequence[Place], language: str) -> int | None:
    """Which of several places is meant by "the second", its name or where it is; None where it is none of them."""
    if language not in LANGUAGES or not among:
        return None
    spoken = words(language)
    said = _plainly(text, spoken)
    if (found := _named(said, among)) is not None:
        return found
    for pattern in spoken.pick:
        match = pattern.fullmatch(said)
        if match is None:
            continue
        groups = match.groupdict()
        if (ordinal := groups.get("ordinal")) is not None:
            number = spoken.ordinals[" ".join(ordinal.casefold().split())]
            index = len(among) - 1 if number < 0 else number - 1
            return index if index < len(among) else None
        if (where := groups.get("where")) and (found := _named(where.strip(_MARKS), among)) is not None:
            return found
    return None


def halves(heard: Heard, language: str) -> list[tuple[str, str]]:
    """The ways to cut a sentence into an errand and something else: "take me home and warm my seat"."""
    if language not in LANGUAGES or heard.disguised or heard.too_long:
        return []
    found = []
    for match in list(words(language).join.finditer(heard.text))[:_MOST_JOINS]:
        one, other = heard.text[: match.start()], heard.text[match.end() :]
        for errand, rest in ((one, other), (other, one)):
            read = wanted(hear(errand), language)
            if read is not None and read.explicit and rest.strip(_MARKS):
                found.append((errand, rest))
    return found


def without_article(place: str, language: str) -> str:
    """What is called so, where nothing is found with its article: "the Hotel Roma"."""
    return _bare(place, words(language))[0]


def _named(said: str, among: Sequence[Place]) -> int | None:
    """The only place that is called so, or that is there."""
    wanted = folded(said)
    if not wanted:
        return None
    for names in (lambda p: [p.name], lambda p: [p.where], lambda p: p.where.replace("·", ",").split(",")):
        fits = [i for i, place in enumerate(among) if wanted in [folded(name) for name in names(place)]]
        if len(fits) == 1:
            return fits[0]
    return None


def folded(text: str) -> str:
    """Without case and accents, for comparing names."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).replace("-", " ").split())


def _plainly(text: str, spoken: Words) -> str:
    """`text` without its politeness and its marks."""
    text = text.strip(_MARKS)
    for _ in range(_MOST_POLITE):
        if (match := spoken.polite.match(text)) is None or match.end() == len(text):
            break
        text = text[match.end() :].strip(_MARKS)
    for _ in range(_MOST_POLITE):
        if (match := spoken.tail.search(text)) is None or match.start() == 0:
            break
        text = text[: match.start()].strip(_MARKS)
    return text


def _scoped(place: str, spoken: Words) -> bool:
    """Whether a place has more around it than its name: "coffee near me"."""
    return any(pattern.search(place) for pattern in spoken.scopes.values())


def _read(text: str, scope: Scope, spoken: Words) -> Errand | None:
    """The errand that `text` is, once it is said where to look."""
    more = chain(spoken.bare, spoken.anything) if scope else ()
    for pattern in chain(spoken.patterns, more):
        match = pattern.regex.fullmatch(text)
        if match is None:
            continue
        groups = match.groupdict()
        errand = Errand(kind=pattern.kind, scope=scope, explicit=pattern.explicit)
        if (place := groups.get("place")) is None:
            if scope:
                continue
            return errand
        found = _placed(errand, place.strip(_MARKS), (groups.get("via") or "").strip(_MARKS), spoken)
        if found is not None:
            return found
    return None


def _placed(errand: Errand, place: str, via: str, spoken: Words) -> Errand | None:
    """`errand` to a place; None where what is said there is no place."""
    if not any(c.isalnum() for c in place) or spoken.never.match(place):
        return None
    if "," in place and (errand.kind == "find" or not spoken.table.spaces):
        return None  # another clause; an address may have one
    if not via and (spoken.is_home(place) or spoken.is_work(place)):
        return msgspec.structs.replace(errand, kept="home" if spoken.is_home(place) else "work")
    bare, nearest = _bare(place, spoken)
    category = spoken.is_kind(bare)
    scope = errand.scope or ("near" if nearest or category else "")
    return msgspec.structs.replace(
        errand,
        place=bare if nearest or category else place,
        via=via,
        category=category or nearest,
        charger=spoken.is_charger(bare),
        scope=scope,
    )


def _bare(place: str, spoken: Words) -> tuple[str, bool]:
    """A place without its articles, and whether the nearest of its kind is asked for."""
    nearest = False
    while True:
        if (match := spoken.nearest.match(place)) is not None and match.end() < len(place):
            place, nearest = place[match.end() :], True
        elif (match := spoken.article.match(place)) is not None and match.end() < len(place):
            place = place[match.end() :]
        else:
            return place, nearest
