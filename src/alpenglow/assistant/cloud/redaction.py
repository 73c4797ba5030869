"""Redaction: what is private stays in the car; what leaves has placeholders, which are put back into the answer.

Rules that always hold:
- a placeholder (`⟨phone 1⟩`) stands for the same thing for as long as the `Redactor` lives, which is one conversation;
  which thing that is exists in this process's memory alone;
- what was once found private is private wherever it stands again;
- a text that leaves is normalised (NFKC, no invisible characters), so that no spelling of a digit slips through.

Names are those given: of the profile, its contacts, its places. Nobody else's are recognised.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from .private import DETECTORS, Detector, is_phone, shorten_decimals

type Found = tuple[int, int, str]  # start, end, kind

NOTE = "Expressions in ⟨…⟩ stand for private data. Repeat them unchanged where you need them; never ask what they are."

_KINDS = ("phone", "number", "email", "iban", "card", "vin", "plate", "coordinates", "address", "name", "place")
_PLACEHOLDER = re.compile(rf"⟨({'|'.join(_KINDS)}) (\d+)⟩")
# Models answer with other brackets and spaces than they were given.
_ANSWERED = re.compile(rf"[⟨〈<《\[{{]\s?({'|'.join(_KINDS)})[\s_-]?(\d{{1,6}})\s?[⟩〉>》\]}}]", re.I)
_BEGUN = re.compile(r"[⟨〈<《\[{]\s?[a-zA-Z]{0,11}[\s_-]?\d{0,6}\s?$")
_WORD = re.compile(r"\w+")

# Names that are ordinary words too are taken for names only with a capital.
_ORDINARY_NAMES = """
an angel art bill bob carol chase christian dawn drew eve ernst faith frank gene grace grant groß heather holly hope
iris ivy jack joy june klein kurt lang lily mark max may merry miles mia pat penny pearl ray rich rob robin rose ruby
skip stark sue summer sunny wade weiß will winter wolf
"""
_ORDINARY = frozenset(_ORDINARY_NAMES.split())

SCHEMA_KEYS = frozenset({"type", "format", "$ref", "$schema", "pattern", "required"})  # the schema's words, nobody's


class _Phrase(msgspec.Struct, frozen=True):
    """Something known to be private, as it is looked up by its first word."""

    text: str
    folded: str
    kind: str
    offset: int  # where in `text` the first word begins


class Redactor:
    """Takes what is private out of texts and puts it back into answers.

    `names` are names of people; `known` has other things that the car knows to be private: kind → texts, for example
    `{"vin": [...], "place": ["Grandma's house"]}`. Kinds: those of the placeholders.
    """

    def __init__(self, *, names: Iterable[str] = (), known: Mapping[str, Iterable[str]] | None = None) -> None:
        self._placeholders: dict[str, str] = {}  # folded text → placeholder
        self._originals: dict[str, str] = {}  # placeholder → text as it was first
        self._count: Counter[str] = Counter()  # placeholders of a kind
        self._phrases: dict[str, list[_Phrase]] = {}  # first word, folded → what may begin with it
        self._ideographs: dict[str, str] = {}  # text of a script without spaces → kind
        for name in names:
            whole = _plain(name).strip()
            parts = [part for part in re.split(r"[\s,]+", whole) if len(part) > 1 and not part.isdigit()]
            for part in dict.fromkeys([whole, *parts]):
                for spelt in _spellings(part):
                    self._know(spelt, "name")
        for kind, texts in (known or {}).items():
            if kind not in _KINDS:
                raise ValueError(f"no kind {kind!r}; there are {', '.join(_KINDS)}")
            for text in texts:
                self._know(_plain(text).strip(), kind)

    def redact(self, text: str) -> str:
        """The text as it may leave."""
        pieces = _replace([_plain(text)], lambda piece: self._known_spans(piece, names=False), self._placeholder)
        for kind, detector in DETECTORS:

            def found(piece: str, kind: str = kind, detector: Detector = detector) -> Iterator[Found]:
                return ((start, end, kind) for start, end in detector(piece))

            pieces = _replace(pieces, found, self._placeholder)
        # Names come last: a street that is named after somebody is a street.
        pieces = _replace(pieces, lambda piece: self._known_spans(piece, names=True), self._placeholder)
        return "".join(piece if _PLACEHOLDER.fullmatch(piece) else shorten_decimals(piece) for piece in pieces)

    def redact_json(self, value: Any, free: frozenset[str] = frozenset()) -> Any:
        """The same for every text in a JSON value, but for its keys and for what stands under a key in `free`."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, Mapping):
            return {key: item if key in free else self.redact_json(item, free) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.redact_json(item, free) for item in value]
        return value

    def restore(self, text: str) -> str:
        """The answer as people read it: with what the placeholders stand for."""
        return _ANSWERED.sub(
            lambda match: self._originals.get(f"⟨{match[1].lower()} {int(match[2])}⟩", match[0]),
            text,
        )

    def restore_json(self, value: Any) -> Any:
        """The same for every text in a JSON value."""
        if isinstance(value, str):
            return self.restore(value)
        if isinstance(value, dict):
            return {key: self.restore_json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.restore_json(item) for item in value]
        return value

    def restoring(self) -> "Restoring":
        """Puts originals back into a text that arrives in pieces."""
        return Restoring(self.restore)

    def leak(self, text: str) -> str | None:
        """The kind of something found private that stands in `text` all the same, or None.

        Names are left out: a name may be a word of a function's description that is the same for everybody.
        """
        folded = text.casefold()
        for original, placeholder in self._placeholders.items():
            kind = placeholder[1:].split()[0]
            start = folded.find(original) if kind != "name" else -1
            while start >= 0:
                if _alone_at(folded, start, start + len(original)):
                    return kind
                start = folded.find(original, start + 1)
        return None

    def _know(self, text: str, kind: str) -> None:
        """From now on `text` is private wherever it stands."""
        word = _WORD.search(text)
        if word is None:
            return
        if _is_ideographic(text):
            self._ideographs[text] = kind
            return
        phrases = self._phrases.setdefault(word[0].casefold(), [])
        phrases.append(_Phrase(text, text.casefold(), kind, word.start()))
        phrases.sort(key=lambda phrase: -len(phrase.text))

    def _known_spans(self, text: str, *, names: bool) -> Iterator[Found]:
        """Where something known stands: names, or all else."""
        for phrase, kind in self._ideographs.items():
            start = text.find(phrase) if (kind == "name") is names else -1
            while start >= 0:
                yield start, start + len(phrase), kind
                start = text.find(phrase, start + len(phrase))
        for word in _WORD.finditer(text):
            folded = word[0].casefold()
            candidates = self._phrases.get(folded, ())
            if names and folded.endswith("s"):
                candidates = (*candidates, *self._phrases.get(folded[:-1], ()))  # "Kims" is Kim's, too
            for known in candidates:
                start = word.start() - known.offset
                end = start + len(known.text)
                if (known.kind == "name") is not names or start < 0 or text[start:end].casefold() != known.folded:
                    continue
                if _is_name_at(text, start, end) if names else _alone_at(text, start, end):
                    yield start, end, known.kind
                    break

    def _placeholder(self, original: str, kind: str) -> str:
        folded = original.casefold()
        if folded not in self._placeholders:
            if kind == "number" and is_phone(original):
                kind = "phone"
            self._count[kind] += 1
            placeholder = f"⟨{kind} {self._count[kind]}⟩"
            self._placeholders[folded] = placeholder
            self._originals[placeholder] = original
            if kind != "name":
                self._know(original, kind)
        return self._placeholders[folded]


class Restoring:
    """A stream's text with the originals put back; a placeholder that arrives in pieces is kept until it is whole."""

    def __init__(self, restore: Callable[[str], str]) -> None:
        self._restore = restore
        self._kept = ""

    def feed(self, chunk: str) -> str:
        """What can be shown now."""
        text = self._kept + chunk
        begun = _BEGUN.search(text, max(0, len(text) - 24))
        cut = begun.start() if begun else len(text)
        self._kept = text[cut:]
        return self._restore(text[:cut])

    def close(self) -> str:
        """The rest."""
        rest, self._kept = self._kept, ""
        return self._restore(rest)


def counted(text: str) -> dict[str, int]:
    """How many different things of each kind were taken out of a text."""
    kinds: dict[str, int] = {}
    for kind, _ in set(_PLACEHOLDER.findall(text)):
        kinds[kind] = kinds.get(kind, 0) + 1
    return dict(sorted(kinds.items()))


def redact_messages(redactor: Redactor, messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Messages of a conversation as they may leave. Raises ValueError for a key that nobody knows how to redact."""
    messages = list(messages)
    for message in messages:  # first all of them: what is found in the last is private in the first, too
        _redacted(redactor, message)
    return [_redacted(redactor, message) for message in messages]


def _redacted(redactor: Redactor, message: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in message.items():
        if key in ("role", "tool_call_id"):
            result[key] = value
        elif key == "content" and (value is None or isinstance(value, str)):
            result[key] = None if value is None else redactor.redact(value)
        elif key == "tool_calls":
            result[key] = [_redacted_call(redactor, call) for call in value]
        else:
            raise ValueError(f"a message's {key!r} cannot be redacted; only texts and calls may leave")
    return result


def _redacted_call(redactor: Redactor, call: Mapping[str, Any]) -> dict[str, Any]:
    function = call["function"]
    arguments = function["arguments"]
    try:
        redacted = msgspec.json.encode(redactor.redact_json(msgspec.json.decode(arguments))).decode()
    except msgspec.DecodeError:
        redacted = redactor.redact(arguments)
    return {"id": call["id"], "type": "function", "function": {"name": function["name"], "arguments": redacted}}


def _plain(text: str) -> str:
    """NFKC without what cannot be seen, and without brackets that could pass for a placeholder's."""
    text = unicodedata.normalize("NFKC", text).replace("⟨", "‹").replace("⟩", "›")
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _spellings(name: str) -> list[str]:
    """As it is, without accents, and with the umlauts spelt out."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    spelt = name
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        spelt = spelt.replace(umlaut, letters)
    return list(dict.fromkeys([name, bare, spelt]))


def _is_ideographic(text: str) -> bool:
    return any("぀" <= sign <= "ヿ" or "㐀" <= sign <= "鿿" or "가" <= sign <= "힯" for sign in text)


def _is_name_at(text: str, start: int, end: int) -> bool:
    """Whether what stands there is a whole word, perhaps with an s of possession, and not an ordinary one."""
    if text[start:end].casefold() in _ORDINARY and not text[start].isupper():
        return False
    if end < len(text) and text[end] in "sS":
        end += 1
    return _alone_at(text, start, end)


def _is_word(sign: str) -> bool:
    return sign.isalnum() and not _is_ideographic(sign)


def _alone_at(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is not a part of a longer number or word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((_is_word(before) and _is_word(text[start])) or (_is_word(after) and _is_word(text[end - 1])))


def _replace(
    pieces: list[str], find: Callable[[str], Iterable[Found]], placeholder: Callable[[str, str], str]
) -> list[str]:
    """Put placeholders for what `find` finds in those pieces that are not placeholders themselves."""
    result: list[str] = []
    for piece in pieces:
        done = 0
        found = () if _PLACEHOLDER.fullmatch(piece) else find(piece)
        for start, end, kind in sorted(found, key=lambda span: (span[0], -span[1])):
            if done <= start < end:  # else it lies in one that is replaced already
                result += [piece[done:start], placeholder(piece[start:end], kind)]
                done = end
        result.append(piece[done:])
    return [piece for piece in result if piece]
