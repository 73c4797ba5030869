"""Texts as they are compared: without case, accents, signs and the spaces that a script does not write.

What comes out holds letters and digits only, so that nothing of it can be a query's syntax.
"""

import re
import unicodedata

LONGEST = 200  # letters of what is searched for
MOST_WORDS = 12

# What Unicode does not take apart.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "·": "", "ŀ": "l"}
    | dict.fromkeys("'’ʼ`´", " ")
    # Arabic is written with or without these marks.
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "ـ": ""}
)
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})  # as on a keyboard without them
_PARTS = re.compile(r"[^\W_]+")
# Chinese and Japanese write no spaces: each sign is a word, and signs side by side are looked for side by side.
_SIGN = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_ARTICLE = "ال"
_LEAST_AFTER_ARTICLE = 3


def fold(text: str) -> list[str]:
    """The words of a text.

    >>> fold("Av. de l'Església, 5-B")
    ['av', 'de', 'l', 'esglesia', '5', 'b']
    >>> fold("附近的咖啡")
    ['附', '近', '的', '咖', '啡']
    """
    text = text.translate(_LETTERS) if text.isascii() else _plain(text)
    return [_bare(part) for part in _PARTS.findall(text.lower())]


def folded(text: str) -> str:
    """The words of a text, with one space between two."""
    return " ".join(fold(text))


def spellings(text: str) -> list[str]:
    """The ways in which people fold a name themselves: "Zürich" is "zurich" and "zuerich".

    >>> spellings("Zürich")
    ['zurich', 'zuerich']
    """
    first = folded(text)
    if text.isascii():
        return [first]
    second = folded(unicodedata.normalize("NFC", text).lower().translate(_SPELLED))
    return [first] if second == first else [first, second]


def is_sign(word: str) -> bool:
    """Whether a word is a single sign of a script without spaces."""
    return len(word) == 1 and _SIGN.match(word) is not None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _SIGN.sub(r" \1 ", text.translate(_LETTERS))


def _bare(word: str) -> str:
    if word.startswith(_ARTICLE) and len(word) >= len(_ARTICLE) + _LEAST_AFTER_ARTICLE:
        return word.removeprefix(_ARTICLE)
    return word
