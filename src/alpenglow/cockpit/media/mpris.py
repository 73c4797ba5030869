"""MPRIS: the player as a desktop's media keys and remote controls see it, over D-Bus.

Media Player Remote Interfacing Specification 2.2. Where there is no session bus, there is none of this, and all else
works. What others ask here goes the same way as a finger: actuators through the door.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from dbus_fast import BusType, NameFlag, RequestNameReply, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusDict, DBusDouble, DBusInt64, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from alpenglow.cockpit.media.paths import MEDIA
from alpenglow.cockpit.media.player import Player
from alpenglow.signals import Value

_NAME = "org.mpris.MediaPlayer2.alpenglow"
_PATH = "/org/mpris/MediaPlayer2"
_NO_TRACK = "/org/mpris/MediaPlayer2/TrackList/NoTrack"
_STATES = {"PLAYING": "Playing", "PAUSED": "Paused", "STOPPED": "Stopped"}
_LOOPS = {"off": "None", "one": "Track", "all": "Playlist"}
_JUMP_S = 1.5  # a position that is off by more was sought

type Act = Callable[[str, Value], Awaitable[object]]


class _Root(ServiceInterface):
    """org.mpris.MediaPlayer2"""

    def __init__(self) -> None:
        super().__init__("org.mpris.MediaPlayer2")

    @dbus_method()
    def Raise(self) -> None:  # noqa: N802
        """There is no window to raise."""

    @dbus_method()
    def Quit(self) -> None:  # noqa: N802
        """The car's player does not end."""

    @dbus_property(access=PropertyAccess.READ)
    def CanQuit(self) -> DBusBool:  # noqa: N802
        return False

    @dbus_property(access=PropertyAccess.READ)
    def CanRaise(self) -> DBusBool:  # noqa: N802
        return False

    @dbus_property(access=PropertyAccess.READ)
    def HasTrackList(self) -> DBusBool:  # noqa: N802
        return False

    @dbus_property(access=PropertyAccess.READ)
    def Identity(self) -> DBusStr:  # noqa: N802
        return "Alpenglow"

    @dbus_property(access=PropertyAccess.READ)
    def SupportedUriSchemes(self) -> Annotated[list[str], DBusSignature("as")]:  # noqa: N802
        return ["folder"]

    @dbus_property(access=PropertyAccess.READ)
    def SupportedMimeTypes(self) -> Annotated[list[str], DBusSignature("as")]:  # noqa: N802
        return ["audio/flac", "audio/mpeg", "audio/ogg", "audio/x-wav"]


class _Player(ServiceInterface):
    """org.mpris.MediaPlayer2.Player"""

    def __init__(self, player: Player, act: Act, volume: Callable[[], int], cover: Callable[[str], str]) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self._player, self._act, self._volume, self._cover = player, act, volume, cover
        self._asked: set[asyncio.Task[None]] = set()
        self._told: dict[str, Any] = {}
        self._at = (0.0, 0.0)  # position and when, as told last

    def _ask(self, leaf: str, value: Value) -> None:
        async def ask() -> None:
            await self._act(f"{MEDIA}.{leaf}", value)

        task = asyncio.ensure_future(ask())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    def tell(self) -> None:
        """Tell who listens what has changed since it was last told."""
        now = self._now()
        new = {name: value for name, value in now.items() if self._told.get(name) != value}
        self._told = now
        if new:
            self.emit_properties_changed(new)
        clock, position = asyncio.get_running_loop().time(), self._player.position_s
        expected = self._at[0] + (clock - self._at[1] if self._player.state == "PLAYING" else 0.0)
        if abs(position - expected) > _JUMP_S and "Metadata" not in new:
            self.Seeked(round(position * 1e6))
        self._at = (position, clock)

    def _now(self) -> dict[str, Any]:
        return {
            "PlaybackStatus": self.PlaybackStatus,
            "LoopStatus": self.LoopStatus,
            "Shuffle": self.Shuffle,
            "Volume": self.Volume,
            "Metadata": self.Metadata,
            "CanPlay": self.CanPlay,
            "CanPause": self.CanPause,
            "CanSeek": self.CanSeek,
            "CanGoNext": self.CanGoNext,
            "CanGoPrevious": self.CanGoPrevious,
        }

    @dbus_method()
    def Next(self) -> None:  # noqa: N802
        self._ask("Action", "SKIP_FORWARD")

    @dbus_method()
    def Previous(self) -> None:  # noqa: N802
        self._ask("Action", "SKIP_BACKWARD")

    @dbus_method()
    def Pause(self) -> None:  # noqa: N802
        self._ask("Played.PlaybackRate", 0.0)

    @dbus_method()
    def PlayPause(self) -> None:  # noqa: N802
        self._ask("Played.PlaybackRate", 0.0 if self._player.state == "PLAYING" else 1.0)

    @dbus_method()
    def Stop(self) -> None:  # noqa: N802
        self._ask("Action", "STOP")

    @dbus_method()
    def Play(self) -> None:  # noqa: N802
        self._ask("Action", "PLAY")

    @dbus_method()
    def Seek(self, offset: DBusInt64) -> None:  # noqa: N802
        self._player.seek(self._player.position_s + offset / 1e6)

    @dbus_method()
    def SetPosition(self, track: DBusObjectPath, position: DBusInt64) -> None:  # noqa: N802
        known = self._player.track
        if track == self._track_path() and known is not None and 0 <= position / 1e6 <= known.duration_s:
            self._player.seek(position / 1e6)

    @dbus_method()
    def OpenUri(self, uri: DBusStr) -> None:  # noqa: N802
        self._ask("SelectedURI", uri)

    @dbus_signal()
    def Seeked(self, position: int) -> DBusInt64:  # noqa: N802
        return position

    @dbus_property(access=PropertyAccess.READ)
    def PlaybackStatus(self) -> DBusStr:  # noqa: N802
        return _STATES[self._player.state]

    @dbus_property()
    def LoopStatus(self) -> DBusStr:  # noqa: N802
        return _LOOPS[self._player.queue.repeat]

    @LoopStatus.setter
    def LoopStatus_set(self, value: DBusStr) -> None:  # noqa: N802
        for repeat, name in _LOOPS.items():
            if name == value:
                self._player.order(shuffle=self._player.queue.shuffle, repeat=repeat)  # type: ignore[arg-type]

    @dbus_property(access=PropertyAccess.READ)
    def Rate(self) -> DBusDouble:  # noqa: N802
        return 1.0

    @dbus_property(access=PropertyAccess.READ)
    def MinimumRate(self) -> DBusDouble:  # noqa: N802
        return 1.0

    @dbus_property(access=PropertyAccess.READ)
    def MaximumRate(self) -> DBusDouble:  # noqa: N802
        return 1.0

    @dbus_property()
    def Shuffle(self) -> DBusBool:  # noqa: N802
        return self._player.queue.shuffle

    @Shuffle.setter
    def Shuffle_set(self, value: DBusBool) -> None:  # noqa: N802
        self._player.order(shuffle=value, repeat=self._player.queue.repeat)

    @dbus_property()
    def Volume(self) -> DBusDouble:  # noqa: N802
        return self._volume() / 100

    @Volume.setter
    def Volume_set(self, value: DBusDouble) -> None:  # noqa: N802
        self._ask("Volume", round(100 * min(1.0, max(0.0, value))))

    @dbus_property(access=PropertyAccess.READ)
    def Position(self) -> DBusInt64:  # noqa: N802
        return round(self._player.position_s * 1e6)

    @dbus_property(access=PropertyAccess.READ)
    def Metadata(self) -> DBusDict:  # noqa: N802
        track = self._player.track
        if track is None:
            return {"mpris:trackid": Variant("o", _NO_TRACK)}
        said: dict[str, Variant] = {
            "mpris:trackid": Variant("o", self._track_path()),
            "mpris:length": Variant("x", round(track.duration_s * 1e6)),
            "xesam:title": Variant("s", track.title),
            "xesam:artist": Variant("as", [track.artist] if track.artist else []),
            "xesam:album": Variant("s", track.album),
            "xesam:url": Variant("s", track.uri),
        }
        if track.cover:
            said["mpris:artUrl"] = Variant("s", self._cover(track.cover))
        return said

    @dbus_property(access=PropertyAccess.READ)
    def CanGoNext(self) -> DBusBool:  # noqa: N802
        return self._player.queue.current is not None

    @dbus_property(access=PropertyAccess.READ)
    def CanGoPrevious(self) -> DBusBool:  # noqa: N802
        return self._player.queue.current is not None

    @dbus_property(access=PropertyAccess.READ)
    def CanPlay(self) -> DBusBool:  # noqa: N802
        return self._player.queue.current is not None

    @dbus_property(access=PropertyAccess.READ)
    def CanPause(self) -> DBusBool:  # noqa: N802
        return self._player.queue.current is not None

    @dbus_property(access=PropertyAccess.READ)
    def CanSeek(self) -> DBusBool:  # noqa: N802
        return self._player.queue.current is not None

    @dbus_property(access=PropertyAccess.READ)
    def CanControl(self) -> DBusBool:  # noqa: N802
        return True

    def _track_path(self) -> str:
        current = self._player.queue.current
        return _NO_TRACK if current is None else f"/org/alpenglow/track/{current.id}"


class Mpris:
    """The player on the session bus."""

    def __init__(self, player: Player, act: Act, volume: Callable[[], int], cover: Callable[[str], str]) -> None:
        """`act` asks the door; `volume` is the percentage in force; `cover` is the address of a cover picture."""
        self._interface = _Player(player, act, volume, cover)
        self._bus: MessageBus | None = None

    async def open(self) -> str:
        """Join the bus under our name; returns the name. OSError says why not."""
        address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if not address and not (runtime and Path(runtime, "bus").exists()):
            raise OSError("there is no session bus")
        try:
            bus = await MessageBus(
                bus_address=address or f"unix:path={runtime}/bus", bus_type=BusType.SESSION
            ).connect()
            bus.export(_PATH, _Root())
            bus.export(_PATH, self._interface)
            # A second car on this machine gets a name of its own, as the specification has it.
            for name in (_NAME, f"{_NAME}.instance{os.getpid()}"):
                if await bus.request_name(name, NameFlag.DO_NOT_QUEUE) is RequestNameReply.PRIMARY_OWNER:
                    self._bus = bus
                    return name
        except Exception as error:  # the library raises its own, EOFError and more for a bus that is not one
            raise OSError(f"the session bus cannot be used: {error}") from None
        bus.disconnect()
        raise OSError("our name on the session bus is taken")

    def tell(self) -> None:
        """Something may have changed."""
        if self._bus is not None and self._bus.connected:
            self._interface.tell()

    def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None
