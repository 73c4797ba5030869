"""The player and all that goes on around it: what it tells as signals, what the door moves, what is kept.

Rules that always hold:
- what people and programs set comes through the door: Action, SelectedURI, Played.* here, volumes as settings;
- `Played.PlaybackRate` 0 holds the music and 1 lets it go on, since VSS has no word for a pause;
- a guest and a valet hear music but see no favourites, and the queue of the person before them is gone.
"""

import asyncio
import time
from pathlib import Path

from alpenglow.cockpit.media.favourites import Favourites
from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.keeping import KeptQueue
from alpenglow.cockpit.media.mpris import Mpris
from alpenglow.cockpit.media.paths import BALANCE, FRONT, MEDIA, OURS, REAR, VOLUME
from alpenglow.cockpit.media.play_queue import MOST
from alpenglow.cockpit.media.player import Player
from alpenglow.cockpit.media.sources import Source, Sources
from alpenglow.cockpit.parts import Cockpit
from alpenglow.fabric import BadArguments, Failed, ServiceError
from alpenglow.fabric.store import StoreError
from alpenglow.signals import Value

_WARNING = "Vehicle.Alpenglow.Cluster.MessageLevel"
_PROFILE = "Vehicle.Alpenglow.Cockpit.Profile"

_TICK_S = 0.2
_LOOK_S = 5.0  # how often the folder is looked at for changes, at most
_LOOK_SHARE = 50  # and looking takes at most this part of the time
_SAVE_S = 5.0
_JUMP_S = 10.0  # FAST_FORWARD and FAST_BACKWARD
_WARNING_S = 4.0  # how long the music is quiet for a new warning
_PROBLEMS = 100


class Deck:
    """See the module's text."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit, self._fabric, self._log = cockpit, cockpit.fabric, cockpit.room.log
        options = cockpit.room.settings.options
        self.folder = _folder(options.get("media", ""))
        sources: list[Source] = [] if self.folder is None else [self.folder]
        self.sources = Sources(sources)
        self.favourites = Favourites(cockpit.store)
        self.problems: dict[str, str] = {}  # of playing: address → why
        self.player = Player(
            self.sources,
            channels=4 if options.get("speakers") == "4" else 2,
            silent=options.get("sound") == "none",
            changed=self._changed,
            problem=self._problem,
        )
        self._mpris = Mpris(self.player, self._fabric.actuate, lambda: self._percent(VOLUME, 0), self._cover_address)
        self._profile = self.person
        self._kept = KeptQueue(cockpit.store, self.player, self.sources)
        cockpit.erased.append(self._kept.let_go)
        self._done: dict[str, Value] = {}  # the actuator that was moved just now, to be told with what it changed
        self._save_at = 0.0
        self._shown_s = -1

    async def run(self) -> None:
        """Play what is asked for, and tell what plays, until cancelled."""
        self._changed()
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._look(), self._tick(), self._levels(), self._people(), self._warnings()):
                    group.create_task(work)
                group.create_task(self._join_bus())
        finally:
            self._save()
            self._mpris.close()
            if self.folder is not None:
                self.folder.stop()
            await asyncio.to_thread(self.player.close)

    # -- asked -------------------------------------------------------------------------------------------------------

    @property
    def person(self) -> str:
        """Whose queue and favourites are in force; "" in guest and valet mode."""
        return self._cockpit.profile if self._cockpit.somebodys else ""

    @property
    def tracks(self) -> int:
        """How many tracks there are."""
        titles = None if self.folder is None else self.folder.browse("titles", 0, 1)
        return 0 if titles is None else titles.total

    @property
    def marked(self) -> list[str]:
        """Addresses of the favourites of whoever's profile is in force, oldest first."""
        try:
            return self.favourites.of(self.person)
        except StoreError as error:
            self._log.error("favourites cannot be read", why=str(error))
            return []

    def choose(self, uris: list[str], at: int = 0) -> None:
        """Play these, which are from now on the queue of whoever's profile is in force."""
        self._kept.chosen_by(self._profile)
        self.player.play_these(uris, at)

    def known(self, uris: list[str]) -> list[str]:
        """The same addresses; BadArguments where one of them names nothing."""
        missing = next((uri for uri in uris if self.sources.track(uri) is None), None)
        if missing is not None:
            raise BadArguments(f"There is no track {missing[:80]!r} here any more.")
        return uris

    async def write(self, path: str, value: Value) -> None:
        """Move an actuator of the player. BadArguments and Failed say why not, for people."""
        leaf = path.removeprefix(f"{MEDIA}.")
        if leaf in ("Action", "SelectedURI"):
            # Told in one batch with what it changes: the door waits for it.
            self._done = {path: value}
        try:
            self._act(leaf, value)
        except ServiceError:
            self._done = {}
            raise
        if self._done:  # it changed nothing
            self._fabric.hold(self._done)
            self._done = {}

    def _act(self, leaf: str, value: Value) -> None:
        player = self.player
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
                self.choose(self.known([uri]))
            case "Played.PlaybackRate", (0 | 0.0):
                player.pause()
            case "Played.PlaybackRate", _:
                raise BadArguments("Music plays at its own speed, or not at all.")
            case "Played.Source", _:
                track = player.track
                source = None if track is None else self.sources.of(track.uri)
                if source is None or value != source.word:
                    raise BadArguments(f"This car has no {value} to listen to.")
            case _:
                raise BadArguments(f"{value} is nothing that the player can do.")

    def _play(self) -> None:
        """Go on; with an empty queue, play the favourites, or else all there is."""
        if self.player.queue.current is not None:
            self.player.play()
            return
        titles = None if self.folder is None else self.folder.browse("titles", 0, MOST)
        favourites = [uri for uri in reversed(self.marked) if self.sources.track(uri) is not None]
        uris = favourites or [track.uri for track in (titles.tracks if titles is not None else ())]
        if not uris:
            raise Failed("There is no music here to play.")
        self.choose(uris)

    # -- its work ------------------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Look through the folder again and again; a big one less often."""
        folder, loop = self.folder, asyncio.get_running_loop()
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
                self._log.info("music", folder=str(folder.root), tracks=self.tracks, unplayable=len(folder.problems))
            await asyncio.sleep(max(_LOOK_S, _LOOK_SHARE * (time.monotonic() - begun)))

    async def _tick(self) -> None:
        says = ""
        while True:
            await self.player.tend()
            if self.player.output.says != says:
                says = self.player.output.says
                self._log.info("sound", device="none: music plays silently" if says == "Null" else says)
            if int(self.player.position_s) != self._shown_s:
                self._shown_s = int(self.player.position_s)
                self._fabric.hold({f"{OURS}.Position": float(self._shown_s)})
                self._mpris.tell()
            if time.monotonic() > self._save_at:
                self._save()
            await asyncio.sleep(_TICK_S)

    async def _levels(self) -> None:
        async for _ in self._fabric.follow(VOLUME, BALANCE, FRONT, REAR):
            self.player.sound.set(
                self._percent(VOLUME, 0),
                self._percent(BALANCE, 0),
                self._percent(FRONT, 100),
                self._percent(REAR, 100),
            )
            self._mpris.tell()

    async def _warnings(self) -> None:
        """A warning must be heard: the music makes room when one comes up."""
        before = "NONE"
        async for _ in self._fabric.follow(_WARNING):
            level = str(self._fabric.read(_WARNING).value or "NONE")
            if level != before and level in ("WARNING", "STOP"):
                self.player.sound.duck("warning", _WARNING_S)
            before = level

    async def _people(self) -> None:
        """Another profile has its own queue and favourites."""
        async for _ in self._fabric.follow(_PROFILE):
            person = self.person
            if person == self._profile:
                continue
            self._save()
            self._profile = person
            if not person:
                self.player.stop()
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
        player, track = self.player, self.player.track
        source = None if track is None else self.sources.of(track.uri)
        playing = player.state == "PLAYING"
        self._shown_s = int(player.position_s)
        self._fabric.hold(
            {
                f"{OURS}.State": player.state,
                f"{OURS}.Position": float(self._shown_s),
                f"{OURS}.Duration": 0.0 if track is None else track.duration_s,
                f"{MEDIA}.Played.Source": "UNKNOWN" if source is None else source.word,
                f"{MEDIA}.Played.Track": "" if track is None else track.title,
                f"{MEDIA}.Played.Artist": "" if track is None else track.artist,
                f"{MEDIA}.Played.Album": "" if track is None else track.album,
                f"{MEDIA}.Played.Genre": "" if track is None else track.genre,
                f"{MEDIA}.Played.URI": "" if track is None else track.uri,
                f"{MEDIA}.Played.PlaybackRate": 1.0 if playing else 0.0,
                **self._done,
            }
        )
        self._done = {}
        self._cockpit.changed("Media")
        self._mpris.tell()

    def _problem(self, uri: str, why: str) -> None:
        self.problems.pop(uri, None)
        self.problems[uri] = why
        while len(self.problems) > _PROBLEMS:
            del self.problems[next(iter(self.problems))]
        self._log.warning("not played", why=why)
        self._cockpit.changed("Media")

    def _percent(self, path: str, default: int) -> int:
        value = self._fabric.read(path).value
        return int(value) if isinstance(value, int | float) else default

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

    def _cover_address(self, cover: str) -> str:
        page = self._cockpit.room.settings.pages.get("centre", "")
        return f"{page.rsplit('/', 1)[0]}/cover/{cover}"


def _folder(option: str) -> Folder | None:
    """The folder of music that the option `media` names ("none": none), else ~/Music where there is one."""
    if option == "none":
        return None
    root = Path(option or "~/Music").expanduser().absolute()
    return Folder(root) if option or root.is_dir() else None
