"""The brand in force, to the pages of one server: inside each page, and as `/brand.css` and `/brand.json`.

Packs are read and checked in a thread, so that a process which also does more urgent work is not held up.
"""

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from alpenglow.fabric.brand.shelf import Shelf, own_folder
from alpenglow.fabric.line import LineFault, line_facts, plain_facts
from alpenglow.fabric.room import Room

BRAND_PATH = "Vehicle.Alpenglow.Cockpit.Brand"  # empty: the line's own
_NO_CACHE = {"Cache-Control": "no-cache"}


class BrandServer:
    """Serves the brands of a room's car."""

    def __init__(self, room: Room) -> None:
        self._table = room.fabric.table
        try:
            line = line_facts(room.line_dir)
        except LineFault as fault:
            room.log.warning(str(fault))
            line = plain_facts(room.line_dir.name)
        self._shelf = Shelf(line, own_folder(room.settings.options), room.log.warning)
        self.routes = (Route("/brand.css", self._css), Route("/brand.json", self._json))

    async def dress(self, page: str) -> str:
        """A built page with the brand in force."""
        return await asyncio.to_thread(self._shelf.dress, page, self._in_force())

    def _in_force(self) -> str:
        """The chosen brand; the line's own where nobody says."""
        value = self._table.value(BRAND_PATH)
        return value if isinstance(value, str) else ""

    def _wanted(self, request: Any) -> str:
        name = request.query_params.get("brand")
        return self._in_force() if name is None else str(name)

    async def _css(self, request: Any) -> Response:
        css = await asyncio.to_thread(self._shelf.css, self._wanted(request))
        return Response(css, media_type="text/css", headers=_NO_CACHE)

    async def _json(self, request: Any) -> Response:
        look = await asyncio.to_thread(self._shelf.json, self._wanted(request))
        return Response(look, media_type="application/json", headers=_NO_CACHE)
