// The pages of the centre display, in the order of the dock. A page that is not built in is left out.

import carIcon from "@mdi/svg/svg/car-door.svg?raw";
import climateIcon from "@mdi/svg/svg/fan.svg?raw";
import comfortIcon from "@mdi/svg/svg/car-seat.svg?raw";
import driveIcon from "@mdi/svg/svg/road-variant.svg?raw";
import energyIcon from "@mdi/svg/svg/lightning-bolt.svg?raw";
import homeIcon from "@mdi/svg/svg/home-variant.svg?raw";
import mediaIcon from "@mdi/svg/svg/music-note.svg?raw";
import messagesIcon from "@mdi/svg/svg/bell.svg?raw";
import privacyIcon from "@mdi/svg/svg/shield-lock.svg?raw";
import profilesIcon from "@mdi/svg/svg/account.svg?raw";
import scenesIcon from "@mdi/svg/svg/creation.svg?raw";
import settingsIcon from "@mdi/svg/svg/cog.svg?raw";
import type { CentrePage } from "./page";

/** Its icon in the dock, and whether it belongs on the passenger's screen. */
const PAGES = {
  home: { drawing: homeIcon, passenger: true },
  climate: { drawing: climateIcon, passenger: true },
  comfort: { drawing: comfortIcon, passenger: true },
  car: { drawing: carIcon, passenger: false },
  energy: { drawing: energyIcon, passenger: true },
  drive: { drawing: driveIcon, passenger: false },
  media: { drawing: mediaIcon, passenger: true },
  profiles: { drawing: profilesIcon, passenger: false },
  scenes: { drawing: scenesIcon, passenger: false },
  messages: { drawing: messagesIcon, passenger: false },
  privacy: { drawing: privacyIcon, passenger: false },
  settings: { drawing: settingsIcon, passenger: false },
} as const;

export type PageName = keyof typeof PAGES;

const built = import.meta.glob<CentrePage>("./*/page.ts", { import: "default" });

/** The names of the pages that this screen has. */
export function pagesOf(screen: "centre" | "passenger"): readonly PageName[] {
  const all = Object.keys(PAGES) as PageName[];
  return all.filter((name) => `./${name}/page.ts` in built && (screen === "centre" || PAGES[name].passenger));
}

export function drawingOf(name: PageName): string {
  return PAGES[name].drawing;
}

/** Fetches a page. Rejects where its files cannot be had. */
export function fetchPage(name: PageName): Promise<CentrePage> {
  return built[`./${name}/page.ts`]!();
}
