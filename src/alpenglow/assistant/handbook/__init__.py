"""What does the owner's handbook say? Chapters in three languages, found by words and meaning, answered by quoting."""

from alpenglow.assistant.handbook.meaning import Encoder
from alpenglow.assistant.handbook.passages import HandbookError, Passage
from alpenglow.assistant.handbook.retrieval import Answered, Cite, Found, Handbook

__all__ = ["Answered", "Cite", "Encoder", "Found", "Handbook", "HandbookError", "Passage"]
