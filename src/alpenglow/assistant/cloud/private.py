"""What is private in a text, found by its form: phone numbers, mail addresses, accounts, cards, plates, places.

Rules that always hold:
- when in doubt it is private: seven digits in a row are taken for a number that belongs to somebody, whatever they are;
- the time a search takes grows with the text's length alone, since the text may be anybody's.

Street addresses are found as far as they look like ones (English, German, Chinese): a best effort, and no more.
"""

import re
from collections.abc import Callable, Iterator

type Span = tuple[int, int]
type Detector = Callable[[str], Iterator[Span]]

_MAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[^\W_](?:[\w-]{0,62}\.)+[^\W\d_]{2,24}\b")
_SPOKEN_MAIL = re.compile(
    r"(?<![\w-])(?:[\w-]{1,40} (?:dot|punkt) ){0,3}[\w.-]{1,64} (?:at|ät|@) [\w-]{1,63}"
    r"(?: (?:dot|punkt) [\w-]{2,20}){1,3}\b",
    re.I,
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Z0-9])", re.I)
_CARD = re.compile(r"(?<!\d)\d(?:[ .-]?\d){12,18}(?!\d)")
_VIN = re.compile(r"(?<![A-Z0-9])(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])", re.I)
_DIGITS = re.compile(r"(?<!\d)(?:\+ ?)?\(?\d(?:[\s().\-/·‑–]{0,5}\d){6,}")
_SAID_NUMBER = re.compile(
    r"(?:\b(?:phone|call|dial|ring|text|number is|nummer ist|nummer|telefon|handy|rufnummer|ruf|wähle?)\b"
    r"|电话|手机|号码|拨打|拨|打给)[^\d\n]{0,12}?(\d(?:[ .\-/]?\d){4,})",
    re.I,
)
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,2})[.]\d+|[1-9]\d{0,5}[.]\d{1,3}")  # 21.50000001, 12345.67
_DATE = re.compile(
    r"(?<!\d)(?<!\d[\s.\-/])(?:"
    r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d|[0-3]?\d/[0-3]?\d/(?:19|20)\d\d)(?![\s.\-/]?\d)"
)
_WORD_DIGIT = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
    r"|null|eins|ein|zwei|zwo|drei|vier|fünf|fuenf|sechs|sieben|acht|neun|\d{1,4})"
)
_WORD_NUMBER = re.compile(rf"(?<!\w){_WORD_DIGIT}(?:[\s,-]{{1,3}}{_WORD_DIGIT}){{4,}}(?!\w)", re.I)
_CHINESE_DIGITS = "零〇一二三四五六七八九幺两"
_CHINESE_NUMBER = re.compile(rf"[{_CHINESE_DIGITS}\d](?:[\s,，-]?[{_CHINESE_DIGITS}\d]){{6,}}")
_PLATES = (
    re.compile(r"(?<!\w)(?!USB-)[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?\d{1,4}[EH]?(?!\w)"),
    re.compile(r"(?<!\w)(?!wi-fi|hi-fi|usb-)[a-zäöü]{1,3}-[a-z]{1,2}[ -]?\d{2,4}[eh]?(?!\w)", re.I),
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·•\s-]?[A-Z0-9]{4,5}[A-Z0-9挂学警港澳]"
        r"(?![A-Z0-9])",
        re.I,
    ),
    re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z]{3}(?!\w)", re.I),
)
_SAID_PLATE = re.compile(
    r"(?:\b(?:(?:number|licen[cs]e) plate|plate|registration|kennzeichen)\b|车牌号?)"
    r"[^\w\n]{0,3}(?:(?:is|number|ist|lautet|nummer|是)[^\w\n]{0,3}){0,2}"
    r"((?=[^\n]{0,9}\d)[A-Z0-9一-龥ÄÖÜ](?:[ ·•-]?[A-Z0-9]){3,9})",
    re.I,
)
_COORDINATE = r"[-+−]?\d{1,3}(?:[.]\d{2,}|[,]\d{3,})"
_DEGREES = r"\d{1,3} ?°(?: ?\d{1,2}(?:[.,]\d+)? ?['′’])?(?: ?\d{1,2}(?:[.,]\d+)? ?(?:[\"″”]|''))?"
_PLACES = (
    re.compile(rf"(?<![\d.,]){_COORDINATE} ?°? ?[NSOEW]?[,;/\s]{{1,3}}{_COORDINATE}(?: ?°)?(?: ?[NSOEW]\b)?(?!\d)"),
    re.compile(rf"(?<!\d){_DEGREES} ?[NS]\b[,;\s]{{0,3}}{_DEGREES} ?[EWO]\b", re.I),
    re.compile(rf"\b[NS] ?{_COORDINATE}°?[,;\s]{{0,3}}[EWO] ?{_COORDINATE}(?!\d)", re.I),
)
_SAID_PLACE = re.compile(
    r"(?:\b\w{0,20}(?:latitude|longitude|breite|länge|breitengrad|längengrad)\b|\b(?:lat|lon|lng)\b|纬度|经度)"
    r"[^\d\n]{0,12}?(-?\d{1,3}[.,]\d{2,})",
    re.I,
)
_LONG_DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d{2}(\d{2,})(?![.,]?\d)")
_STREETS = (
    re.compile(
        r"(?<![\w.])\d{1,5}[a-z]?,? (?:(?!(?:the|degrees|percent|miles?|minutes?|km|m|per)\b)"
        r"[^\W\d_][\w'’.-]{0,30} ){1,4}"
        r"(?:(?i:street|road|avenue|lane|boulevard|highway)"
        r"|Drive|Way|Court|Place|Square|Close|Terrace|Crescent|St|Rd|Ave|Blvd|Ln|Dr)\b\.?"
        r"(?:, [^\W\d_][\w' -]{1,30}?(?=[,.\n]|$))?(?:,? [A-Z]{2} \d{5}(?:-\d{4})?)?"
    ),
    re.compile(r"(?<!\w)\d{5} [A-ZÄÖÜ][a-zäöüß]{2,30}(?:[ -](?:am|an der|ob der|[A-ZÄÖÜ][a-zäöüß]{2,30})){0,2}"),
)
_GERMAN_STREET = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|promenade|graben)"
    r" {1,2}\d{1,4} ?(?:[a-h]\b)?(?:, {0,2}\d{5} [A-ZÄÖÜ][\wäöüß-]{1,30})?",
    re.I,
)
_GERMAN_NAMED_STREET = re.compile(
    r"\b(?:Am|An der|Auf der|Auf dem|Im|In der|Unter den|Zum|Zur)"
    r" [A-ZÄÖÜ][a-zäöüß]{2,30}(?:[ -][A-ZÄÖÜ][a-zäöüß]{2,30})? \d{1,4}(?: ?[a-h]\b)?"
)
_NO_STREET = re.compile(r"(?:sitz|park|stell|fahrer|rück|steck)platz|(?:vor|hin|rück|um)weg|unterweg", re.I)
_CHINESE_STREET = re.compile(
    r"(?:大道|大街|胡同|路|街|道|巷|弄) ?[\d一二三四五六七八九十百零〇]{1,6} ?[号弄]"
    r"(?:[\d一二三四五六七八九十]{1,4}(?:号楼|栋|幢|单元|室|楼)){0,3}"
)
_NATIONAL = re.compile(r"1[3-9]\d{9}|1?[2-9]\d{9}|[2-9]\d{6}")  # Chinese mobile, North American
_BEFORE_CHINESE_STREET = frozenset("到去在往是住从给至")


def _matches(pattern: re.Pattern[str], group: int = 0) -> Detector:
    def found(text: str) -> Iterator[Span]:
        return (match.span(group) for match in pattern.finditer(text))

    return found


def _ibans(text: str) -> Iterator[Span]:
    """Where the checksum fits (ISO 13616); otherwise its digits are found as digits."""
    for match in _IBAN.finditer(text):
        signs = re.sub(r"[ -]", "", match[0]).upper()
        # Words after the number may look as if they belonged to it.
        for length in range(min(34, len(signs)), 14, -1):
            rotated = signs[4:length] + signs[:4]
            if int("".join(str(int(sign, 36)) for sign in rotated)) % 97 == 1:
                yield match.start(), match.start() + _signs_end(match[0], length)
                break


def _signs_end(text: str, count: int) -> int:
    """Where in `text` its `count`-th letter or digit ends."""
    for index, sign in enumerate(text):
        count -= sign not in " -"
        if count == 0:
            return index + 1
    return len(text)


def _cards(text: str) -> Iterator[Span]:
    """13 to 19 digits whose last is right (Luhn, ISO/IEC 7812-1)."""
    for match in _CARD.finditer(text):
        digits = [int(sign) for sign in match[0] if sign.isdigit()][::-1]
        doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        if (sum(digits[::2]) + sum(doubled)) % 10 == 0:
            yield match.span()


def _digits(text: str) -> Iterator[Span]:
    """Seven digits and more, but no dates and no decimal fractions."""
    kept = [match.span() for match in _DATE.finditer(text)]
    for start, end in _outside(text, kept):
        for match in _DIGITS.finditer(text, start, end):
            if not _DECIMAL.fullmatch(match[0]):
                yield match.span()


def _outside(text: str, kept: list[Span]) -> Iterator[Span]:
    start = 0
    for begin, end in kept:
        yield start, begin
        start = end
    yield start, len(text)


def _word_numbers(text: str) -> Iterator[Span]:
    """Seven digits of which some are said as words."""
    for match in _WORD_NUMBER.finditer(text):
        parts = re.split(r"[\s,-]+", match[0].lower())
        if sum(not part.isdigit() for part in parts) < 3:
            continue  # a date, or a list
        if sum(len(part) if part.isdigit() else {"double": 1, "triple": 2}.get(part, 1) for part in parts) >= 7:
            yield match.span()


def _chinese_numbers(text: str) -> Iterator[Span]:
    for match in _CHINESE_NUMBER.finditer(text):
        if sum(sign in _CHINESE_DIGITS for sign in match[0]) >= 3:
            yield match.span()


def _german_streets(text: str) -> Iterator[Span]:
    """The end of the word tells a street; its beginning is where the word, or the capitalised one before it, begins."""
    for match in _GERMAN_STREET.finditer(text):
        start = _word_start(text, match.start())
        if start == match.start():  # "Berliner Straße 5": the name is the word before
            start = _word_start(text, match.start() - 1) if match.start() and text[match.start() - 1] in " -" else start
        if start < match.start() and not _NO_STREET.search(text, start, match.end()):
            yield start, match.end()


def _word_start(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < 40 and (text[start - 1].isalpha() or text[start - 1] in "-."):
        start -= 1
    return start


def _chinese_streets(text: str) -> Iterator[Span]:
    for match in _CHINESE_STREET.finditer(text):
        start = match.start()
        while start > 0 and match.start() - start < 16 and "一" <= text[start - 1] <= "龥":
            if text[start - 1] in _BEFORE_CHINESE_STREET:
                break
            start -= 1
        yield start, match.end()


# In this order: what is found first is no longer there for the next.
DETECTORS: tuple[tuple[str, Detector], ...] = (
    ("email", _matches(_MAIL)),
    ("email", _matches(_SPOKEN_MAIL)),
    ("iban", _ibans),
    ("card", _cards),
    ("vin", _matches(_VIN)),
    *(("coordinates", _matches(pattern)) for pattern in _PLACES),
    ("coordinates", _matches(_SAID_PLACE, 1)),
    ("address", _german_streets),
    ("address", _matches(_GERMAN_NAMED_STREET)),
    ("address", _chinese_streets),
    *(("address", _matches(pattern)) for pattern in _STREETS),
    ("plate", _matches(_SAID_PLATE, 1)),
    *(("plate", _matches(pattern)) for pattern in _PLATES),
    ("number", _digits),
    ("number", _matches(_SAID_NUMBER, 1)),
    ("number", _word_numbers),
    ("number", _chinese_numbers),
)


def shorten_decimals(text: str) -> str:
    """Cut decimal fractions to two places: a lone latitude then names a kilometre instead of a door."""
    return _LONG_DECIMAL.sub(lambda match: match[0][: match.start(1) - match.start()], text)


def is_phone(number: str) -> bool:
    """Whether a number that was found looks like one to be called."""
    digits = re.sub(r"\D", "", number)
    return number.lstrip("(").startswith(("+", "0")) or _NATIONAL.fullmatch(digits) is not None
