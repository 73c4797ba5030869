"""Hides what a reasoning model thinks aloud, while the text streams.

Tags may be split anywhere, nested, stray or never closed: where the text is cut into chunks makes no difference, no tag
is shown, and nothing between an opening and its closing tag is. If tags do not match up, what follows the last closing
tag is taken for the answer, and comes at the end.
"""

import re
import time
from collections.abc import Callable

_NAMES = ("think", "thinking", "thought", "reasoning")
_TAG = re.compile(rf"<(/?)(?:{'|'.join(_NAMES)})\s{{0,8}}>", re.IGNORECASE)
_LONGEST_TAG = 24
_BEGUN = re.compile(r"</?([a-z]{0,9})(\s{0,8})", re.IGNORECASE)


class ThinkingFilter:
    """Feed it what the model writes; it returns what people may see.

    `cut` turns True when the model has thought more than `budget_chars` or longer than `late_s` from its first chunk;
    from then on nothing is shown, and the one who feeds should stop the model.
    """

    def __init__(
        self,
        *,
        budget_chars: int = 4000,
        late_s: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cut = False
        self.hidden_chars = 0
        self._budget_chars, self._late_s, self._clock = budget_chars, late_s, clock
        self._started: float | None = None
        self._depth = 0
        self._held = ""  # may become a tag
        self._closed = False  # a tag was closed and none opened since, though one is still open
        self._after_close = ""  # what came then: the answer, if no more tags are closed

    @property
    def thinking(self) -> bool:
        return self._depth > 0

    def feed(self, chunk: str) -> str:
        """The part of what has arrived that may be shown now."""
        if self._started is None:
            self._started = self._clock()
        if self.cut:
            return ""
        text, self._held = self._held + chunk, ""
        shown = []
        at = 0
        for tag in _TAG.finditer(text):
            shown.append(self._pass(text[at : tag.start()]))
            self._turn(closing=bool(tag[1]))
            at = tag.end()
        rest = text[at:]
        keep = _begun_tag(rest)
        self._held = rest[keep:]
        shown.append(self._pass(rest[:keep]))
        if self.thinking and self._late_s is not None and self._clock() - self._started > self._late_s:
            self.cut = True
        return "".join(shown)

    def end(self) -> str:
        """What was still held back and may be shown, when the model has ended."""
        if self.cut:
            return ""
        rest = self._pass(self._held)
        self._held = ""
        if self.thinking:
            rest, self._after_close = self._after_close, ""
        return rest

    def _turn(self, *, closing: bool) -> None:
        self._depth = max(0, self._depth - 1) if closing else self._depth + 1
        self._closed, self._after_close = closing, ""

    def _pass(self, text: str) -> str:
        if self.cut:
            return ""
        if not self.thinking:
            return text
        self.hidden_chars += len(text)
        self.cut = self.hidden_chars > self._budget_chars
        if self._closed:
            self._after_close += text
        return ""


def _begun_tag(text: str) -> int:
    """Where a tag begins that the end of `text` leaves open; its length where there is none."""
    start = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    if start < 0:
        return len(text)
    begun = _BEGUN.fullmatch(text, start)
    if begun is None:
        return len(text)
    name, spaces = begun[1].lower(), begun[2]
    possible = name in _NAMES if spaces else any(known.startswith(name) for known in _NAMES)
    return start if possible else len(text)
