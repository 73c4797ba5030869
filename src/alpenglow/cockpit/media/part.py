"""The part `media` of the cockpit: the player behind signals and services.

Rules that always hold:
- what people and programs set comes through the door: Action, SelectedURI, Played.* here, volumes as settings;
- `Played.PlaybackRate` 0 holds the music and 1 lets it go on, since VSS has no word for a pause;
- a guest and a valet hear music but see no favourites, and the queue of the person before them is gone.
"""

import asyncio
import time
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alpenglow.cockpit import api
from alpenglow.cockpit.media import covers
from alpenglow.cockpit.media.favourites import Favourites
from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.keeping import KeptQueue
from alpenglow.cockpit.media.mpris import MEDIA, Mpris
from alpenglow.cockpit.media.play_queue import MOST
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Source, Sources
from alpenglow.cockpit.parts import Cockpit
from alpenglow.fabric import BadArguments, Caller, Failed
from alpenglow.fabric.store import StoreError
from alpenglow.signals import Value

_OURS = "Vehicle.Alpenglow.Cockpit.Media"
_VOLUME = f"{MEDIA}.Volume"
_BALANCE, _FRONT, _REAR = f"{_OURS}.Balance", f"{_OURS}.Zone.Front.Volume", f"{_OURS}.Zone.Rear.Volume"
_WARNING = "Vehicle.Alpenglow.Cluster.MessageLevel"
_PROFILE = "Vehicle.Alpenglow.Cockpit.Profile"

_TICK_S = 0.2
_LOOK_S = 5.0  # how often the folder is looked at for changes, at most
_LOOK_SHARE = 50  # and looking takes at most this part of the time
_SAVE_S = 5.0
_JUMP_S = 10.0  # FAST_FORWARD and FAST_BACKWARD
_WARNING_S = 4.0  # how long the music is quiet for a new warning
_PROBLEMS = 100


class Media:
    """See the module's text."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit, self._fabric, self._log = cockpit, cockpit.fabric, cockpit.room.log
        options = cockpit.room.settings.options
        self._folder = _folder(options.get("media", ""))
        sources: list[Source] = [] if self._folder is None else [self._folder]
        self._sources = Sources(sources)
        self._favourites = Favourites(cockpit.store)
        self._problems: dict[str, str] = {}  # of playing: address → why
        self._player = Player(
            self._sources,
            channels=4 if options.get("speakers") == "4" else 2,
            silent=options.get("sound") == "none",
            changed=self._changed,
            problem=self._problem,
        )
        self._mpris = Mpris(self._player, self._fabric.actuate, lambda: self._percent(_VOLUME, 0), self._cover_address)
        self._profile = self._person()
        self._kept = KeptQueue(cockpit.store, self._player, self._sources)
        self._save_at = 0.0
        self._shown_s = -1

    async def start(self) -> None:
        """See Part."""
        cockpit, fabric = self._cockpit, self._fabric
        cockpit.restore({_BALANCE: 0, _FRONT: 100, _REAR: 100})
        cockpit.takes(f"{MEDIA}.Action", self._write)
        cockpit.takes(f"{MEDIA}.SelectedURI", self._write)
        cockpit.takes(f"{MEDIA}.Played", self._write)
        cockpit.routes.append(Route("/cover/{cover}", self._cover))
        fabric.hold({f"{MEDIA}.Action": "UNKNOWN", f"{MEDIA}.SelectedURI": ""})
        for declared in (
            api.media_browse, api.media_search, api.media_library, api.media_queue, api.media_play,
            api.media_play_shelf, api.media_add, api.media_remove, api.media_move, api.media_clear, api.media_go,
            api.media_order, api.media_seek, api.media_favourites, api.media_favour, api.duck_media,
        ):  # fmt: skip
            await fabric.serve(declared, getattr(self, declared.function))
        self._changed()

    async def run(self) -> None:
        """See Part."""
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._look(), self._tick(), self._levels(), self._people(), self._warnings()):
                    group.create_task(work)
                group.create_task(self._join_bus())
        finally:
            self._save()
            self._mpris.close()
            if self._folder is not None:
                self._folder.stop()
            await asyncio.to_thread(self._player.close)

    # -- its work ------------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Look through the folder again and again; a big one less often."""
        folder, loop = self._folder, asyncio.get_running_loop()
        if folder is None:
            self._restore()
            return

        def found() -> None:
            loop.call_soon_threadsafe(self._cockpit.changed, "Media")

        while True:
            first, begun = folder.looking, time.monotonic()
            await asyncio.to_thread(folder.look, found)
            if first:
                self._restore()
                self._log.info("music", folder=str(folder.root), tracks=self._tracks(), unplayable=len(folder.problems))
            await asyncio.sleep(max(_LOOK_S, _LOOK_SHARE * (time.monotonic() - begun)))

    async def _tick(self) -> None:
        while True:
            await self._player.tend()
            if int(self._player.position_s) != self._shown_s:
                self._shown_s = int(self._player.position_s)
                self._fabric.hold({f"{_OURS}.Position": float(self._shown_s)})
                self._mpris.tell()
            if time.monotonic() > self._save_at:
                self._save()
            await asyncio.sleep(_TICK_S)

    async def _levels(self) -> None:
        async for _ in self._fabric.follow(_VOLUME, _BALANCE, _FRONT, _REAR):
            self._player.sound.set(
                self._percent(_VOLUME, 0),
                self._percent(_BALANCE, 0),
                self._percent(_FRONT, 100),
                self._percent(_REAR, 100),
            )
            self._mpris.tell()

    async def _warnings(self) -> None:
        """A warning must be heard: the music makes room when one comes up."""
        before = "NONE"
        async for _ in self._fabric.follow(_WARNING):
            level = str(self._fabric.read(_WARNING).value or "NONE")
            if level != before and level in ("WARNING", "STOP"):
                self._player.sound.duck("warning", _WARNING_S)
            before = level

    async def _people(self) -> None:
        """Another profile has its own queue and favourites."""
        async for _ in self._fabric.follow(_PROFILE):
            person = self._person()
            if person == self._profile:
                continue
            self._save()
            self._profile = person
            if not person:
                self._player.stop()
            self._restore()
            self._cockpit.changed("Media")

    async def _join_bus(self) -> None:
        try:
            name = await self._mpris.open()
        except OSError as error:
            self._log.info("no MPRIS", why=str(error))
        else:
            self._log.info("MPRIS", name=name)

    # -- state ---------------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Tell everybody what plays now."""
        player, track = self._player, self._player.track
        source = None if track is None else self._sources.of(track.uri)
        playing = player.state == "PLAYING"
        self._shown_s = int(player.position_s)
        self._fabric.hold(
            {
                f"{_OURS}.State": player.state,
                f"{_OURS}.Position": float(self._shown_s),
                f"{_OURS}.Duration": 0.0 if track is None else track.duration_s,
                f"{MEDIA}.Played.Source": "UNKNOWN" if source is None else source.word,
                f"{MEDIA}.Played.Track": "" if track is None else track.title,
                f"{MEDIA}.Played.Artist": "" if track is None else track.artist,
                f"{MEDIA}.Played.Album": "" if track is None else track.album,
                f"{MEDIA}.Played.Genre": "" if track is None else track.genre,
                f"{MEDIA}.Played.URI": "" if track is None else track.uri,
                f"{MEDIA}.Played.PlaybackRate": 1.0 if playing else 0.0,
            }
        )
        self._cockpit.changed("Media")
        self._mpris.tell()

    def _problem(self, uri: str, why: str) -> None:
        self._problems.pop(uri, None)
        self._problems[uri] = why
        while len(self._problems) > _PROBLEMS:
            del self._problems[next(iter(self._problems))]
        self._log.warning("not played", why=why)
        self._cockpit.changed("Media")

    def _person(self) -> str:
        """Whose queue and favourites are in force; "" in guest and valet mode."""
        return self._cockpit.profile if self._cockpit.somebodys else ""

    def _percent(self, path: str, default: int) -> int:
        value = self._fabric.read(path).value
        return int(value) if isinstance(value, int | float) else default

    def _tracks(self) -> int:
        titles = None if self._folder is None else self._folder.browse("titles", 0, 1)
        return 0 if titles is None else titles.total

    def _save(self) -> None:
        self._save_at = time.monotonic() + _SAVE_S
        try:
            self._kept.save()
        except StoreError as error:
            self._log.error("the queue is not kept", why=str(error))

    def _restore(self) -> None:
        try:
            self._kept.restore(self._profile)
        except StoreError as error:
            self._log.error("the queue cannot be read", why=str(error))

    # -- actuators -----------------------------------------------------------------------------------------------------

    async def _write(self, path: str, value: Value) -> None:
        leaf, player = path.removeprefix(f"{MEDIA}."), self._player
        match leaf, value:
            case ("Action", "PLAY") | ("Played.PlaybackRate", (1 | 1.0)):
                self._play()
            case "Action", "STOP":
                player.stop()
            case "Action", "SKIP_FORWARD":
                player.skip(1)
            case "Action", "SKIP_BACKWARD":
                player.skip(-1)
            case "Action", "FAST_FORWARD":
                player.seek(player.position_s + _JUMP_S)
            case "Action", "FAST_BACKWARD":
                player.seek(player.position_s - _JUMP_S)
            case "SelectedURI", str(uri):
                self._choose(self._known([uri]))
            case "Played.PlaybackRate", (0 | 0.0):
                player.pause()
            case "Played.PlaybackRate", _:
                raise BadArguments("Music plays at its own speed, or not at all.")
            case "Played.Source", _:
                track = player.track
                source = None if track is None else self._sources.of(track.uri)
                if source is None or value != source.word:
                    raise BadArguments(f"This car has no {value} to listen to.")
            case _:
                raise BadArguments(f"{value} is nothing that the player can do.")
        if leaf in ("Action", "SelectedURI"):
            self._fabric.hold({path: value})

    def _play(self) -> None:
        """Go on; with an empty queue, play the favourites, or else all there is."""
        if self._player.queue.current is not None:
            self._player.play()
            return
        titles = None if self._folder is None else self._folder.browse("titles", 0, MOST)
        favourites = [uri for uri in reversed(self._marked()) if self._sources.track(uri) is not None]
        uris = favourites or [track.uri for track in (titles.tracks if titles is not None else ())]
        if not uris:
            raise Failed("There is no music here to play.")
        self._choose(uris)

    def _choose(self, uris: list[str], at: int = 0) -> None:
        """Play these, which are from now on the queue of whoever's profile is in force."""
        self._kept.chosen_by(self._profile)
        self._player.play_these(uris, at)

    def _known(self, uris: list[str]) -> list[str]:
        missing = next((uri for uri in uris if self._sources.track(uri) is None), None)
        if missing is not None:
            raise BadArguments(f"There is no track {missing[:80]!r} here any more.")
        return uris

    # -- services ------------------------------------------------------------------------------------------------------

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
            for uri, why in self._problems.items()
        ]
        folder = self._folder
        listed = [] if folder is None else folder.listed_problems(_PROBLEMS)
        return api.MediaLibrary(
            folder="" if folder is None else str(folder.root),
            tracks=self._tracks(),
            looking=folder is not None and folder.looking,
            problems=[*playing, *listed][:_PROBLEMS],
            problem_count=len(playing) + (0 if folder is None else len(folder.problems)),
        )

    async def media_queue(self, _: Caller, start: int, limit: int) -> api.MediaQueue:
        """See api."""
        queue = self._player.queue
        first = max(queue.at, 0) if start < 0 else start
        marked = set(self._marked())
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
        self._choose(self._known(uris), at)

    async def media_play_shelf(self, _: Caller, source: str, shelf: str, uri: str, shuffle: bool) -> None:
        """See api."""
        if not source and shelf == "favourites":
            uris = [track.uri for track in await self.media_favourites(_)]
        else:
            found = self._sources.browse(source, shelf, 0, MOST)
            uris = [] if found is None else [track.uri for track in found.tracks]
        if not uris or (uri and uri not in uris):
            raise BadArguments("there is nothing of that to play any more")
        queue = self._player.queue
        if shuffle != queue.shuffle and not uri:
            self._player.order(shuffle=shuffle, repeat=queue.repeat)
        at = uris.index(uri) if uri else int(time.monotonic_ns() % len(uris)) if shuffle else 0
        self._choose(uris, at)

    async def media_add(self, _: Caller, uris: list[str], soon: bool) -> None:
        """See api."""
        self._player.add(self._known(uris), soon=soon)

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
        tracks = [self._sources.track(uri) for uri in reversed(self._marked())]
        return [msgspec.structs.replace(track, favourite=True) for track in tracks if track is not None]

    async def media_favour(self, _: Caller, uri: str, favourite: bool) -> None:
        """See api."""
        person = self._cockpit.person()
        if favourite:
            self._known([uri])
        try:
            self._favourites.mark(person, uri, favourite)
        except StoreError as error:
            raise Failed(str(error)) from None
        self._cockpit.changed("Media")

    async def duck_media(self, caller: Caller, seconds: float, reason: str) -> None:
        """See api."""
        self._player.sound.duck(f"{caller}: {reason}", seconds)

    def _marked(self) -> list[str]:
        try:
            return self._favourites.of(self._person())
        except StoreError as error:
            self._log.error("favourites cannot be read", why=str(error))
            return []

    def _with_marks(self, found: api.MediaListing) -> api.MediaListing:
        marked = set(self._marked())
        return msgspec.structs.replace(found, tracks=[_marked(track, marked) for track in found.tracks])

    def _track(self, uri: str) -> api.MediaTrack:
        """What an address in the queue names, or what can be said of one that has gone."""
        return self._sources.track(uri) or api.MediaTrack(
            uri=uri, title=uri.rsplit("/", 1)[-1], artist="", album="", genre="", number=0, duration_s=0.0, cover=""
        )

    # -- covers --------------------------------------------------------------------------------------------------------

    async def _cover(self, request: Request) -> Response:
        cover = request.path_params["cover"]
        data = await asyncio.to_thread(self._sources.cover, cover) if cover.isalnum() else None
        picture = None if data is None else covers.verified(data)
        if data is None or picture is None:
            return PlainTextResponse("there is no such cover\n", 404)
        # Its name is a digest of its bytes, so it is never another.
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response(data, media_type=picture.kind, headers=headers)

    def _cover_address(self, cover: str) -> str:
        page = self._cockpit.room.settings.pages.get("centre", "")
        return f"{page.rsplit('/', 1)[0]}/cover/{cover}"


def _folder(option: str) -> Folder | None:
    """The folder of music that the option `media` names ("none": none), else ~/Music where there is one."""
    if option == "none":
        return None
    root = Path(option or "~/Music").expanduser().absolute()
    return Folder(root) if option or root.is_dir() else None


def _marked(track: api.MediaTrack, marked: set[str]) -> api.MediaTrack:
    return msgspec.structs.replace(track, favourite=True) if track.uri in marked else track
