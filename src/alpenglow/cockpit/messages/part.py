"""The part that watches for what there is to tell and gives the queue to the pages."""

import asyncio
import time

from alpenglow.cockpit import api
from alpenglow.cockpit.messages.cluster import LEVEL, TEXT, Cluster
from alpenglow.cockpit.messages.quiet import Quiet
from alpenglow.cockpit.messages.sources import Charging, Holding
from alpenglow.cockpit.parts import Cockpit
from alpenglow.fabric import BadArguments, Caller
from alpenglow.signals import Value

_LOOK_S = 0.2
_SHOWN_S = 10.0  # how long what has happened, and asks for nothing, is shown
_SUGGESTION = "Vehicle.Alpenglow.Assistant.Suggestion"


class Messages:
    """Serves the messages of one car."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._board = cockpit.messages
        self._quiet = Quiet()
        self._cluster = Cluster()
        self._holding = Holding()
        self._charging = Charging()
        self._suggested = ""

    async def start(self) -> None:
        """See parts.Part."""
        fabric = self._cockpit.fabric
        await fabric.serve(api.messages, self._messages)
        await fabric.serve(api.acknowledge_message, self._acknowledge)
        await fabric.serve(api.claim_chime, self._claim_chime)
        self._cockpit.erased.append(self._board.let_go)
        self._cockpit.changed("Messages")
        if self._cockpit.store.notice:
            self._board.post("store_set_aside", "notice", "messages.store_set_aside", until=_SHOWN_S)

    async def run(self) -> None:
        """Look at the car until cancelled."""
        while True:
            self._look(time.monotonic())
            await asyncio.sleep(_LOOK_S)

    def _look(self, now: float) -> None:
        read, board = self._read, self._board
        said, over = self._cluster.look(self._text(TEXT), self._text(LEVEL), now)
        if said is not None:
            board.post(said.cause, said.level, said.says, said.args, elsewhere=said.level != "stop")
        begun, ended = self._holding.look(read, now)
        for source in begun:
            board.post(source.cause, source.level, source.says, source.args)
        for cause in (*over, *ended):
            board.clear(cause)
        if (charge := self._charging.look(read)) is not None:
            level: api.Level = "info" if charge == "charging_done" else "notice"
            board.post(charge, level, f"messages.{charge}", until=_SHOWN_S)
        self._look_at_suggestion()
        board.look(self._quiet.look(read, now))

    def _look_at_suggestion(self) -> None:
        """The assistant shows its suggestions itself; they are listed here."""
        suggested = self._text(_SUGGESTION) or ""
        if suggested == self._suggested:
            return
        self._suggested = suggested
        if suggested:
            args = {"text": suggested}
            self._board.post("suggestion", "info", "messages.suggestion", args, elsewhere=True, personal=True)
        else:
            self._board.clear("suggestion")

    def _read(self, path: str) -> Value | None:
        return self._cockpit.fabric.table.value(path)

    def _text(self, path: str) -> str | None:
        found = self._read(path)
        return found if isinstance(found, str) else None

    async def _messages(self, _caller: Caller, limit: int) -> list[api.Message]:
        return self._board.messages(limit)

    async def _acknowledge(self, _caller: Caller, message: str) -> None:
        if not self._board.acknowledge(message):
            raise BadArguments("that message is over")

    async def _claim_chime(self, _caller: Caller, message: str) -> api.Chime:
        return self._board.claim_chime(message)
