// Made by `python -m alpenglow.cli.webtypes` from the Python structs; do not edit.
// The messages between a page and its server (`/ws`, JSON text), and what the services take and return.

export type Scalar = boolean | number | string;
export type Value = Scalar | Scalar[];

/** Value (null unless valid), quality (0 valid, 1 stale, 2 invalid, 3 unavailable), age in ms (-1: never received). */
export type WireReading = [value: Value | null, quality: 0 | 1 | 2 | 3, age_ms: number];

export type Lever = "P" | "R" | "N" | "D";

export type Indicators = "OFF" | "LEFT" | "RIGHT";

export type LightSwitch = "OFF" | "POSITION" | "DAYTIME_RUNNING_LIGHTS" | "AUTO" | "BEAM";

export type WiperMode = "OFF" | "SLOW" | "MEDIUM" | "FAST" | "INTERVAL" | "RAIN_SENSOR";

export type Cable = "NONE" | "AC" | "DC";

export type Weather = "DRY" | "RAIN" | "SNOW" | "FOG";

export type Seat = "driver" | "passenger" | "rear-left" | "rear-right";

export type Tier = "guard" | "grammar" | "meaning" | "local" | "cloud";

export type Language = "en" | "de" | "zh";

export type MemoryKind = "fact" | "habit" | "timer" | "event";

export type MediaRepeat = "off" | "all" | "one";

export type MediaZone = "front" | "rear";

export type Level = "stop" | "warning" | "notice" | "info";

export type MessageState = "shown" | "waiting" | "told" | "over";

export type RunBy = "touch" | "voice" | "condition" | "other";

export type SceneProblem = "" | "needs" | "lacks" | "loop" | "fight";

export type DeedState = "confirmed" | "moving" | "refused" | "no_provider" | "timed_out" | "unchanged";

export type ForeseenState = "changes" | "same" | "refused" | "lacks";

export type ProfileKind = "PERSON" | "GUEST" | "VALET";

export type RangeCause = "speed" | "driving" | "temperature" | "climate" | "height" | "tyres" | "load" | "other";

export type ChargingMode = "OFF" | "READY_BY" | "HOURS";

export type ChargingStatus = "unplugged" | "starting" | "charging" | "waiting" | "stopped" | "complete" | "no_power" | "unknown";

export type TripMeterName = "charge" | "a" | "b";

export type Gauge = "dials" | "arc" | "bars" | "digits";

export type Dock = "bottom" | "side" | "floating";

export type Wave = "sine" | "triangle" | "square" | "sawtooth";

export type DisplayLayout = "wide" | "landscape" | "portrait" | "passenger";

export type Preference = "fastest" | "shortest" | "economical";

export type PlaceKind = "settlement" | "street" | "address" | "poi" | "charger" | "nature";

export type NavigationKept = "favourite" | "home" | "work" | "recent";

export type ChargerState = "available" | "busy" | "out_of_order" | "unknown";

export type ManeuverKind = "depart" | "continue" | "straight" | "slight_right" | "right" | "sharp_right" | "u_turn" | "sharp_left" | "left" | "slight_left" | "ramp_right" | "ramp_left" | "exit_right" | "exit_left" | "keep_right" | "keep_left" | "keep_straight" | "merge" | "roundabout" | "ferry" | "via" | "charge" | "arrive";

/** A signal as the catalogue has it. */
export interface SignalInfo {
  path: string;
  kind: "sensor" | "actuator" | "attribute";
  datatype: string;
  unit: string;
  minimum: number | null;
  maximum: number | null;
  allowed: Scalar[];
  description: string;
}

/** A service error. */
export interface CallError {
  kind: string;
  message: string;
}

/** What became of one actuation. */
export interface Outcome {
  state: "confirmed" | "moving" | "no_provider" | "refused" | "timed_out";
  path: string;
  /** the current value when the outcome was decided */
  value: Value | null;
  rule: string | null;
  message: string;
}

/** What the door would say to a command now. */
export interface Verdict {
  permitted: boolean;
  path: string;
  /** the current value; None: unknown */
  value: Value | null;
  /** the current value is the one asked for, as finely as a bus resolves it */
  same: boolean;
  /** which check would refuse it */
  rule: string;
  /** the sentence that a driver would hear */
  message: string;
}

/** What the people in and around the car do; None leaves a control as it is. */
export interface ControlChanges {
  /** 0 released, 1 to the floor */
  accelerator?: number;
  brake?: number;
  /** -1 full left lock, 1 full right lock */
  steering?: number;
  gear?: Lever;
  parking_brake?: boolean;
  /** the power button: switched on, or off */
  ready?: boolean;
  /** the stalk */
  indicators?: Indicators;
  hazard?: boolean;
  light_switch?: LightSwitch;
  /** the stalk */
  high_beam?: boolean;
  fog_front?: boolean;
  fog_rear?: boolean;
  wiper?: WiperMode;
  horn?: boolean;
  /** True: open */
  door_front_left?: boolean;
  door_front_right?: boolean;
  door_rear_left?: boolean;
  door_rear_right?: boolean;
  bonnet?: boolean;
  boot?: boolean;
  charge_flap?: boolean;
  /** what is plugged in; needs the flap open */
  charge_cable?: Cable;
  /** which key opens the car; 0: none is near */
  key?: number;
  /** True: fastened; the front left seat is the driver's */
  belt_front_left?: boolean;
  belt_front_right?: boolean;
  belt_rear_left?: boolean;
  belt_rear_right?: boolean;
  occupant_front_left?: boolean;
  occupant_front_right?: boolean;
  occupant_rear_left?: boolean;
  occupant_rear_right?: boolean;
}

/** The same controls as they are now; a part that moved by itself or by a command shows where it is. */
export interface Controls {
  accelerator: number;
  brake: number;
  steering: number;
  /** the lever; what the drive has engaged is Vehicle.Powertrain.Transmission.CurrentGear */
  gear: Lever;
  parking_brake: boolean;
  ready: boolean;
  indicators: Indicators;
  hazard: boolean;
  light_switch: LightSwitch;
  high_beam: boolean;
  fog_front: boolean;
  fog_rear: boolean;
  wiper: WiperMode;
  horn: boolean;
  door_front_left: boolean;
  door_front_right: boolean;
  door_rear_left: boolean;
  door_rear_right: boolean;
  bonnet: boolean;
  boot: boolean;
  charge_flap: boolean;
  charge_cable: Cable;
  key: number;
  belt_front_left: boolean;
  belt_front_right: boolean;
  belt_rear_left: boolean;
  belt_rear_right: boolean;
  occupant_front_left: boolean;
  occupant_front_right: boolean;
  occupant_rear_left: boolean;
  occupant_rear_right: boolean;
}

/** What surrounds the car; None leaves it as it is. */
export interface WorldChanges {
  weather?: Weather;
  /** Celsius */
  outside_temperature?: number;
  /** percent: 0 night, 100 bright day */
  daylight?: number;
  /** percent: positive is uphill */
  grade?: number;
  /** kg of luggage; people count by their seats */
  load?: number;
  /** km/h; 0: none known */
  speed_limit?: number;
  /** km/h; negative pushes */
  headwind?: number;
  /** percent: 0 nobody else, 100 dense */
  traffic?: number;
}

/** The surroundings as they are now; units as in WorldChanges. */
export interface World {
  weather: Weather;
  outside_temperature: number;
  daylight: number;
  grade: number;
  load: number;
  speed_limit: number;
  headwind: number;
  traffic: number;
}

/** Something that can break. */
export interface Fault {
  id: string;
  title: string;
  group: string;
  active: boolean;
}

/** All that a desk needs to draw its controls. */
export interface SimulationState {
  /** which car */
  title: string;
  controls: Controls;
  world: World;
  faults: Fault[];
  /** why the car does not do what was asked ("Press the brake to leave P"); "" where it does */
  hint: string;
}

/** A charging station on a path. */
export interface PathStop {
  /** along the path */
  at_m: number;
  power_kw: number;
  /** percent of charge, as displayed, with which to go on */
  until: number;
  name: string;
}

/** A way for the simulated car to drive by itself: points along it, all lists of one length of two or more. */
export interface FollowedPath {
  /** degrees, WGS 84 */
  latitude: number[];
  longitude: number[];
  /** m */
  altitude: number[];
  distance_m: number[];
  speed_kmh: number[];
  /** 0: none known */
  limit_kmh: number[];
  /** where satellites are not seen */
  tunnel: boolean[];
  stops: PathStop[];
}

/** A person's profile. */
export interface Profile {
  id: string;
  /** "" = the owner who has not been named */
  name: string;
  has_pin: boolean;
  /** the keys that bring it into force */
  keys: number[];
  /** favourite pages of the centre display, first the dearest */
  pages: string[];
  in_force: boolean;
  /** how many of the car's settings it remembers */
  settings: number;
}

/** A setting of the profile in force that the door refused; it is tried again when the car is next in P. */
export interface Waiting {
  path: string;
  rule: string;
  message: string;
}

/** How the valet drove so far. */
export interface ValetReport {
  speed_limit_kmh: number;
  fastest_kmh: number;
  times_over: number;
  /** ISO 8601, UTC */
  since: string;
}

/** Who may be in the car, and who is. */
export interface Profiles {
  /** empty in valet mode: names are personal */
  profiles: Profile[];
  kind: ProfileKind;
  waiting: Waiting[];
  /** of the valet who drives or drove last */
  valet: ValetReport | null;
  /** what happened to the file of profiles, if anything; "" = nothing */
  notice: string;
  /** whether anything can be kept now */
  keeps: boolean;
}

/** A setting that is not as the profile has it. */
export interface Unset {
  path: string;
  state: "no_provider" | "refused" | "timed_out";
  rule: string;
  message: string;
  /** it is tried again when the car is next in P */
  again: boolean;
}

/** What became of a switch: every setting of the profile is in one of the three lists. */
export interface Switched {
  profile: string;
  kind: ProfileKind;
  confirmed: string[];
  moving: string[];
  unset: Unset[];
}

/** Whether a PIN was right. */
export interface PinCheck {
  right: boolean;
  /** before one has to wait; 0: one has to wait */
  tries_left: number;
  /** how long no PIN of this profile is looked at */
  wait_s: number;
}

/** How much of one kind is kept of the person in force. */
export interface Collected {
  store: "assistant" | "cockpit" | "navigation";
  kind: string;
  count: number;
  /** ISO 8601, UTC: the oldest of it */
  since: string;
  /** the folder in the car */
  where: string;
}

/** Somebody outside who got something, and for what. */
export interface Recipient {
  /** host and port */
  name: string;
  purpose: string;
  times: number;
  bytes_out: number;
  bytes_in: number;
  /** ISO 8601, UTC */
  last: string;
}

/** Whether something may leave the car for a purpose. */
export interface AskedConsent {
  purpose: string;
  /** what it means, for people */
  says: string;
  granted: boolean;
  /** ISO 8601, UTC; "" = never asked */
  since: string;
  /** which sensitive data it concerns; "" = none */
  sensitive: string;
  /** has to be given by itself: `give_consent(by_itself=True)` */
  own: boolean;
}

/** One thing that the rule set demands and the car does. */
export interface Demand {
  id: string;
  article: string;
}

/** What the car keeps of the person in force, what left it, and under which rules. */
export interface Privacy {
  profile: string;
  collected: Collected[];
  /** of everybody: it is not recorded who said what was sent */
  bytes_out: number;
  recipients: Recipient[];
  consents: AskedConsent[];
  region: string;
  regions: string[];
  demands: Demand[];
  /** kind → days after which it is dropped */
  retention: Record<string, number>;
  /** when a consent to something sensitive ends by itself */
  lapses: "drive" | "never";
  /** False: the assistant does not answer, and its part is missing */
  complete: boolean;
}

/** Set the actuator `path` to `value`, in the signal's own unit. */
export interface Action {
  path: string;
  value: Value;
  /** for people, in the language of whoever made it; "": nobody has said it yet */
  says: string;
}

/** Somewhere on earth: within `radius_m` of a point (WGS 84 degrees). */
export interface Place {
  latitude: number;
  longitude: number;
  radius_m: number;
}

/** A signal against a value, in the signal's own unit. */
export interface Compare {
  kind: "compare";
  path: string;
  op: "!=" | "<" | "<=" | "==" | ">" | ">=";
  value: Scalar;
  margin: number;
}

/** A time of day in the car's local time; without `days` on every day. True for two minutes from then on. */
export interface At {
  kind: "at";
  time: string;
  days: ("fri" | "mon" | "sat" | "sun" | "thu" | "tue" | "wed")[];
}

/** So long after it was said. True for two minutes from then on. */
export interface After {
  kind: "after";
  seconds: number;
}

/** The car is at a place that the person has named: home, work, or any other. */
export interface Arrives {
  kind: "arrives";
  place: string;
}

/** The car is at this place, which bears its coordinates with it; `name` is for people. */
export interface Near {
  kind: "near";
  place: Place;
  name: string;
}

/** All of them at the same time. */
export interface All {
  kind: "all";
  of: (Compare | At | After | Arrives | Near | All | Any | Not)[];
}

/** At least one of them. */
export interface Any {
  kind: "any";
  of: (Compare | At | After | Arrives | Near | All | Any | Not)[];
}

/** The opposite: "when it stops raining", "when we leave work". */
export interface Not {
  kind: "not";
  of: Compare | At | After | Arrives | Near | All | Any | Not;
}

/** Several settings under one name, with or without something that sets them off. */
export interface Scene {
  /** as whoever drafted it chose; "" = the cockpit chooses */
  id: string;
  name: string;
  /** name of its drawing */
  icon: string;
  /** what sets it off besides being asked for */
  when: Compare | At | After | Arrives | Near | All | Any | Not | null;
  /** in words: "when it rains"; "" = nobody said it in words */
  when_said: string;
  /** for how long `when` must have been true */
  hold_s: number;
  /** must be true for it to run; it ends when this is no longer so */
  needs: Compare | At | After | Arrives | Near | All | Any | Not | null;
  actions: Action[];
  /** what it changed goes back when it ends, where nobody changed it since */
  restore: boolean;
  /** it ends by itself after so long; 0 = it does not */
  lasts_s: number;
  /** what it set is set again where the car undid it by itself on going to P or off */
  keeps: boolean;
  /** words' key of the message that is shown while it runs */
  says: string;
  /** the sentence it was made from */
  said: string;
}

/** A scene and how it stands. */
export interface ShownScene {
  scene: Scene;
  /** it came with the car */
  preset: boolean;
  /** the names under which it can be asked for */
  called: string[];
  runs: boolean;
  /** ISO 8601, UTC, while it runs */
  since: string;
  /** ISO 8601, UTC, where that is known */
  ends: string;
  /** the signals of it that this car does not have */
  lacks: string[];
  /** loop, fight: what came of it lately */
  problem: SceneProblem;
  /** names of the scenes that this problem is with */
  against: string[];
}

/** One thing that a scene asked of the car, and what became of it. */
export interface Deed {
  path: string;
  value: Value;
  /** None: unknown */
  before: Value | null;
  state: DeedState;
  /** why it was refused */
  rule: string;
  /** the sentence that a driver hears */
  says: string;
}

/** What one run of a scene, or its end, did. */
export interface SceneRun {
  /** counts up since the cockpit was started */
  number: number;
  scene: string;
  name: string;
  /** whose scene it is; "" = everybody's */
  profile: string;
  /** ISO 8601, UTC */
  at: string;
  by: RunBy;
  /** it was ended: the deeds put back what it had changed */
  ended: boolean;
  deeds: Deed[];
  /** why nothing was done */
  problem: SceneProblem;
}

/** What would become of one action now. */
export interface Foreseen {
  path: string;
  value: Value;
  before: Value | null;
  state: ForeseenState;
  rule: string;
  says: string;
}

/** What a scene would do if it were run now; nothing was moved to find out. */
export interface DryRun {
  actions: Foreseen[];
  /** needs, lacks: it would not start at all */
  problem: SceneProblem;
  /** whether what sets it off is true now; None: nothing does, or unknown */
  holds: boolean | null;
}

/** Something that a scene can set in this car. */
export interface SceneThing {
  path: string;
  /** words' key below "scenes.thing." */
  name: string;
  /** words' key below "scenes.place."; "" where there is only one */
  place: string;
  form: "choice" | "number" | "switch";
  unit: string;
  minimum: number;
  maximum: number;
  step: number;
  /** words' keys below "scenes.choice." */
  choices: string[];
}

/** Something in this car that can set a scene off. */
export interface SceneTrigger {
  /** words' key below "scenes.trigger." */
  name: string;
  /** with the value that is offered first */
  when: Compare | At | After | Arrives | Near | All | Any | Not;
  unit: string;
  /** equal to the maximum: the value is not to be chosen */
  minimum: number;
  maximum: number;
  step: number;
}

/** What scenes can be made of in this car. */
export interface SceneParts {
  things: SceneThing[];
  triggers: SceneTrigger[];
}

/** Something that waits for its moment: "in ten minutes …", "when it rains …". */
export interface Timer {
  id: string;
  /** the sentence it came from */
  said: string;
  actions: Action[];
}

/** One thing that was asked of the car, and what became of it. */
export interface Done {
  /** a signal's path, or the name of a service or tool */
  path: string;
  /** what was asked for; None for a service */
  value: Value | null;
  /** what it was; None: unknown */
  before: Value | null;
  state: DeedState;
  /** why it was refused */
  rule: string;
  /** for people: "Driver's window: 50 %" */
  says: string;
}

/** What came of one utterance. */
export interface Answer {
  /** counts up within a conversation */
  turn: number;
  reply: string;
  language: Language;
  /** the one that decided */
  tier: Tier;
  did: Done[];
  refused: boolean;
  /** the reply is a question; the next utterance may answer it */
  asked: boolean;
  /** what may be answered, as people would say it; empty: anything */
  choices: string[];
  /** how it came to this, a sentence a step */
  why: string[];
  can_undo: boolean;
  latency_ms: number;
  egress_bytes: number;
  /** a draft to look at, change and keep: `cockpit.keep_scene` */
  scene: Scene | null;
}

/** Whether a tier can be used now. */
export interface TierStatus {
  tier: Tier;
  state: "broken" | "fetching" | "loading" | "missing" | "off" | "ready";
  /** a sentence: which model, why not */
  says: string;
  /** 0…1 while it is loading or being fetched, else 1 */
  progress: number;
}

/** What the assistant has to think with. */
export interface Status {
  tiers: TierStatus[];
  /** the routing policy in force: private, balanced or capable */
  policy: string;
  policies: string[];
  /** all that ever left */
  egress_bytes: number;
}

/** One thing that the assistant remembers of a profile. */
export interface Memory {
  id: string;
  kind: MemoryKind;
  says: string;
  /** ISO 8601, UTC */
  since: string;
}

/** Something offered, never done unasked. */
export interface Suggestion {
  id: string;
  /** what, and why: "You usually warm your seat in the morning. Shall I?" */
  says: string;
  actions: Action[];
}

/** Something that left the car. */
export interface Egress {
  id: number;
  /** ISO 8601, UTC */
  time: string;
  purpose: string;
  recipient: string;
  bytes_out: number;
  bytes_in: number;
  /** "2 phone numbers, 1 name" */
  redacted: string;
  outcome: string;
}

/** Whether something may leave the car for a purpose. */
export interface Consent {
  purpose: string;
  /** what it means, for people */
  says: string;
  granted: boolean;
  /** ISO 8601, UTC; "" = never asked */
  since: string;
}

/** How much is kept of one kind. */
export interface Kept {
  /** "fact", "timer", "habit", "occasion", … or "conversation" */
  kind: string;
  count: number;
  /** ISO 8601, UTC: the oldest of it */
  since: string;
}

/** One piece of music, as its file says. */
export interface MediaTrack {
  uri: string;
  title: string;
  artist: string;
  album: string;
  genre: string;
  /** its place on the album; 0 = unknown */
  number: number;
  /** 0 = unknown */
  duration_s: number;
  /** the picture is at /cover/<this>; "" = there is none */
  cover: string;
  favourite: boolean;
}

/** Something that holds tracks or further shelves: an album, an artist. */
export interface MediaShelf {
  source: string;
  id: string;
  title: string;
  subtitle: string;
  cover: string;
  tracks: number;
}

/** What stands on a shelf, or was found; `total` also counts what is not listed here. */
export interface MediaListing {
  shelves: MediaShelf[];
  tracks: MediaTrack[];
  total: number;
}

/** One place in the queue. */
export interface MediaEntry {
  id: number;
  track: MediaTrack;
}

/** What plays now and next. */
export interface MediaQueue {
  /** from `start` on */
  entries: MediaEntry[];
  start: number;
  total: number;
  /** the entry that plays; 0 = none */
  current: number;
  shuffle: boolean;
  repeat: MediaRepeat;
  /** whose loudness can be set apart; empty: one for all */
  zones: MediaZone[];
}

/** A file or folder that cannot be played, and why. */
export interface MediaProblem {
  where: string;
  why: string;
}

/** What there is to play. */
export interface MediaLibrary {
  /** "" = none */
  folder: string;
  tracks: number;
  /** the folder is being looked through for the first time */
  looking: boolean;
  /** the first hundred */
  problems: MediaProblem[];
  problem_count: number;
}

/** One thing that the car tells. */
export interface Message {
  id: string;
  /** what it is about; one message for each */
  cause: string;
  level: Level;
  /** key of the words */
  says: string;
  /** for the words; one that begins with "@" is a key itself */
  args: Record<string, string | number>;
  /** since when, ISO 8601, UTC */
  at: string;
  /** until when; "" = it holds or is still shown */
  over: string;
  acknowledged: boolean;
  /** on the screens now, waiting for them, holding but told already, over */
  state: MessageState;
}

/** Who is to play what, and when. */
export interface Chime {
  /** a level; "" = not yours: another screen plays it, or it was played */
  cue: string;
  /** so that no two are heard at once */
  wait_s: number;
}

/** One path of an icon. */
export interface IconPath {
  /** SVG path data */
  d: string;
  even_odd: boolean;
  /** SVG transform list, of the path and all groups around it */
  transform: string;
}

/** A brand's own drawing of an icon. */
export interface BrandIcon {
  /** the viewBox */
  view: [number, number, number, number];
  paths: IconPath[];
}

/** One note of a sound cue. */
export interface Note {
  frequency_hz: number;
  start_ms: number;
  duration_ms: number;
  /** 0 to 1 */
  gain: number;
  wave: Wave;
}

/** Choices of the centre page's arrangement. */
export interface BrandLayout {
  /** "side": the driver's side */
  dock: Dock;
  /** cards of the home page, the most important first */
  home: string[];
}

/** A brand that can be chosen. */
export interface BrandName {
  name: string;
  title: string;
}

/** A screen of this line of cars. */
export interface Display {
  name: string;
  page: string;
  /** diagonal */
  inches: number;
  /** px */
  width: number;
  /** px */
  height: number;
  layout: DisplayLayout;
}

/** What the pages need to know of the line of cars. */
export interface LineFacts {
  name: string;
  title: string;
  brand: string;
  /** what this car has; what is not named here is not shown */
  features: string[];
  displays: Display[];
}

/** A brand as the pages show it. */
export interface Brand {
  name: string;
  title: string;
  /** the cluster's face */
  gauge: Gauge;
  layout: BrandLayout;
  /** overridden ones alone */
  icons: Record<string, BrandIcon>;
  sounds: Record<string, Note[]>;
  /** language → key → the brand's own word */
  words: Record<string, Record<string, string>>;
  /** all that can be chosen */
  brands: BrandName[];
  line: LineFacts;
}

/** What one circumstance takes from the range, or gives to it. */
export interface RangeReason {
  cause: RangeCause;
  metres: number;
}

/** What driving took. */
export interface EnergyTotals {
  metres: number;
  seconds: number;
  moving_seconds: number;
  /** out of the battery */
  used_wh: number;
  /** back into it while driving */
  regained_wh: number;
  climate_wh: number;
}

/** A trip meter: since the last charge, or since a person set it back. */
export interface TripMeter {
  name: TripMeterName;
  /** ISO 8601, UTC */
  since: string;
  totals: EnergyTotals;
}

/** A drive, from switching on to switching off. */
export interface Trip {
  id: string;
  /** ISO 8601, UTC */
  started: string;
  /** the same; "" while it is under way */
  ended: string;
  from_percent: number;
  to_percent: number;
  /** °C */
  outside: number | null;
  totals: EnergyTotals;
}

/** One point of the charging curve. */
export interface ChargingPoint {
  /** since the cable came */
  seconds: number;
  percent: number;
  watts: number;
}

/** When to charge: at once, so that the car is ready by a time, or in some hours alone; by the wall's clock. */
export interface ChargingPlan {
  mode: ChargingMode;
  ready_by: string;
  start: string;
  end: string;
}

/** The charge under way, or the last one, and what the plan makes of it. */
export interface Charging {
  status: ChargingStatus;
  /** ISO 8601, UTC; "" = there was none */
  started: string;
  from_percent: number;
  added_wh: number;
  most_watts: number;
  flowing_seconds: number;
  curve: ChargingPoint[];
  /** a person wants it at once, whatever the plan says */
  now: boolean;
  /** a fast charger, for which no plan waits */
  fast: boolean;
  /** ISO 8601, UTC: when the plan begins it; "" = it does not wait */
  begins: string;
  /** the same: the departure, or the end of the hours; "" = there is no plan */
  until: string;
  /** that will be there then; None: nobody can tell yet */
  percent: number | null;
  /** whether that is the limit */
  reached: boolean | null;
  /** why the car does not do what the plan wants; "" where it does */
  problem: string;
}

/** The car's energy, but for what its signals say live. */
export interface Energy {
  /** None: not known now */
  range_m: number | null;
  /** at a steady 100 km/h, level, 20 °C, without climate control, the driver alone */
  reference_m: number | null;
  reference_wh_per_km: number | null;
  /** from the reference to the range; they add up. Empty: no model of this car */
  reasons: RangeReason[];
  meters: TripMeter[];
  charging: Charging;
  plan: ChargingPlan;
}

/** The consumption of a stretch of road. */
export interface ConsumptionPoint {
  /** from here to the stretch's middle */
  back_m: number;
  wh_per_km: number;
}

/** The consumption over distance. */
export interface Consumption {
  /** the farthest first */
  points: ConsumptionPoint[];
  /** over all of it; None: nothing was driven yet */
  mean_wh_per_km: number | null;
}

/** A place on the earth. */
export interface Position {
  latitude: number;
  longitude: number;
}

/** A charging station. What the map does not know is empty or 0. */
export interface Charger {
  id: string;
  name: string;
  position: Position;
  network: string;
  /** "ccs", "chademo", "type2", "tesla_ccs", "schuko" */
  plugs: string[];
  /** of its strongest plug that this car can use */
  power_kw: number;
  /** False: power or plug is assumed, since the map does not say */
  known: boolean;
  points: number;
  state: ChargerState;
}

/** Something that can be driven to. */
export interface NavigationPlace {
  /** stays the same while the map is the same: "n123", "w45/6", "kept/…" */
  id: string;
  name: string;
  kind: PlaceKind;
  /** of `search/categories.toml`: "charger", "cafe", …; "" for none */
  category: string;
  /** street, settlement: what tells two of one name apart */
  where: string;
  position: Position;
  /** from where was asked, as the crow flies */
  distance_m: number | null;
  /** along a route: what it costs to go there */
  detour_s: number | null;
  charger: Charger | null;
}

/** What a route keeps off where there is another way. */
export interface Avoid {
  tolls: boolean;
  ferries: boolean;
  unpaved: boolean;
}

/** How somebody wants to travel. */
export interface Options {
  preference: Preference;
  avoid: Avoid;
  /** charge left on arrival at the destination */
  reserve: number;
  /** charge never gone below on the way */
  least: number;
  /** preferred charging networks */
  networks: string[];
  /** plugs that the car or its cables have; empty: as the line says */
  plugs: string[];
  alternatives: number;
}

/** A share of what a leg uses, in words for people. */
export interface Part {
  reason: "air" | "climate" | "climb" | "descent" | "drive" | "other" | "rolling" | "wind";
  /** negative: won back */
  energy_kwh: number;
}

/** A charging stop. */
export interface Stop {
  charger: Charger;
  arrival_charge: number;
  departure_charge: number;
  charging_s: number;
  /** expected queue */
  waiting_s: number;
  /** into the battery */
  energy_kwh: number;
  /** after departure of the trip */
  arrival_s: number;
  detour_s: number;
}

/** From one stop to the next. */
export interface Leg {
  distance_m: number;
  duration_s: number;
  energy_kwh: number;
  departure_charge: number;
  arrival_charge: number;
  climb_m: number;
  descent_m: number;
  parts: Part[];
}

/** A way from here to there. Each list of points is [longitude, latitude], as GeoJSON has it. */
export interface Route {
  points: [number, number][];
  distance_m: number;
  duration_s: number;
  energy_kwh: number;
  tolls: boolean;
  ferries: boolean;
  unpaved: boolean;
  /** the road that tells it from the others */
  via: string;
}

/** A plan with its stops: `len(legs) == len(stops) + 1`, and what is planned adds up. */
export interface NavigationTrip {
  id: string;
  destination: NavigationPlace;
  via: Position[];
  options: Options;
  feasible: boolean;
  /** where it is not: why, in a driver's sentence */
  problem: string;
  /** what would make it possible */
  remedies: string[];
  route: Route;
  legs: Leg[];
  stops: Stop[];
  distance_m: number;
  /** driving, waiting and charging */
  duration_s: number;
  energy_kwh: number;
  departure_charge: number;
  arrival_charge: number;
  /** after departure: when to begin warming the battery for the first stop */
  precondition_s: number | null;
  alternatives: NavigationTrip[];
}

/** What to do where. */
export interface Maneuver {
  kind: ManeuverKind;
  /** along the route */
  at_m: number;
  position: Position;
  /** the one after it */
  street: string;
  /** of a roundabout */
  exit: number;
  /** from left to right: "left", "through|right"; "!" in front of those to be in */
  lanes: string[];
  /** in the language that was asked for */
  text: string;
}

/** What is being followed; asked for again when `Vehicle.Alpenglow.Navigation.Revision` counts up. */
export interface Guidance {
  active: boolean;
  trip: NavigationTrip | null;
  maneuvers: Maneuver[];
}

/** One reason why consumption is not as planned. */
export interface Cause {
  reason: "climate" | "headwind" | "load" | "other" | "speed" | "temperature" | "traffic";
  /** of the planned energy: 0.09 is nine per cent more */
  share: number;
  /** "headwind: +9 %" */
  text: string;
}

/** Why the plan is as it is, and how the drive differs from it. */
export interface Explanation {
  sentences: string[];
  /** for what was driven so far */
  planned_kwh: number;
  used_kwh: number;
  causes: Cause[];
}

/** How far the battery goes: the roads' outline, not a circle. */
export interface Area {
  charge_left: number;
  /** closed, [longitude, latitude]; outlines, holes among them */
  rings: [number, number][][];
  /** length of all roads within */
  roads_m: number;
}

/** A stretch of road that is slower than when it is free, in one driving direction. */
export interface Jam {
  /** as it is driven */
  points: [number, number][];
  /** of the speed at which a free road is driven: 0.3 takes 1 / 0.3 times as long */
  speed_factor: number;
  /** after the report: for how long it is believed */
  until_s: number;
  /** "roadworks", in the words of who reports it */
  cause: string;
}

/** A stretch of slow road as it is found on the map. */
export interface KnownJam {
  source: string;
  cause: string;
  speed_factor: number;
  /** for how long it is still believed */
  left_s: number;
  /** against the free road, for who drives all of it */
  delay_s: number;
  /** of road; 0: its points are on no road of the map around the car */
  length_m: number;
  /** [longitude, latitude] along those roads */
  lines: [number, number][][];
}

/** What became of a report. */
export interface Reported {
  /** stretches that are on roads now */
  matched: number;
  /** numbers, from 0, of those that are on no road of this map that runs their way */
  unmatched: number[];
}

/** A map that is installed. */
export interface Region {
  name: string;
  title: string;
  west: number;
  south: number;
  east: number;
  north: number;
  /** path of the vector tiles below the pages' server: "maps/andorra/map.pmtiles" */
  tiles: string;
  attribution: string;
  /** of the data */
  date: string;
  places: number;
  chargers: number;
  roads_km: number;
}

/** What the map page begins with. */
export interface Around {
  regions: Region[];
  position: Position | null;
  heading: number;
}

/** How much is kept of a person, of one kind. */
export interface Stored {
  /** "place", "destination" or "guidance" */
  kind: string;
  count: number;
  /** ISO 8601, UTC: the oldest of it */
  since: string;
}

/** First message on a connection. */
export interface Hello {
  op: "hello";
  identity: string;
  version: string;
  line: string;
  /** page → URL */
  pages: Record<string, string>;
}

/** What changed since the last message; with empty `values` a heartbeat. */
export interface Values {
  op: "values";
  seq: number;
  /** the server's clock, seconds since 1970 */
  time: number;
  values: Record<string, WireReading>;
  /** samples that were passed over since the last message */
  missed: number;
}

/** Answer to `describe`. */
export interface Described {
  op: "described";
  signals: SignalInfo[];
}

/** Answer to a `call` that was done. */
export interface CallResult {
  op: "result";
  id: number;
  result: unknown;
}

/** Answer to a `call` that was not done. */
export interface CallFailed {
  op: "error";
  id: number;
  error: CallError;
}

/** A message from the page that could not be used. */
export interface Problem {
  op: "problem";
  message: string;
}

/** Send me these from now on, and only these; patterns as in `Catalogue.match`. */
export interface Follow {
  op: "follow";
  paths: string[];
}

/** The values of this number are painted. */
export interface Ack {
  op: "ack";
  seq: number;
}

/** Call a service. */
export interface Call {
  op: "call";
  id: number;
  service: string;
  args?: Record<string, unknown>;
}

/** Tell me what these signals are. */
export interface Describe {
  op: "describe";
  paths: string[];
}

export type ServerMessage = Hello | Values | Described | CallResult | CallFailed | Problem;

export type PageMessage = Follow | Ack | Call | Describe;

/** What a page may call, where its server lets it: arguments and result. */
export interface Services {
  /** Set the actuator `path` to `value`, in the signal's own unit, and say what became of it. */
  "safety.actuate": { args: { path: string; value: Value }; result: Outcome };
  /** Set every actuator in `values` (path → value) at once, in that order; what became of each, in the same order. */
  "safety.actuate_all": { args: { values: Record<string, Value> }; result: Outcome[] };
  /** Say what `actuate` would answer now, by the same checks in the same order, and move nothing. */
  "safety.check": { args: { path: string; value: Value }; result: Verdict };
  /** Operate the simulated car's controls; fields left out stay as they are. */
  "vehicle.set_controls": { args: { changes: ControlChanges }; result: null };
  /** Change the weather, the road or the load; fields left out stay as they are. */
  "vehicle.set_world": { args: { changes: WorldChanges }; result: null };
  /** Break a part of the simulated car, or repair it. `fault`: an id from `simulation().faults`. */
  "vehicle.inject_fault": { args: { fault: string; active: boolean }; result: null };
  /** The simulated car's controls, surroundings and faults as they are now. */
  "vehicle.simulation": { args: Record<string, never>; result: SimulationState };
  /** Let the simulator drive `path`, `pace` times faster than the clock, and charge at its stops. */
  "vehicle.follow_path": { args: { path: FollowedPath; pace?: number }; result: null };
  /** Give the car back to its driver: it rolls on as it is, with nobody's foot on a pedal, at the clock's pace. */
  "vehicle.leave_path": { args: Record<string, never>; result: null };
  /** Do or answer what a person said, in English, German or Chinese. */
  "assistant.ask": { args: { text: string; seat?: Seat; profile?: string; conversation?: string }; result: Answer };
  /** Put back what the last utterance of this conversation moved, as far as the door permits it now. */
  "assistant.undo": { args: { profile?: string; conversation?: string }; result: Answer };
  /** What the assistant has to think with, and what has left the car. */
  "assistant.status": { args: Record<string, never>; result: Status };
  /** Choose how much may be asked of bigger models. Raises BadArguments for a policy that does not exist. */
  "assistant.set_policy": { args: { policy: string }; result: Status };
  /** What waits for its moment. */
  "assistant.timers": { args: { profile?: string }; result: Timer[] };
  /** Forget something that waits for its moment. */
  "assistant.drop_timer": { args: { timer: string; profile?: string }; result: null };
  /** Run one of the cockpit's scenes as if its name had been said: the answer tells what came of it. */
  "assistant.run_scene": { args: { scene: string; profile?: string }; result: Answer };
  /** Everything that is remembered of a profile. */
  "assistant.memories": { args: { profile?: string }; result: Memory[] };
  /** Erase one memory (its id), or with "" all of this profile; returns how many are gone. */
  "assistant.forget": { args: { memory?: string; profile?: string }; result: number };
  /** What the assistant would propose now. */
  "assistant.suggestions": { args: { profile?: string }; result: Suggestion[] };
  /** Take a suggestion, or turn it down: one that is turned down twice does not come back for a month. */
  "assistant.answer_suggestion": { args: { suggestion: string; accept: boolean; profile?: string }; result: Answer };
  /** The latest entries of the ledger of everything that left the car, newest first. */
  "assistant.egress": { args: { limit?: number }; result: Egress[] };
  /** For which purposes something may leave the car. */
  "assistant.consents": { args: { profile?: string }; result: Consent[] };
  /** Grant or withdraw a consent; withdrawing stops what is under way. */
  "assistant.set_consent": { args: { purpose: string; granted: boolean; profile?: string }; result: Consent[] };
  /** What is kept of a profile, by kind. */
  "assistant.kept": { args: { profile?: string }; result: Kept[] };
  /** All that is kept of a profile, and what left the car, as JSON for the person to take along. */
  "assistant.export": { args: { profile?: string }; result: string };
  /** Forget a profile for good: memory, conversations, consents; returns how many things are gone. */
  "assistant.erase": { args: { profile: string }; result: number };
  /** What stands on a shelf of a source; without both, the shelves at the top of all. BadArguments: no such shelf. */
  "cockpit.media_browse": { args: { source?: string; shelf?: string; start?: number; limit?: number }; result: MediaListing };
  /** What matches the beginnings of all these words, in title, artist or album; accents make no difference. */
  "cockpit.media_search": { args: { text: string; limit?: number }; result: MediaListing };
  /** How much there is to play, and what cannot be played and why. */
  "cockpit.media_library": { args: Record<string, never>; result: MediaLibrary };
  /** The queue from `start` on; from −1: from what plays now. */
  "cockpit.media_queue": { args: { start?: number; limit?: number }; result: MediaQueue };
  /** Play these tracks now, from the one at `at` on, instead of the queue. BadArguments: no such track. */
  "cockpit.media_play": { args: { uris: string[]; at?: number }; result: null };
  /** Play all tracks of a shelf, from the track `uri` on. BadArguments: there is no such shelf or track. */
  "cockpit.media_play_shelf": { args: { source: string; shelf: string; uri?: string; shuffle?: boolean }; result: null };
  /** Put tracks at the end of the queue, or with `soon` right after what plays. */
  "cockpit.media_add": { args: { uris: string[]; soon?: boolean }; result: null };
  /** Take an entry out of the queue. */
  "cockpit.media_remove": { args: { entry: number }; result: null };
  /** Put an entry at another place of the queue, counted from its beginning. */
  "cockpit.media_move": { args: { entry: number; to: number }; result: null };
  /** Empty the queue but for what plays. */
  "cockpit.media_clear": { args: Record<string, never>; result: null };
  /** Play that entry of the queue now. */
  "cockpit.media_go": { args: { entry: number }; result: null };
  /** In which order the queue plays, and what happens at its end. */
  "cockpit.media_order": { args: { shuffle: boolean; repeat: MediaRepeat }; result: null };
  /** Go to a place in the track that plays. */
  "cockpit.media_seek": { args: { position_s: number }; result: null };
  /** The tracks that the person whose profile is in force marked, newest first; none in guest and valet mode. */
  "cockpit.media_favourites": { args: Record<string, never>; result: MediaTrack[] };
  /** Mark a track as a favourite or no longer. NotPermitted in guest and valet mode. */
  "cockpit.media_favour": { args: { uri: string; favourite: boolean }; result: null };
  /** Make the music quieter for so long, while something else must be heard; a later call of that reason counts. */
  "cockpit.duck_media": { args: { seconds: number; reason?: string }; result: null };
  /** What the car has to tell, the most urgent first, then what is over, the newest first. */
  "cockpit.messages": { args: { limit?: number }; result: Message[] };
  /** Say that a person has read it: it leaves the screens. Raises BadArguments for one that is over. */
  "cockpit.acknowledge_message": { args: { message: string }; result: null };
  /** Take on a message's chime. Of all screens that ask, one gets it. */
  "cockpit.claim_chime": { args: { message: string }; result: Chime };
  /** The presets, then the profile's own scenes ("" = of the profile in force; none of a guest or a valet). */
  "cockpit.scenes": { args: { profile?: string }; result: ShownScene[] };
  /** Keep a new scene, or a changed one. Raises BadArguments for what the car cannot do, and says why. */
  "cockpit.keep_scene": { args: { scene: Scene; profile?: string }; result: Scene };
  /** Erase a scene for good; one that runs is ended first. */
  "cockpit.drop_scene": { args: { scene: string; profile?: string }; result: null };
  /** Do now what a scene says, action by action through the door; refused ones do not stop the others. */
  "cockpit.run_scene": { args: { scene: string; profile?: string }; result: SceneRun };
  /** End a scene that runs; what it changed goes back where it is to, and where nobody changed it since. */
  "cockpit.end_scene": { args: { scene: string }; result: SceneRun };
  /** What a scene, kept or not, would do if it were run now. Moves nothing. */
  "cockpit.dry_run": { args: { scene: Scene }; result: DryRun };
  /** What scenes have done since the cockpit was started, newest first, of the profile in force and of everybody. */
  "cockpit.scene_runs": { args: Record<string, never>; result: SceneRun[] };
  /** What scenes can be made of in this car. */
  "cockpit.scene_parts": { args: Record<string, never>; result: SceneParts };
  /** Who may be in the car, and who is. In valet mode nobody is named. */
  "cockpit.profiles": { args: Record<string, never>; result: Profiles };
  /** Bring a person's profile into force, or "guest": all its settings go through the door at once. */
  "cockpit.switch_profile": { args: { profile: string; pin?: string }; result: Switched };
  /** Whether that is the PIN of a profile ("valet": the one that ends valet mode). Wrong ones are counted. */
  "cockpit.check_pin": { args: { profile: string; pin: string }; result: PinCheck };
  /** Make a profile that remembers the car as it is set now. It does not come into force by that. */
  "cockpit.create_profile": { args: { name: string; pin?: string }; result: Profile };
  /** Give a profile another name. Set-up. `pin`: the profile's own, where it has one. */
  "cockpit.change_profile": { args: { profile: string; name: string; pin?: string }; result: Profile };
  /** Which pages the person in force likes best. NotPermitted while a guest or a valet drives. */
  "cockpit.keep_pages": { args: { pages: string[] }; result: null };
  /** Delete a profile with all that is kept of it, for good; the owner's comes into force if it was. */
  "cockpit.delete_profile": { args: { profile: string; pin?: string }; result: null };
  /** Protect a profile with a PIN, or with "" no longer; `old` is the one so far. Set-up. */
  "cockpit.set_pin": { args: { profile: string; pin: string; old?: string }; result: null };
  /** Link a key to a profile: when it opens the parked car, the profile comes into force, without a PIN. Set-up. */
  "cockpit.link_key": { args: { profile: string; key: number; linked?: boolean; pin?: string }; result: null };
  /** Hand the car to a valet: boot and glove box locked, personal things hidden, a warning above the limit. Set-up. */
  "cockpit.start_valet": { args: { pin: string; speed_limit_kmh?: number }; result: Switched };
  /** End valet mode: the profile from before comes back into force. NotPermitted: a wrong PIN, or too many of them. */
  "cockpit.end_valet": { args: { pin: string }; result: Switched };
  /** The range with its reasons, the trip meters, the charge and its plan. */
  "cockpit.energy": { args: Record<string, never>; result: Energy };
  /** The consumption over the last `distance_m` metres, in up to about sixty stretches. */
  "cockpit.consumption": { args: { distance_m?: number }; result: Consumption };
  /** The trips of the person whose profile is in force, the latest first. NotPermitted for a guest or a valet. */
  "cockpit.trips": { args: { limit?: number }; result: Trip[] };
  /** Forget a trip of the person whose profile is in force. BadArguments: there is none by that id. */
  "cockpit.drop_trip": { args: { trip: string }; result: null };
  /** Set one of the person's own trip meters back to nothing. NotPermitted for a guest or a valet. */
  "cockpit.reset_trip_meter": { args: { meter: "a" | "b" }; result: null };
  /** When the car charges. */
  "cockpit.charging_plan": { args: Record<string, never>; result: ChargingPlan };
  /** Change when the car charges. The plan is on disk when this returns; Failed where it cannot be kept. */
  "cockpit.set_charging_plan": { args: { plan: ChargingPlan }; result: ChargingPlan };
  /** Charge at once whatever the plan says, leave it to the plan, or stop; until the cable is pulled. */
  "cockpit.charge": { args: { how: "BY_PLAN" | "NOW" | "STOP" }; result: Charging };
  /** What is kept of the person in force, and what left the car. NotPermitted while a guest or a valet drives. */
  "cockpit.privacy": { args: Record<string, never>; result: Privacy };
  /** Choose the rule set; a change withdraws every consent. Set-up. BadArguments: there is no such rule set. */
  "cockpit.set_region": { args: { region: string }; result: Privacy };
  /** Consent to a purpose, or withdraw the consent, which stops what is under way. */
  "cockpit.give_consent": { args: { purpose: string; granted: boolean; by_itself?: boolean }; result: Privacy };
  /** All that the car keeps of the person in force, as JSON. `pin`: the profile's, where it has one. */
  "cockpit.export_my_data": { args: { pin?: string }; result: string };
  /** Erase for good all that the car keeps of the person in force; returns how many things are gone. */
  "cockpit.erase_my_data": { args: { pin?: string }; result: number };
  /** The maps that are installed and where the car is. An empty list of maps is an answer, not an error. */
  "navigation.around": { args: Record<string, never>; result: Around };
  /** Places, streets, addresses and categories ("coffee") as people type them, best first. */
  "navigation.search": { args: { text: string; near?: Position | null; along?: boolean; at_destination?: boolean; limit?: number }; result: NavigationPlace[] };
  /** Chargers by driving time from `near` (else from the car), with their distance along the road. */
  "navigation.nearest_chargers": { args: { near?: Position | null; limit?: number; plugs?: string[] | null }; result: NavigationPlace[] };
  /** Plan a way with its charging stops. `destination`: a position or the id of a `Place`. */
  "navigation.plan_trip": { args: { destination: Position | string; via?: Position[] | null; options?: Options | null; start?: Position | null; charge?: number | null }; result: NavigationTrip };
  /** Where the car can go with `charge_left` still in the battery. */
  "navigation.reachable_area": { args: { charge_left?: number; start?: Position | null }; result: Area };
  /** Why the plan that is being followed is as it is, and why consumption departs from it. */
  "navigation.explain_plan": { args: Record<string, never>; result: Explanation };
  /** Follow a trip that `plan_trip` has given (its id, or the id of one of its alternatives). */
  "navigation.start_guidance": { args: { trip: string }; result: Guidance };
  /** Follow nothing any more. */
  "navigation.stop_guidance": { args: Record<string, never>; result: null };
  /** What is being followed, whole. */
  "navigation.guidance": { args: Record<string, never>; result: Guidance };
  /** Favourites, home, work and recent destinations of who drives; the category says which (`Kept`). */
  "navigation.kept_places": { args: { kind?: NavigationKept | null }; result: NavigationPlace[] };
  /** Remember a place. There is one home and one work; recents are kept by themselves. */
  "navigation.keep_place": { args: { place: NavigationPlace; kind: NavigationKept }; result: null };
  /** Forget a place that was kept; `place` is its id. */
  "navigation.forget_place": { args: { place: string }; result: null };
  /** Let the simulated car drive the route that is being followed, at `pace` times the clock; or stop doing so. */
  "navigation.follow_route": { args: { active: boolean; pace?: number }; result: null };
  /** Say where the roads are slow now: all that `source` knows, in place of what it said before; nothing clears it. */
  "navigation.report_traffic": { args: { source: string; stretches: Jam[] }; result: Reported };
  /** What is known now, on the roads around the car, and what each costs. */
  "navigation.traffic": { args: Record<string, never>; result: KnownJam[] };
  /** What is kept of a profile, by kind. */
  "navigation.kept": { args: { profile: string }; result: Stored[] };
  /** All that is kept of a profile, as JSON for the person to take along. */
  "navigation.export": { args: { profile: string }; result: string };
  /** Forget a profile's places for good, and the way that it is following; returns how many things are gone. */
  "navigation.erase": { args: { profile: string }; result: number };
}
