"""What other rooms and the pages may ask of `cockpit`: profiles, scenes, messages, media, energy, privacy.

A list that changes says so by a number that counts up, `Vehicle.Alpenglow.Cockpit.Revision.<list>`; who shows the list
asks for it again then.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from alpenglow.fabric import service, slow_service
from alpenglow.signals import Value
from alpenglow.signals.actions import Action
from alpenglow.signals.conditions import Condition


# -- media -------------------------------------------------------------------------------------------------------------

type MediaRepeat = Literal["off", "all", "one"]
type MediaZone = Literal["front", "rear"]
type MediaUris = Annotated[list[Annotated[str, Meta(max_length=2000)]], Meta(max_length=10_000)]


class MediaTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of music, as its file says."""

    uri: str
    title: str
    artist: str
    album: str
    genre: str
    number: int  # its place on the album; 0 = unknown
    duration_s: float  # 0 = unknown
    cover: str  # the picture is at /cover/<this>; "" = there is none
    favourite: bool = False


class MediaShelf(msgspec.Struct, frozen=True, kw_only=True):
    """Something that holds tracks or further shelves: an album, an artist."""

    source: str
    id: str
    title: str
    subtitle: str
    cover: str
    tracks: int


class MediaListing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a shelf, or was found; `total` also counts what is not listed here."""

    shelves: list[MediaShelf]
    tracks: list[MediaTrack]
    total: int


class MediaEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the queue."""

    id: int
    track: MediaTrack


class MediaQueue(msgspec.Struct, frozen=True, kw_only=True):
    """What plays now and next."""

    entries: list[MediaEntry]  # from `start` on
    start: int
    total: int
    current: int  # the entry that plays; 0 = none
    shuffle: bool
    repeat: MediaRepeat
    zones: list[MediaZone]  # whose loudness can be set apart; empty: one for all


class MediaProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder that cannot be played, and why."""

    where: str
    why: str


class MediaLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to play."""

    folder: str  # "" = none
    tracks: int
    looking: bool  # the folder is being looked through for the first time
    problems: list[MediaProblem]  # the first hundred
    problem_count: int


@service
async def media_browse(
    source: str = "",
    shelf: str = "",
    start: Annotated[int, Meta(ge=0)] = 0,
    limit: Annotated[int, Meta(ge=1, le=500)] = 200,
) -> MediaListing:
    """What stands on a shelf of a source; without both, the shelves at the top of all. BadArguments: no such shelf."""
    raise NotImplementedError


@service
async def media_search(
    text: Annotated[str, Meta(max_length=200)], limit: Annotated[int, Meta(ge=1, le=200)] = 50
) -> MediaListing:
    """What matches the beginnings of all these words, in title, artist or album; accents make no difference."""
    raise NotImplementedError


@service
async def media_library() -> MediaLibrary:
    """How much there is to play, and what cannot be played and why."""
    raise NotImplementedError


@service
async def media_queue(start: int = -1, limit: Annotated[int, Meta(ge=1, le=500)] = 100) -> MediaQueue:
    """The queue from `start` on; from −1: from what plays now."""
    raise NotImplementedError


@service
async def media_play(uris: MediaUris, at: Annotated[int, Meta(ge=0)] = 0) -> None:
    """Play these tracks now, from the one at `at` on, instead of the queue. BadArguments: no such track."""
    raise NotImplementedError


@service
async def media_play_shelf(source: str, shelf: str, uri: str = "", shuffle: bool = False) -> None:
    """Play all tracks of a shelf, from the track `uri` on. BadArguments: there is no such shelf or track."""
    raise NotImplementedError


@service
async def media_add(uris: MediaUris, soon: bool = False) -> None:
    """Put tracks at the end of the queue, or with `soon` right after what plays."""
    raise NotImplementedError


@service
async def media_remove(entry: int) -> None:
    """Take an entry out of the queue."""
    raise NotImplementedError


@service
async def media_move(entry: int, to: Annotated[int, Meta(ge=0)]) -> None:
    """Put an entry at another place of the queue, counted from its beginning."""
    raise NotImplementedError


@service
async def media_clear() -> None:
    """Empty the queue but for what plays."""
    raise NotImplementedError


@service
async def media_go(entry: int) -> None:
    """Play that entry of the queue now."""
    raise NotImplementedError


@service
async def media_order(shuffle: bool, repeat: MediaRepeat) -> None:
    """In which order the queue plays, and what happens at its end."""
    raise NotImplementedError


@service
async def media_seek(position_s: Annotated[float, Meta(ge=0)]) -> None:
    """Go to a place in the track that plays."""
    raise NotImplementedError


@service
async def media_favourites() -> list[MediaTrack]:
    """The tracks that the person whose profile is in force marked, newest first; none in guest and valet mode."""
    raise NotImplementedError


@service
async def media_favour(uri: Annotated[str, Meta(max_length=2000)], favourite: bool) -> None:
    """Mark a track as a favourite or no longer. NotPermitted in guest and valet mode."""
    raise NotImplementedError


@service
async def duck_media(
    seconds: Annotated[float, Meta(gt=0, le=60)], reason: Annotated[str, Meta(max_length=40)] = "speech"
) -> None:
    """Make the music quieter for so long, while something else must be heard; a later call of that reason counts."""
    raise NotImplementedError


# -- messages ----------------------------------------------------------------------------------------------------------

type Level = Literal["stop", "warning", "notice", "info"]
type MessageState = Literal["shown", "waiting", "told", "over"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the car tells."""

    id: str
    cause: str  # what it is about; one message for each
    level: Level
    says: str  # key of the words
    args: dict[str, str | float]  # for the words; one that begins with "@" is a key itself
    at: str  # since when, ISO 8601, UTC
    over: str  # until when; "" = it holds or is still shown
    acknowledged: bool
    state: MessageState  # on the screens now, waiting for them, holding but told already, over


class Chime(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to play what, and when."""

    cue: str  # a level; "" = not yours: another screen plays it, or it was played
    wait_s: float  # so that no two are heard at once


@service
async def messages(limit: Annotated[int, Meta(ge=1, le=400)] = 100) -> list[Message]:
    """What the car has to tell, the most urgent first, then what is over, the newest first."""
    raise NotImplementedError


@service
async def acknowledge_message(message: str) -> None:
    """Say that a person has read it: it leaves the screens. Raises BadArguments for one that is over."""
    raise NotImplementedError


@service
async def claim_chime(message: str) -> Chime:
    """Take on a message's chime. Of all screens that ask, one gets it."""
    raise NotImplementedError


# -- scenes ------------------------------------------------------------------------------------------------------------

type RunBy = Literal["touch", "voice", "condition", "other"]
type SceneProblem = Literal["", "needs", "lacks", "loop", "fight"]
type DeedState = Literal["confirmed", "moving", "refused", "no_provider", "timed_out", "unchanged"]
type ForeseenState = Literal["changes", "same", "refused", "lacks"]


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Several settings under one name, with or without something that sets them off."""

    id: str  # as whoever drafted it chose; "" = the cockpit chooses
    name: Annotated[str, Meta(max_length=60)]
    icon: Annotated[str, Meta(max_length=40)] = ""  # name of its drawing
    when: Condition | None = None  # what sets it off besides being asked for
    when_said: Annotated[str, Meta(max_length=500)] = ""  # in words: "when it rains"; "" = nobody said it in words
    hold_s: float = 0.0  # for how long `when` must have been true
    needs: Condition | None = None  # must be true for it to run; it ends when this is no longer so
    actions: tuple[Action, ...]
    restore: bool = False  # what it changed goes back when it ends, where nobody changed it since
    lasts_s: float = 0.0  # it ends by itself after so long; 0 = it does not
    keeps: bool = False  # what it set is set again where the car undid it by itself on going to P or off
    says: str = ""  # words' key of the message that is shown while it runs
    said: Annotated[str, Meta(max_length=500)] = ""  # the sentence it was made from


class ShownScene(msgspec.Struct, frozen=True, kw_only=True):
    """A scene and how it stands."""

    scene: Scene
    preset: bool  # it came with the car
    called: tuple[str, ...]  # the names under which it can be asked for
    runs: bool
    since: str = ""  # ISO 8601, UTC, while it runs
    ends: str = ""  # ISO 8601, UTC, where that is known
    lacks: tuple[str, ...] = ()  # the signals of it that this car does not have
    problem: SceneProblem = ""  # loop, fight: what came of it lately
    against: tuple[str, ...] = ()  # names of the scenes that this problem is with


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a scene asked of the car, and what became of it."""

    path: str
    value: Value
    before: Value | None  # None: unknown
    state: DeedState
    rule: str = ""  # why it was refused
    says: str = ""  # the sentence that a driver hears


class SceneRun(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a scene, or its end, did."""

    number: int  # counts up since the cockpit was started
    scene: str
    name: str
    profile: str  # whose scene it is; "" = everybody's
    at: str  # ISO 8601, UTC
    by: RunBy
    ended: bool  # it was ended: the deeds put back what it had changed
    deeds: tuple[Deed, ...]
    problem: SceneProblem = ""  # why nothing was done


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one action now."""

    path: str
    value: Value
    before: Value | None
    state: ForeseenState
    rule: str = ""
    says: str = ""


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a scene would do if it were run now; nothing was moved to find out."""

    actions: tuple[Foreseen, ...]
    problem: SceneProblem  # needs, lacks: it would not start at all
    holds: bool | None  # whether what sets it off is true now; None: nothing does, or unknown


class SceneThing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a scene can set in this car."""

    path: str
    name: str  # words' key below "scenes.thing."
    place: str  # words' key below "scenes.place."; "" where there is only one
    form: Literal["switch", "number", "choice"]
    unit: str = ""
    minimum: float = 0.0
    maximum: float = 0.0
    step: float = 1.0
    choices: tuple[str, ...] = ()  # words' keys below "scenes.choice."


class SceneTrigger(msgspec.Struct, frozen=True, kw_only=True):
    """Something in this car that can set a scene off."""

    name: str  # words' key below "scenes.trigger."
    when: Condition  # with the value that is offered first
    unit: str = ""
    minimum: float = 0.0  # equal to the maximum: the value is not to be chosen
    maximum: float = 0.0
    step: float = 1.0


class SceneParts(msgspec.Struct, frozen=True, kw_only=True):
    """What scenes can be made of in this car."""

    things: tuple[SceneThing, ...]
    triggers: tuple[SceneTrigger, ...]


@service
async def scenes(profile: str = "") -> list[ShownScene]:
    """The presets, then the profile's own scenes ("" = of the profile in force; none of a guest or a valet)."""
    raise NotImplementedError


@service
async def keep_scene(scene: Scene, profile: str = "") -> Scene:
    """Keep a new scene, or a changed one. Raises BadArguments for what the car cannot do, and says why."""
    raise NotImplementedError


@service
async def drop_scene(scene: str, profile: str = "") -> None:
    """Erase a scene for good; one that runs is ended first."""
    raise NotImplementedError


@slow_service(60.0)
async def run_scene(scene: str, profile: str = "") -> SceneRun:
    """Do now what a scene says, action by action through the door; refused ones do not stop the others."""
    raise NotImplementedError


@slow_service(60.0)
async def end_scene(scene: str) -> SceneRun:
    """End a scene that runs; what it changed goes back where it is to, and where nobody changed it since."""
    raise NotImplementedError


@slow_service(15.0)
async def dry_run(scene: Scene) -> DryRun:
    """What a scene, kept or not, would do if it were run now. Moves nothing."""
    raise NotImplementedError


@service
async def scene_runs() -> list[SceneRun]:
    """What scenes have done since the cockpit was started, newest first, of the profile in force and of everybody."""
    raise NotImplementedError


@service
async def scene_parts() -> SceneParts:
    """What scenes can be made of in this car."""
    raise NotImplementedError
