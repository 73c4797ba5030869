"""What the media services answer; each is declared in `cockpit.api`."""

import asyncio
import random

import msgspec

from alpenglow.cockpit import api
from alpenglow.cockpit.media import covers
from alpenglow.cockpit.media.deck import Deck
from alpenglow.cockpit.media.play_queue import MOST
from alpenglow.cockpit.parts import Cockpit
from alpenglow.fabric import BadArguments, Caller, Failed
from alpenglow.fabric.store import StoreError

_PROBLEMS = 100


class Answers:
    """The services of one deck."""

    def __init__(self, cockpit: Cockpit, deck: Deck) -> None:
        self._cockpit, self._deck = cockpit, deck
        self._player, self._sources = deck.player, deck.sources

    async def cover(self, cover: str) -> tuple[bytes, str] | None:
        """The picture of that id and its content type, or None."""
        data = await asyncio.to_thread(self._sources.cover, cover) if cover.isalnum() else None
        picture = None if data is None else covers.verified(data)
        return None if data is None or picture is None else (data, picture.kind)

    async def media_browse(self, _: Caller, source: str, shelf: str, start: int, limit: int) -> api.MediaListing:
        """See api."""
        found = self._sources.browse(source, shelf, start, limit)
        if found is None:
            raise BadArguments("that shelf is no longer there")
        return self._with_marks(found)

    async def media_search(self, _: Caller, text: str, limit: int) -> api.MediaListing:
        """See api."""
        return self._with_marks(self._sources.search(text, limit))

    async def media_library(self, _: Caller) -> api.MediaLibrary:
        """See api."""
        playing = [
            api.MediaProblem(where=uri if (track := self._sources.track(uri)) is None else track.title, why=why)
            for uri, why in self._deck.problems.items()
        ]
        folder = self._deck.folder
        listed = [] if folder is None else folder.listed_problems(_PROBLEMS)
        return api.MediaLibrary(
            folder="" if folder is None else str(folder.root),
            tracks=self._deck.tracks,
            looking=folder is not None and folder.looking,
            problems=[*playing, *listed][:_PROBLEMS],
            problem_count=len(playing) + (0 if folder is None else len(folder.problems)),
        )

    async def media_queue(self, _: Caller, start: int, limit: int) -> api.MediaQueue:
        """See api."""
        queue = self._player.queue
        first = max(queue.at, 0) if start < 0 else start
        marked = set(self._deck.marked)
        entries = [
            api.MediaEntry(id=entry.id, track=_marked(self._track(entry.uri), marked))
            for entry in queue.order[first : first + limit]
        ]
        return api.MediaQueue(
            entries=entries,
            start=first,
            total=len(queue),
            current=0 if queue.current is None else queue.current.id,
            shuffle=queue.shuffle,
            repeat=queue.repeat,
            zones=["front", "rear"] if self._player.sound.channels >= 4 else [],
        )

    async def media_play(self, _: Caller, uris: list[str], at: int) -> None:
        """See api."""
        if not uris:
            raise BadArguments("there is nothing to play in an empty list")
        self._deck.choose(self._deck.known(uris), at)

    async def media_play_shelf(self, caller: Caller, source: str, shelf: str, uri: str, shuffle: bool) -> None:
        """See api."""
        if not source and shelf == "favourites":
            uris = [track.uri for track in await self.media_favourites(caller)]
        else:
            found = self._sources.browse(source, shelf, 0, MOST)
            uris = [] if found is None else [track.uri for track in found.tracks]
        if not uris or (uri and uri not in uris):
            raise BadArguments("there is nothing of that to play any more")
        queue = self._player.queue
        if shuffle != queue.shuffle and not uri:
            self._player.order(shuffle=shuffle, repeat=queue.repeat)
        at = uris.index(uri) if uri else random.randrange(len(uris)) if shuffle else 0
        self._deck.choose(uris, at)

    async def media_add(self, _: Caller, uris: list[str], soon: bool) -> None:
        """See api."""
        self._player.add(self._deck.known(uris), soon=soon)

    async def media_remove(self, _: Caller, entry: int) -> None:
        """See api."""
        self._player.remove(entry)

    async def media_move(self, _: Caller, entry: int, to: int) -> None:
        """See api."""
        self._player.move(entry, to)

    async def media_clear(self, _: Caller) -> None:
        """See api."""
        self._player.clear()

    async def media_go(self, _: Caller, entry: int) -> None:
        """See api."""
        if not self._player.go(entry):
            raise BadArguments("that is no longer in the queue")

    async def media_order(self, _: Caller, shuffle: bool, repeat: api.MediaRepeat) -> None:
        """See api."""
        self._player.order(shuffle=shuffle, repeat=repeat)

    async def media_seek(self, _: Caller, position_s: float) -> None:
        """See api."""
        self._player.seek(position_s)

    async def media_favourites(self, _: Caller) -> list[api.MediaTrack]:
        """See api."""
        tracks = [self._sources.track(uri) for uri in reversed(self._deck.marked)]
        return [msgspec.structs.replace(track, favourite=True) for track in tracks if track is not None]

    async def media_favour(self, _: Caller, uri: str, favourite: bool) -> None:
        """See api."""
        person = self._cockpit.person()
        if favourite:
            self._deck.known([uri])
        try:
            self._deck.favourites.mark(person, uri, favourite)
        except StoreError as error:
            raise Failed(str(error)) from None
        self._cockpit.changed("Media")

    async def duck_media(self, caller: Caller, seconds: float, reason: str) -> None:
        """See api."""
        self._player.sound.duck(f"{caller}: {reason}", seconds)

    def _with_marks(self, found: api.MediaListing) -> api.MediaListing:
        marked = set(self._deck.marked)
        return msgspec.structs.replace(found, tracks=[_marked(track, marked) for track in found.tracks])

    def _track(self, uri: str) -> api.MediaTrack:
        """What an address in the queue names, or what can be said of one that has gone."""
        return self._sources.track(uri) or api.MediaTrack(
            uri=uri, title=uri.rsplit("/", 1)[-1], artist="", album="", genre="", number=0, duration_s=0.0, cover=""
        )


def _marked(track: api.MediaTrack, marked: set[str]) -> api.MediaTrack:
    return msgspec.structs.replace(track, favourite=True) if track.uri in marked else track
