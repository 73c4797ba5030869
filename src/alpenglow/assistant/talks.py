"""The conversations with each person, and where they are kept: nobody hears what another one said.

The owner's are in the assistant's own folder; everybody else's in a folder of theirs below `people/`.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from alpenglow.assistant.conversation import Conversation, load, save
from alpenglow.assistant.functions import Functions

OWNER = "owner"
_MOST = 50  # conversations that are open at once

type _Name = tuple[str, str]  # profile, conversation


class Talks:
    """All conversations of one car."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[_Name, Conversation] = {}

    def get(self, profile: str, name: str, functions: Functions) -> Conversation:
        """That conversation: the one that is under way, the one that was kept, or a new one."""
        key = (profile, name)
        if key not in self._open:
            if len(self._open) >= _MOST:
                self._open.pop(next(iter(self._open)))
            self._open[key] = load(self._file(profile, name), functions)
        return self._open[key]

    def keep(self, profile: str, name: str, talk: Conversation) -> None:
        """Keep it as it is now. OSError: it cannot be. Blocks for the disk."""
        if self._open.get((profile, name)) is not talk:
            return  # erased meanwhile
        file = self._file(profile, name)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(talk, file)

    def kept(self, profile: str) -> list[tuple[str, bytes, datetime]]:
        """What is kept of a profile: each conversation's name, its content as JSON, and when it last changed."""
        return [
            (
                file.stem.removeprefix("conversation-"),
                file.read_bytes(),
                datetime.fromtimestamp(file.stat().st_mtime, UTC),
            )
            for file in self._files(profile)
        ]

    def erase(self, profile: str) -> int:
        """Forget what was said with a person; how many conversations are gone. OSError: they cannot be."""
        for key in [key for key in self._open if key[0] == profile]:
            del self._open[key]
        files = self._files(profile)
        for file in files:
            file.unlink(missing_ok=True)
        if profile != OWNER and self._place(profile).is_dir():
            shutil.rmtree(self._place(profile))
        return len(files)

    def _files(self, profile: str) -> list[Path]:
        # Also what a write that was cut short has left behind.
        return sorted(file for file in self._place(profile).glob("*conversation-*") if file.is_file())

    def _place(self, profile: str) -> Path:
        return self._folder if profile == OWNER else self._folder / "people" / _safe(profile)

    def _file(self, profile: str, name: str) -> Path:
        return self._place(profile) / f"conversation-{_safe(name) or 'car'}.json"


def _safe(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "-_")[:40]
