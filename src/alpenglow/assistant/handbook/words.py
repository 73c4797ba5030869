"""From text to the terms that are compared, per language; pure functions and tables.

A `Term` is one thing asked about. English and German words lose their endings; a German compound also counts by its
parts, as far as the handbook knows them (splitting by a corpus's own words: Koehn and Knight, "Empirical Methods for
Compound Splitting", EACL 2003). Chinese, which has no spaces, is compared by pairs of characters.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_NOT_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "’": "'"})
_PREFIXES = frozenset(["ab", "an", "auf", "aus", "ein", "hoch", "los", "nach", "um", "vor", "weiter", "zu"])
_LINKS = ("s", "es", "n", "en", "er", "")  # letters between the parts of a German compound
_SHORTEST_PART = 4
# A full stop ends a sentence before a space and a capital or digit, but not after an abbreviation or an ordinal.
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\b[A-Za-zÄÖÜ]\.)(?<!\bca\.)(?<!\bNo\.)(?<!\bNr\.)\s+(?=[A-ZÄÖÜ0-9\"„])|(?<=[。！？])"
)

# Words that ask, and say nothing of what about.
_STOP = {
    "en": """a about after again all also am an and any are as at be been before being but by can could did do does
        doing done for from get gets got had has have having he her here him his how i i'd i'll i'm i've if in into
        is it it's its itself just let like long make may me mean means might mine much must my need needs of off on
        or our out over please s shall should so some t than that that's the their them then there these they thing
        things this those to too under up us use used using want was way we were what what's when where which while
        who why will with won't work works would you you're your isn't doesn't don't can't am tell know happen happens
        happening suddenly allowed possible""",
    "de": """aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bitte da dann darf das
        dass dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses doch dort du durch ein
        eine einem einen einer eines er es etwas für ganz geht gegen gibt habe haben hat hier hin ich ihm ihn ihr ihre
        im in ins ist ja jetzt kann kannst können man mehr mein meine meinem meinen meiner mich mir mit muss müssen
        nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll sollte sollen tun tue über um und
        uns unser unter vom von vor wann war warum was weil welche welchem welchen welcher welches wem wen wenn wer
        werden wie wieder wieso will wir wird wo wohin wozu zu zum zur mal denn eigentlich machen mache macht plötzlich
        bedeutet heißt lange viel viele darf dürfen passiert""",
    "zh": """怎么办 怎么样 怎么 怎样 如何 为什么 什么时候 什么 多少 多久 多大 多高 哪里
        哪儿 哪个 哪些 可以 可不可以 能不能 应该 是不是 有没有 需要 请问 一下 意思
        我们 我 你 您 它 他 她 的 了 吗 呢 吧 啊 是 在 有 要 会 能 请 这 那
        个 里 着 和 与 或 就 都 也 还 又 被 把 给 让 到 从 对 于 该 时候 时
        得 很 太 最 之 吗 嘛 突然 知道 告诉 办 做 用""",
}
STOP = {language: frozenset(words.casefold().split()) for language, words in _STOP.items()}
_ZH_STOP = re.compile("|".join(sorted(STOP["zh"], key=len, reverse=True)))


class Term(NamedTuple):
    """One thing in a text: as it is compared, and the parts of a compound."""

    whole: str
    parts: tuple[str, ...] = ()


def terms(text: str, language: str, known: Collection[str] = ()) -> list[Term]:
    """What `text` is about, in order, without the words that say nothing; `known`: stems that compounds are made of."""
    if language == "zh":
        return _chinese(text)
    words = _WORD.findall(text.casefold())
    content = [word for word in words if word not in STOP.get(language, ())]
    if language != "de":
        return [Term(stem(word, language)) for word in content]
    # A separable verb leaves its prefix at the end: "Wie klappe ich die Spiegel ein?" asks about "einklappen".
    prefix = words[-1] if words and words[-1] in _PREFIXES else ""
    return [_german_term(word, prefix, known) for word in content if word != prefix]


def stem(word: str, language: str) -> str:
    """`word` (small letters) without what inflection adds."""
    word = word.translate(_FOLD)
    if word[0].isdigit():
        return word
    if language == "de":
        return _german(word)
    return _english(word) if language == "en" else word


def split(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The stems of the two parts that a German compound is made of; empty where it is none that the handbook knows."""
    word = word.translate(_FOLD)
    for at in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        head, tail = word[:at], _german(word[at:])
        if tail not in known:
            continue
        for link in _LINKS:
            first = _german(head.removesuffix(link)) if head.endswith(link) else ""
            if len(first) >= 3 and first in known:
                return (first, tail)
    return ()


def sentences(text: str) -> list[str]:
    """`text` cut where sentences end."""
    return [s.strip() for s in _SENTENCE.split(text) if s and s.strip()]


def _german_term(word: str, prefix: str, known: Collection[str]) -> Term:
    joined = _german((prefix + word).translate(_FOLD)) if prefix else ""
    if joined in known:
        return Term(joined, (_german(word.translate(_FOLD)),))
    return Term(_german(word.translate(_FOLD)), split(word, known))


def _german(word: str) -> str:
    # After CISTEM (Weissweiler and Fraser, "Developing a Stemmer for German", GSCL 2017), without its case rule.
    if word.startswith("ge") and len(word) > 6:
        word = word[2:]
    if word.endswith("ung") and len(word) > 6:
        word = word[:-3]
    while len(word) > 3:
        if len(word) > 5 and word.endswith(("em", "er", "nd")):
            word = word[:-2]
        elif word[-1] in "tesn":
            word = word[:-1]
        else:
            break
    return word


def _english(word: str) -> str:
    word = word.removesuffix("'s")
    for ending, instead, least in (("ies", "y", 2), ("ing", "", 3), ("ed", "", 3), ("es", "", 3), ("s", "", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word


def _chinese(text: str) -> list[Term]:
    found = []
    for run in _NOT_HAN.findall(text.casefold()):
        if not _HAN.fullmatch(run):
            found += [Term(word) for word in _WORD.findall(run)]
            continue
        for piece in _ZH_STOP.split(run):
            found += [Term(piece[i : i + 2]) for i in range(max(1, len(piece) - 1))] if piece else []
    return found
