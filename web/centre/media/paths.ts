// The signals of the player, shared by the page and its card on the home page.

const MEDIA = "Vehicle.Cabin.Infotainment.Media";
const OURS = "Vehicle.Alpenglow.Cockpit.Media";

export const VOLUME = `${MEDIA}.Volume`;
export const ACTION = `${MEDIA}.Action`;
export const RATE = `${MEDIA}.Played.PlaybackRate`;
export const TRACK = `${MEDIA}.Played.Track`;
export const ARTIST = `${MEDIA}.Played.Artist`;
export const ALBUM = `${MEDIA}.Played.Album`;
export const URI = `${MEDIA}.Played.URI`;
export const STATE = `${OURS}.State`;
export const POSITION = `${OURS}.Position`;
export const DURATION = `${OURS}.Duration`;
export const BALANCE = `${OURS}.Balance`;
export const ZONES = { front: `${OURS}.Zone.Front.Volume`, rear: `${OURS}.Zone.Rear.Volume` } as const;

export const PLAYING_PATHS: readonly string[] = [TRACK, ARTIST, ALBUM, URI, STATE, RATE, ACTION];
