"""The vector tiles of the installed maps, for the pages, in ranges as they ask for them."""

from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

_TILES = "map.pmtiles"


def map_route(state_dir: Path) -> BaseRoute:
    """Serves the tiles of the maps below `state_dir`. A map that is added later is served from then on."""

    async def tiles(request: Any) -> Response:
        name = request.path_params["name"]
        file = state_dir / "maps" / name / _TILES
        if name.startswith(".") or not file.is_file():
            return PlainTextResponse("There is no such map.\n", 404)
        # A map of the same name may take its place at any time: the page has to ask whether it is still this one.
        return FileResponse(file, media_type="application/vnd.pmtiles", headers={"cache-control": "no-cache"})

    return Route(f"/maps/{{name}}/{_TILES}", tiles)
