"""Other people's tools within the assistant's conversation: what the car's own functions do not cover may be theirs.

They are asked only where the car's own tiers leave a sentence open, and only for what `mcp.toml` permits. What they say
is shown with where it comes from.
"""

from alpenglow.assistant.api import Seat
from alpenglow.assistant.language.pack import Pack
from alpenglow.assistant.tools.mcp_client import Servers
from alpenglow.assistant.tools.talking import Talk, ToolAnswer

_MOST_TALKS = 20


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
        key = (pack.language, seat)
        if key not in self._talks:
            if len(self._talks) >= _MOST_TALKS:
                self._talks.clear()
            self._talks[key] = Talk(self._servers.catalogue, pack, self._servers, seat=seat)
        answer = await self._talks[key].say(said)
        self._waiting = key if answer.asking else None
        return answer if answer.calls or answer.asking else None

    def waits(self, language: str, seat: Seat) -> bool:
        """Whether the next sentence answers a question of theirs."""
        return self._waiting == (language, seat)

    async def close(self) -> None:
        """End the servers."""
        await self._servers.close()
