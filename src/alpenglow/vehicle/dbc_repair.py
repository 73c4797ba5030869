"""What DBC files in the wild do wrong, put right where the meaning is certain.

Works on the text, keeps the line numbers, and says what it did. Comments are dropped: they decode nothing, and most
syntax errors are in them.
"""

import codecs
import re

from alpenglow.vehicle.frames import EXTENDED, EXTENDED_ID_MAX, STANDARD_ID_MAX

_COMMENT = re.compile(r'^[ \t]*CM_[ \t]+[^"\n;]*"(?P<body>.*?)"\s*;', re.M | re.S)
_UNENDED = re.compile(r'^[ \t]*CM_[ \t]+[^"\n;]*"[^"\n]*"[ \t]*$', re.M)
_STATEMENT = re.compile(r'"[ \t]*\r?\n\s*(?:BO_|SG_|CM_|BA_|VAL_|BU_|EV_)\b')
_MESSAGE = re.compile(r"^(\s*BO_\s+)(\d+)(\s+)(\S+?)(\s*:.*)$")
_SIGNAL = re.compile(r"^(\s*SG_\s+)(\S+?)(\s*(?:\s(?:m\d+M?|M)\s*)?:.*)$")
_REFERENCE = re.compile(
    r'^(?P<head>\s*(?:VAL_|SIG_VALTYPE_|SIG_GROUP_|SG_MUL_VAL_|BO_TX_BU_|BA_\s+"[^"]*"\s+(?:BO_|SG_))\s+)'
    r"(?P<id>\d+)(?P<gap>\s*)(?P<name>[^\s:;\"]*)"
)
_OF_SIGNAL = re.compile(r'^\s*(?:VAL_|SIG_VALTYPE_|SG_MUL_VAL_|BA_\s+"[^"]*"\s+SG_)\s')
_OPEN_VALUES = re.compile(r'^\s*VAL_\s.*"\s*$')
_KEYWORD = re.compile(r"^\s*(?:BO_|SG_|CM_|BA_|VAL_|BU_|EV_|SIG_|SG_MUL_VAL_)")
_INDEPENDENT = 0xC000_0000  # Vector's identifier of the pseudo message that collects unused signals


class DbcError(ValueError):
    """A DBC file that cannot be read: one line that names file, line and reason."""


def decode_text(content: bytes) -> str:
    """A DBC file's text: UTF-8 or UTF-16 where it is that, else Windows' western code page, as Vector's tools write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def repair(text: str, name: str, warnings: list[str]) -> str:
    """`text` as the parser takes it, line for line; what was changed is added to `warnings`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in "\v\f\x1c\x1d\x1e\x85\u2028\u2029":  # line ends for Python, not for the parser
        text = text.replace(character, " ")
    text = _drop_comments(text, name, warnings)
    return _Lines(text, name, warnings).repaired()


def _drop_comments(text: str, name: str, warnings: list[str]) -> str:
    def blank(found: re.Match[str]) -> str:
        # A comment that lost its semicolon would swallow the statements up to the next one.
        if _STATEMENT.search(found[0]):
            return found[0]
        return "\n" * found[0].count("\n")

    def mend(found: re.Match[str]) -> str:
        line = text.count("\n", 0, found.start()) + 1
        warnings.append(f"{name}:{line}: comment without its closing semicolon: ignored")
        return ""

    before = None
    while before != text:  # a comment kept above hides the ones behind it until it has been mended
        before = text
        text = _COMMENT.sub(blank, text)
        text = _UNENDED.sub(mend, text)
    return text


class _Lines:
    def __init__(self, text: str, name: str, warnings: list[str]) -> None:
        self.lines = text.split("\n")
        self.name = name
        self.warnings = warnings
        self.signals: dict[int, set[str]] = {_INDEPENDENT: set()}  # by identifier as it stands in the file

    def repaired(self) -> str:
        current: int | None = None
        skipping = False
        for number, line in enumerate(self.lines):
            message = _MESSAGE.match(line)
            if message:
                current = int(message[2])
                skipping = not self._message(number, message)
                continue
            signal = _SIGNAL.match(line)
            if signal and skipping:
                self.lines[number] = ""
            elif signal and current is not None:
                new = _identifier(signal[2])
                if new != signal[2]:
                    self._say(number, f"{signal[2]!r} is no name: read as {new}")
                    self.lines[number] = signal[1] + new + signal[3]
                self.signals[current].add(new)
        for number in range(len(self.lines)):
            self._end(number)
            reference = _REFERENCE.match(self.lines[number])
            if reference:
                self._reference(number, reference)
        return "\n".join(self.lines)

    def _message(self, number: int, found: re.Match[str]) -> bool:
        """Put the message's identifier and name right; False where no frame can have the identifier."""
        can_id, name = int(found[2]), _identifier(found[4])
        written = _with_flag(can_id)
        if can_id != _INDEPENDENT and (written & ~EXTENDED > EXTENDED_ID_MAX or written >= 2 * EXTENDED):
            self._say(number, f"message {found[4]} has the identifier {can_id:#x}, which no frame can have: left out")
            self.lines[number] = ""
            return False
        if written != can_id:
            self._say(number, f"identifier {can_id:#x} of {found[4]} needs 29 bits: read as an extended one")
        if name != found[4]:
            self._say(number, f"{found[4]!r} is no name: read as {name}")
        self.lines[number] = f"{found[1]}{written}{found[3]}{name}{found[5]}"
        self.signals.setdefault(can_id, set())
        return True

    def _end(self, number: int) -> None:
        """Give a value table that lost its semicolon one, if what follows is a new statement."""
        if not _OPEN_VALUES.match(self.lines[number]):
            return
        following = next((line for line in self.lines[number + 1 :] if line.strip()), "VAL_ ")
        if _KEYWORD.match(following):
            self._say(number, "value table without its closing semicolon: added")
            self.lines[number] += " ;"

    def _reference(self, number: int, found: re.Match[str]) -> None:
        can_id = int(found["id"])
        of_signal = _OF_SIGNAL.match(found[0])
        name = _identifier(found["name"]) if of_signal else found["name"]
        known = self.signals.get(can_id)
        if known is None or (of_signal and name not in known):
            what = f"{found['id']} {found['name']}".strip()
            self._say(number, f"{found[0].split()[0]} speaks of {what}, which the file does not define: ignored")
            for at in range(number, len(self.lines)):
                ends = self.lines[at].rstrip().endswith(";")
                self.lines[at] = ""
                if ends:
                    break
            return
        if name != found["name"] or _with_flag(can_id) != can_id:
            rest = self.lines[number][found.end() :]
            self.lines[number] = f"{found['head']}{_with_flag(can_id)}{found['gap']}{name}{rest}"

    def _say(self, number: int, what: str) -> None:
        self.warnings.append(f"{self.name}:{number + 1}: {what}")


def _with_flag(can_id: int) -> int:
    return can_id | EXTENDED if STANDARD_ID_MAX < can_id <= EXTENDED_ID_MAX else can_id


def _identifier(name: str) -> str:
    """`name` as a C identifier, which the DBC grammar asks for."""
    clean = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return f"_{clean}" if clean[:1].isdigit() else clean
