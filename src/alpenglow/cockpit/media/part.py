"""The part `media` of the cockpit: music, made ready beside the start rather than before it.

Decoders, tags and the bus take a quarter of a second of a processor to load, which the first picture of the car shall
not wait for. So what is asked for before they are there waits until they are.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alpenglow.cockpit import api
from alpenglow.cockpit.media.paths import BALANCE, FRONT, MEDIA, REAR
from alpenglow.cockpit.parts import Cockpit
from alpenglow.fabric import Caller
from alpenglow.signals import Value

if TYPE_CHECKING:
    from alpenglow.cockpit.media.answers import Answers
    from alpenglow.cockpit.media.deck import Deck

_SERVICES = (
    api.media_browse, api.media_search, api.media_library, api.media_queue, api.media_play, api.media_play_shelf,
    api.media_add, api.media_remove, api.media_move, api.media_clear, api.media_go, api.media_order, api.media_seek,
    api.media_favourites, api.media_favour, api.duck_media,
)  # fmt: skip


class Media:
    """See the module's text."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._ready: asyncio.Future[tuple[Deck, Answers]] = asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """See Part."""
        cockpit = self._cockpit
        cockpit.restore({BALANCE: 0, FRONT: 100, REAR: 100})
        cockpit.fabric.hold({f"{MEDIA}.Action": "UNKNOWN", f"{MEDIA}.SelectedURI": ""})
        for branch in ("Action", "SelectedURI", "Played"):
            cockpit.takes(f"{MEDIA}.{branch}", self._write)
        cockpit.routes.append(Route("/cover/{cover}", self._cover))
        for declared in _SERVICES:
            await cockpit.fabric.serve(declared, self._answer(declared.function))

    async def run(self) -> None:
        """See Part."""
        make = await asyncio.to_thread(_load)
        deck, answers = make(self._cockpit)
        self._ready.set_result((deck, answers))
        await deck.run()

    async def _there(self) -> "tuple[Deck, Answers]":
        return await asyncio.shield(self._ready)

    async def _write(self, path: str, value: Value) -> None:
        deck, _ = await self._there()
        await deck.write(path, value)

    def _answer(self, function: str) -> Callable[..., Awaitable[Any]]:
        async def answer(caller: Caller, **arguments: Any) -> Any:
            _, answers = await self._there()
            return await getattr(answers, function)(caller, **arguments)

        return answer

    async def _cover(self, request: Request) -> Response:
        _, answers = await self._there()
        found = await answers.cover(request.path_params["cover"])
        if found is None:
            return PlainTextResponse("there is no such cover\n", 404)
        data, kind = found
        # Its name is a digest of its bytes, so it is never another.
        return Response(data, media_type=kind, headers={"Cache-Control": "private, max-age=31536000, immutable"})


def _load() -> "Callable[[Cockpit], tuple[Deck, Answers]]":
    from alpenglow.cockpit.media.answers import Answers
    from alpenglow.cockpit.media.deck import Deck

    def make(cockpit: Cockpit) -> tuple["Deck", "Answers"]:
        deck = Deck(cockpit)
        return deck, Answers(cockpit, deck)

    return make
