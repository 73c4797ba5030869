"""Other people's tools within the assistant's conversation: what the car's own functions do not cover may be theirs.

They are asked only where the car's own tiers leave a sentence open, and only for what `mcp.toml` permits. What they say
is shown with where it comes from.
"""

from alpenglow.assistant.api import Seat
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.language.text import hear
from alpenglow.assistant.tools.catalogue import Call, split_words
from alpenglow.assistant.tools.mcp_client import Servers
from alpenglow.assistant.tools.talking import Talk, ToolAnswer
from alpenglow.assistant.tools.viewing import ToolFailed

_MOST_TALKS = 20
_MOST_SHOWN = 500  # characters of what somebody else's tool says
_VERBS = frozenset({"get", "read", "list", "show", "fetch", "find"})


class Others:
    """The tools of other people's servers, in conversation."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._talks: dict[tuple[str, Seat], Talk] = {}
        self._waiting: tuple[str, Seat] | None = None  # who was asked something back

    async def say(self, said: str, pack: Pack, seat: Seat) -> ToolAnswer | None:
        """What their tools make of it; None where it is nothing to them."""
        if not self._servers.catalogue:
            return None
        if (told := await self._tell(said)) is not None:
            return told
        key = (pack.language, seat)
        if key not in self._talks:
            if len(self._talks) >= _MOST_TALKS:
                self._talks.clear()
            self._talks[key] = Talk(self._servers.catalogue, pack, self._servers, seat=seat)
        answer = await self._talks[key].say(said)
        asks = answer.asking not in ("", "how")
        self._waiting = key if asks else None
        return answer if answer.calls or asks else None

    async def _tell(self, said: str) -> ToolAnswer | None:
        """The answer of a tool that only tells something, where its whole name is in what was said: "any news?"."""
        words = {token.text for token in hear(said).tokens}
        for tool in self._servers.catalogue.values():
            named = set(split_words(tool.name.partition(".")[2])) - _VERBS
            if tool.reads and not tool.required and named and named <= words:
                call = Call(tool=tool.name, arguments={})
                try:
                    result = await self._servers.call(call)
                except ToolFailed as problem:
                    return ToolAnswer(reply=str(problem), calls=[call])
                return ToolAnswer(reply=f"{result['outside']}: {result['text'][:_MOST_SHOWN]}", calls=[call])
        return None

    def waits(self, language: str, seat: Seat) -> bool:
        """Whether the next sentence answers a question of theirs."""
        return self._waiting == (language, seat)

    async def close(self) -> None:
        """End the servers."""
        await self._servers.close()
