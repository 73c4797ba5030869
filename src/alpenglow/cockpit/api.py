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


# -- profiles ----------------------------------------------------------------------------------------------------------

type ProfileKind = Literal["PERSON", "GUEST", "VALET"]
type ProfileName = Annotated[str, Meta(max_length=200)]
type PinCode = Annotated[str, Meta(pattern=r"^([0-9]{4,12})?$")]  # "" = none
type Key = Annotated[int, Meta(ge=1, le=14)]  # as Vehicle.Alpenglow.KeyId counts them
type Pages = Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)]


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A person's profile."""

    id: str
    name: str  # "" = the owner who has not been named
    has_pin: bool
    keys: list[int]  # the keys that bring it into force
    pages: list[str]  # favourite pages of the centre display, first the dearest
    in_force: bool
    settings: int  # how many of the car's settings it remembers


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A setting of the profile in force that the door refused; it is tried again when the car is next in P."""

    path: str
    rule: str
    message: str


class ValetReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the valet drove so far."""

    speed_limit_kmh: int
    fastest_kmh: int
    times_over: int
    since: str  # ISO 8601, UTC


class Profiles(msgspec.Struct, frozen=True, kw_only=True):
    """Who may be in the car, and who is."""

    profiles: list[Profile]  # empty in valet mode: names are personal
    kind: ProfileKind
    waiting: list[Waiting]
    valet: ValetReport | None  # of the valet who drives or drove last
    notice: str  # what happened to the file of profiles, if anything; "" = nothing
    keeps: bool  # whether anything can be kept now


class Unset(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that is not as the profile has it."""

    path: str
    state: Literal["refused", "no_provider", "timed_out"]
    rule: str
    message: str
    again: bool  # it is tried again when the car is next in P


class Switched(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a switch: every setting of the profile is in one of the three lists."""

    profile: str
    kind: ProfileKind
    confirmed: list[str]
    moving: list[str]
    unset: list[Unset]


class PinCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a PIN was right."""

    right: bool
    tries_left: int  # before one has to wait; 0: one has to wait
    wait_s: int  # how long no PIN of this profile is looked at


@service
async def profiles() -> Profiles:
    """Who may be in the car, and who is. In valet mode nobody is named."""
    raise NotImplementedError


@slow_service(20.0)
async def switch_profile(profile: str, pin: PinCode = "") -> Switched:
    """Bring a person's profile into force, or "guest": all its settings go through the door at once.

    Returns when every setting is confirmed, on its way or refused. Also permitted while driving. Raises NotPermitted
    for a wrong PIN, for too many of them and in valet mode, BadArguments for a profile that does not exist.
    """
    raise NotImplementedError


@service
async def check_pin(profile: str, pin: PinCode) -> PinCheck:
    """Whether that is the PIN of a profile ("valet": the one that ends valet mode). Wrong ones are counted."""
    raise NotImplementedError


@service
async def create_profile(name: ProfileName, pin: PinCode = "") -> Profile:
    """Make a profile that remembers the car as it is set now. It does not come into force by that.

    Set-up: raises NotPermitted unless the car stands parked. BadArguments: a name that is empty, too long or taken.
    """
    raise NotImplementedError


@service
async def change_profile(profile: str, name: ProfileName, pin: PinCode = "") -> Profile:
    """Give a profile another name. Set-up. `pin`: the profile's own, where it has one."""
    raise NotImplementedError


@service
async def keep_pages(pages: Pages) -> None:
    """Which pages the person in force likes best. NotPermitted while a guest or a valet drives."""
    raise NotImplementedError


@slow_service(30.0)
async def delete_profile(profile: str, pin: PinCode = "") -> None:
    """Delete a profile with all that is kept of it, for good; the owner's comes into force if it was.

    Set-up. The owner's profile stays: `erase_my_data` empties it. Raises NotPermitted for a wrong PIN.
    """
    raise NotImplementedError


@service
async def set_pin(profile: str, pin: PinCode, old: PinCode = "") -> None:
    """Protect a profile with a PIN, or with "" no longer; `old` is the one so far. Set-up.

    Raises NotPermitted for a wrong one.
    """
    raise NotImplementedError


@service
async def link_key(profile: str, key: Key, linked: bool = True, pin: PinCode = "") -> None:
    """Link a key to a profile: when it opens the parked car, the profile comes into force, without a PIN. Set-up.

    A key belongs to one profile at most: it leaves another one's.
    """
    raise NotImplementedError


@slow_service(20.0)
async def start_valet(pin: PinCode, speed_limit_kmh: Annotated[int, Meta(ge=10, le=200)] = 50) -> Switched:
    """Hand the car to a valet: boot and glove box locked, personal things hidden, a warning above the limit. Set-up.

    `pin` ends it; "" takes the PIN of the profile in force. BadArguments: there is none.
    """
    raise NotImplementedError


@slow_service(20.0)
async def end_valet(pin: PinCode) -> Switched:
    """End valet mode: the profile from before comes back into force. NotPermitted: a wrong PIN, or too many of them."""
    raise NotImplementedError


# -- energy ------------------------------------------------------------------------------------------------------------

type RangeCause = Literal["speed", "driving", "temperature", "climate", "height", "tyres", "load", "other"]
type ChargingMode = Literal["OFF", "READY_BY", "HOURS"]
type ChargingStatus = Literal[
    "unplugged", "starting", "charging", "waiting", "stopped", "complete", "no_power", "unknown"
]
type TripMeterName = Literal["charge", "a", "b"]
type WallClock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class RangeReason(msgspec.Struct, frozen=True, kw_only=True):
    """What one circumstance takes from the range, or gives to it."""

    cause: RangeCause
    metres: float


class EnergyTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What driving took."""

    metres: float
    seconds: float
    moving_seconds: float
    used_wh: float  # out of the battery
    regained_wh: float  # back into it while driving
    climate_wh: float


class TripMeter(msgspec.Struct, frozen=True, kw_only=True):
    """A trip meter: since the last charge, or since a person set it back."""

    name: TripMeterName
    since: str  # ISO 8601, UTC
    totals: EnergyTotals


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """A drive, from switching on to switching off."""

    id: str
    started: str  # ISO 8601, UTC
    ended: str  # the same; "" while it is under way
    from_percent: float
    to_percent: float
    outside: float | None  # °C
    totals: EnergyTotals


class ChargingPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One point of the charging curve."""

    seconds: float  # since the cable came
    percent: float
    watts: float


class ChargingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """When to charge: at once, so that the car is ready by a time, or in some hours alone; by the wall's clock."""

    mode: ChargingMode = "OFF"
    ready_by: WallClock = "07:00"
    start: WallClock = "22:00"
    end: WallClock = "06:00"


class Charging(msgspec.Struct, frozen=True, kw_only=True):
    """The charge under way, or the last one, and what the plan makes of it."""

    status: ChargingStatus
    started: str  # ISO 8601, UTC; "" = there was none
    from_percent: float
    added_wh: float
    most_watts: float
    flowing_seconds: float
    curve: list[ChargingPoint]
    now: bool  # a person wants it at once, whatever the plan says
    fast: bool  # a fast charger, for which no plan waits
    begins: str  # ISO 8601, UTC: when the plan begins it; "" = it does not wait
    until: str  # the same: the departure, or the end of the hours; "" = there is no plan
    percent: float | None  # that will be there then; None: nobody can tell yet
    reached: bool | None  # whether that is the limit
    problem: str  # why the car does not do what the plan wants; "" where it does


class Energy(msgspec.Struct, frozen=True, kw_only=True):
    """The car's energy, but for what its signals say live."""

    range_m: float | None  # None: not known now
    reference_m: float | None  # at a steady 100 km/h, level, 20 °C, without climate control, the driver alone
    reference_wh_per_km: float | None
    reasons: list[RangeReason]  # from the reference to the range; they add up. Empty: no model of this car
    meters: list[TripMeter]
    charging: Charging
    plan: ChargingPlan


class ConsumptionPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The consumption of a stretch of road."""

    back_m: float  # from here to the stretch's middle
    wh_per_km: float


class Consumption(msgspec.Struct, frozen=True, kw_only=True):
    """The consumption over distance."""

    points: list[ConsumptionPoint]  # the farthest first
    mean_wh_per_km: float | None  # over all of it; None: nothing was driven yet


@service
async def energy() -> Energy:
    """The range with its reasons, the trip meters, the charge and its plan."""
    raise NotImplementedError


@service
async def consumption(distance_m: Annotated[float, Meta(gt=0.0, le=100_000.0)] = 50_000.0) -> Consumption:
    """The consumption over the last `distance_m` metres, in up to about sixty stretches."""
    raise NotImplementedError


@service
async def trips(limit: Annotated[int, Meta(ge=1, le=500)] = 100) -> list[Trip]:
    """The trips of the person whose profile is in force, the latest first. NotPermitted for a guest or a valet."""
    raise NotImplementedError


@service
async def drop_trip(trip: str) -> None:
    """Forget a trip of the person whose profile is in force. BadArguments: there is none by that id."""


@service
async def reset_trip_meter(meter: Literal["a", "b"]) -> None:
    """Set one of the person's own trip meters back to nothing. NotPermitted for a guest or a valet."""


@service
async def charging_plan() -> ChargingPlan:
    """When the car charges."""
    raise NotImplementedError


@service
async def set_charging_plan(plan: ChargingPlan) -> ChargingPlan:
    """Change when the car charges. The plan is on disk when this returns; Failed where it cannot be kept."""
    raise NotImplementedError


@slow_service(12.0)
async def charge(how: Literal["NOW", "BY_PLAN", "STOP"]) -> Charging:
    """Charge at once whatever the plan says, leave it to the plan, or stop; until the cable is pulled.

    Failed with the car's reason where the door or the car does not do it; BadArguments without a cable.
    """
    raise NotImplementedError


# -- privacy -----------------------------------------------------------------------------------------------------------


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one kind is kept of the person in force."""

    store: Literal["cockpit", "assistant", "navigation"]
    kind: str
    count: int
    since: str  # ISO 8601, UTC: the oldest of it
    where: str  # the folder in the car


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody outside who got something, and for what."""

    name: str  # host and port
    purpose: str
    times: int
    bytes_out: int
    bytes_in: int
    last: str  # ISO 8601, UTC


class AskedConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something may leave the car for a purpose."""

    purpose: str
    says: str  # what it means, for people
    granted: bool
    since: str  # ISO 8601, UTC; "" = never asked
    sensitive: str  # which sensitive data it concerns; "" = none
    own: bool  # has to be given by itself: `give_consent(by_itself=True)`


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the rule set demands and the car does."""

    id: str
    article: str


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """What the car keeps of the person in force, what left it, and under which rules."""

    profile: str
    collected: list[Collected]
    bytes_out: int  # of everybody: it is not recorded who said what was sent
    recipients: list[Recipient]
    consents: list[AskedConsent]
    region: str
    regions: list[str]
    demands: list[Demand]
    retention: dict[str, int]  # kind → days after which it is dropped
    lapses: Literal["never", "drive"]  # when a consent to something sensitive ends by itself
    complete: bool  # False: the assistant does not answer, and its part is missing


@slow_service(10.0)
async def privacy() -> Privacy:
    """What is kept of the person in force, and what left the car. NotPermitted while a guest or a valet drives."""
    raise NotImplementedError


@slow_service(20.0)
async def set_region(region: str) -> Privacy:
    """Choose the rule set; a change withdraws every consent. Set-up. BadArguments: there is no such rule set."""
    raise NotImplementedError


@slow_service(10.0)
async def give_consent(purpose: str, granted: bool, by_itself: bool = False) -> Privacy:
    """Consent to a purpose, or withdraw the consent, which stops what is under way.

    `by_itself`: the person was asked for this one alone. NotPermitted where the rule set demands that and it was not.
    """
    raise NotImplementedError


@slow_service(40.0)
async def export_my_data(pin: PinCode = "") -> str:
    """All that the car keeps of the person in force, as JSON. `pin`: the profile's, where it has one."""
    raise NotImplementedError


@slow_service(40.0)
async def erase_my_data(pin: PinCode = "") -> int:
    """Erase for good all that the car keeps of the person in force; returns how many things are gone.

    The owner's profile is empty then; anybody else's is gone, and the owner's comes into force. Failed: nothing is
    erased, since the assistant does not answer.
    """
    raise NotImplementedError
