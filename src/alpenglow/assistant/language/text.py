"""From what was typed or heard to words: one writing, bounded length, tokens that know where they stood.

Rules that always hold:
- no control character, invisible mark or half of a surrogate gets through, and no more than MAX_CHARACTERS;
- letters of one script posing as another's (a Cyrillic "о" in "open") make the text `disguised`: never acted on.
"""

import re
import unicodedata

import msgspec

MAX_CHARACTERS = 600  # nobody says more in one breath; what is longer is read by nobody and acted on by nobody

_WORD = re.compile(
    r"[\u3400-\u9fff]"  # one Chinese character
    r"|\d+(?:[.,:/⁄]\d+)?"
    r"|(?:(?![\u3400-\u9fff])[^\W\d_])+(?:['’](?:(?![\u3400-\u9fff])[^\W\d_])+)*"  # "P挡" is two words
    r"|[%°+\-]"
    r"|[,.;:!?，。；：！？、…\"“”„«»()]"
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")  # twenty-four, rear-view
_SPELT = re.compile(r"\b[^\W\d_](?:[-.][^\W\d_])+\b\.?")  # D-A-B, a.c.
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "ARABIC", "HEBREW", "ARMENIAN", "CHEROKEE")


class Token(msgspec.Struct, frozen=True):
    """One word, number or mark, in small letters."""

    text: str
    start: int  # in the normalised text
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is more than punctuation."""
        return self.text[0].isalnum()


class Heard(msgspec.Struct, frozen=True):
    """What was said, in one writing."""

    text: str
    tokens: tuple[Token, ...]
    disguised: bool  # scripts are mixed within a word
    too_long: bool


def hear(raw: str) -> Heard:
    """Bring `raw` into one writing and cut it into tokens. Never raises."""
    too_long = len(raw) > MAX_CHARACTERS
    text = unicodedata.normalize("NFKC", raw[: MAX_CHARACTERS * 2])[:MAX_CHARACTERS].translate(_APOSTROPHES)
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in text)
    text = _SPELT.sub(lambda m: m.group().replace("-", "").replace(".", ""), text)
    text = " ".join(_HYPHEN.sub(" ", text).split())
    tokens = tuple(Token(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text) if m.group().strip())
    return Heard(text, tokens, any(_mixed(t.text) for t in tokens), too_long)


def _mixed(word: str) -> bool:
    """Whether letters of two scripts stand in one word."""
    if word.isascii():
        return False
    scripts = set()
    for letter in word:
        if letter.isalpha():
            name = unicodedata.name(letter, "").split(" ")[0]
            scripts.add(name if name in _SCRIPTS else "OTHER")
    return len(scripts) > 1 or bool(scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN"})
