// The pages of the centre display, in the order of the dock. It is data alone, since the build too draws the dock from
// it (build/shell.ts): the page has it before any script runs.

/** A page's name, its drawing of `@mdi/svg`, the key of its title, and whether it belongs on the passenger's screen. */
export const DOCK = [
  { name: "home", drawing: "home-variant", title: "common.home", passenger: true },
  { name: "map", drawing: "map", title: "common.map", passenger: true },
  { name: "climate", drawing: "fan", title: "common.climate_page", passenger: true },
  { name: "comfort", drawing: "car-seat", title: "common.comfort", passenger: true },
  { name: "car", drawing: "car-door", title: "common.car", passenger: false },
  { name: "energy", drawing: "lightning-bolt", title: "common.energy", passenger: true },
  { name: "drive", drawing: "road-variant", title: "common.drive", passenger: false },
  { name: "media", drawing: "music-note", title: "common.media", passenger: true },
  { name: "profiles", drawing: "account", title: "common.profiles", passenger: false },
  { name: "scenes", drawing: "creation", title: "common.scenes", passenger: false },
  { name: "messages", drawing: "bell", title: "common.messages", passenger: false },
  { name: "privacy", drawing: "shield-lock", title: "common.privacy", passenger: false },
  { name: "settings", drawing: "cog", title: "common.settings", passenger: false },
] as const;

export type Tab = (typeof DOCK)[number];
export type PageName = Tab["name"];
