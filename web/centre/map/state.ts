// What people do on the map page: look for a place, look at it, plan the way there, be guided.

import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import type {
  Area,
  Explanation,
  Guidance,
  KnownJam,
  NavigationKept,
  NavigationPlace,
  NavigationTrip,
  Options,
  Position,
} from "../../shared/protocol";
import type { Car } from "../car";
import { REVISION, STATE, TRAFFIC } from "./paths";
import { followRegions, region } from "./regions";

/** What stands beside the map. */
export type Panel = "search" | "place" | "plan" | "guiding";

const TYPED_MS = 90;
const RESULTS = 12;
const CHARGERS = 30;
export const ALTERNATIVES = 2;

export const USUAL: Options = {
  preference: "fastest",
  avoid: { tolls: false, ferries: false, unpaved: false },
  reserve: 10,
  least: 5,
  networks: [],
  plugs: [],
  alternatives: ALTERNATIVES,
};

export const text = signal("");
/** How often and how soon a search is asked again that nobody answered. */
const SEARCH_TIMES = 5;
const SEARCH_AGAIN_MS = 1000;
/** What was found; null: nothing is looked for. */
export const results = signal<readonly NavigationPlace[] | null>(null);
export const chosen = signal<NavigationPlace | null>(null);
export const options = signal<Options>(USUAL);
export const optionsOpen = signal(false);
export const planning = signal(false);
/** The plan and its alternatives, the first the best. */
export const trips = signal<readonly NavigationTrip[]>([]);
export const pickedId = signal("");
/** Why nothing could be planned, for people. */
export const problem = signal("");
export const guidance = signal<Guidance | null>(null);
export const kept = signal<readonly NavigationPlace[]>([]);
export const chargers = signal<readonly NavigationPlace[]>([]);
export const area = signal<Area | null>(null);
export const jams = signal<readonly KnownJam[]>([]);
export const areaWanted = signal(false);
export const explanation = signal<Explanation | null>(null);
export const listOpen = signal(false);
/** While guiding: somebody looks for a place on the way. */
export const aside = signal(false);
const state = signal("");

export const isGuiding: ReadonlySignal<boolean> = computed(
  () => state.value !== "" && state.value !== "IDLE" && guidance.value?.active !== false,
);
export const picked: ReadonlySignal<NavigationTrip | null> = computed(
  () => trips.value.find(({ id }) => id === pickedId.value) ?? trips.value[0] ?? null,
);
export const panel: ReadonlySignal<Panel> = computed(() => {
  if (isGuiding.value && !aside.value) return "guiding";
  if (trips.value.length || planning.value || problem.value) return "plan";
  return chosen.value ? "place" : "search";
});
/** The trip whose way is on the map. */
export const shown: ReadonlySignal<NavigationTrip | null> = computed(() =>
  panel.value === "plan" ? picked.value : isGuiding.value ? (guidance.value?.trip ?? null) : null,
);

let turn = 0;
let typed: ReturnType<typeof setTimeout> | undefined;

/** Looks for what somebody writes, as they write. */
export function type(car: Car, written: string): void {
  text.value = written;
  clearTimeout(typed);
  typed = setTimeout(() => void look(car, written), TYPED_MS);
}

/** Looks for a text or a category's word at once. */
export async function look(car: Car, what: string): Promise<void> {
  clearTimeout(typed);
  const mine = ++turn;
  text.value = what;
  if (!what.trim()) {
    results.value = null;
    return;
  }
  const along = isGuiding.peek();
  for (let left = SEARCH_TIMES; left > 0 && mine === turn; left--) {
    const found = await car.call("navigation.search", { text: what, along, limit: RESULTS });
    if (mine !== turn) return;
    if (found) {
      results.value = found;
      return;
    }
    await new Promise((next) => setTimeout(next, SEARCH_AGAIN_MS)); // an answer that did not come is not "nothing found"
  }
}

export function clearSearch(): void {
  turn++;
  clearTimeout(typed);
  batch(() => {
    text.value = "";
    results.value = null;
    chosen.value = null;
  });
}

/** Looks at a place; null: at none. */
export function choose(place: NavigationPlace | null): void {
  clearPlan();
  chosen.value = place;
  if (isGuiding.peek()) aside.value = true;
}

export function clearPlan(): void {
  turn++;
  batch(() => {
    trips.value = [];
    planning.value = false;
    problem.value = "";
    pickedId.value = "";
  });
}

/** Plans the way to the chosen place with the options as they are; while guiding, to the destination by way of it. */
export async function plan(car: Car): Promise<void> {
  const place = chosen.peek();
  if (!place) return;
  clearPlan();
  const mine = ++turn;
  planning.value = true;
  const under = isGuiding.peek() ? guidance.peek()?.trip : null;
  const args = under
    ? { destination: wayTo(under.destination), via: [...under.via, place.position], options: options.peek() }
    : { destination: wayTo(place), options: options.peek() };
  try {
    const trip = await car.connection.call("navigation.plan_trip", args);
    if (mine !== turn) return;
    batch(() => {
      planning.value = false;
      trips.value = [trip, ...trip.alternatives];
      pickedId.value = trip.id;
    });
  } catch (error) {
    if (mine !== turn) return;
    batch(() => {
      planning.value = false;
      problem.value = car.why(error);
    });
  }
}

/** What a trip's destination is called: a point that somebody touched has no name of its own. */
export function nameOf({ destination }: NavigationTrip): string {
  return destination.name || chosen.value?.name || "";
}

/** A place of the map by its id; a point that somebody touched by where it is. */
function wayTo({ id, position }: NavigationPlace): Position | string {
  return id || position;
}

/** Changes how somebody wants to travel, and plans anew where a plan is shown. */
export function change(car: Car, part: Partial<Options>): void {
  options.value = { ...options.peek(), ...part };
  if (panel.peek() === "plan") void plan(car);
}

export async function start(car: Car): Promise<void> {
  const trip = picked.peek();
  if (!trip) return;
  const begun = await car.call("navigation.start_guidance", { trip: trip.id });
  if (!begun) return;
  batch(() => {
    guidance.value = begun;
    aside.value = false;
    clearSearch();
    clearPlan();
  });
}

export async function stop(car: Car): Promise<void> {
  if ((await car.call("navigation.stop_guidance", {})) === undefined) return;
  batch(() => {
    guidance.value = null;
    explanation.value = null;
    listOpen.value = false;
    aside.value = false;
  });
}

export async function keep(car: Car, place: NavigationPlace, kind: NavigationKept): Promise<void> {
  if ((await car.call("navigation.keep_place", { place, kind })) === undefined) return;
  car.say(car.t("map.kept", { place: place.name }));
}

export async function forget(car: Car, place: NavigationPlace): Promise<void> {
  await car.call("navigation.forget_place", { place: place.id });
}

/** Shows how far the battery goes, or no longer. */
export async function reach(car: Car, wanted: boolean): Promise<void> {
  areaWanted.value = wanted;
  area.value = null;
  if (!wanted) return;
  const found = await car.call("navigation.reachable_area", { charge_left: options.peek().reserve });
  if (!found) areaWanted.value = false;
  else if (areaWanted.peek()) area.value = found;
}

export async function explain(car: Car): Promise<void> {
  if (explanation.peek()) explanation.value = null;
  else explanation.value = (await car.call("navigation.explain_plan", {})) ?? null;
}

/** Keeps all of this up to date while the page is open; returns a function that stops it. */
export function follow(car: Car): () => void {
  const { connection, readings } = car;
  const stops = [followRegions(car)];
  // A value that is said again is no news: only another one asks again.
  const revision = computed(() => readings.number(REVISION));
  const traffic = computed(() => readings.number(TRAFFIC));
  const person = computed(() => car.profile.value.id);
  stops.push(
    effect(() => {
      state.value = readings.string(STATE) ?? "";
    }),
    effect(() => {
      void revision.value;
      void person.value;
      if (!region.value || connection.state.value !== "live") return;
      untracked(() => {
        // Who was told nothing hears it with the next revision or connection.
        connection.call("navigation.guidance", {}).then(
          (said) => (guidance.value = said),
          () => {},
        );
        connection.call("navigation.kept_places", {}).then(
          (said) => (kept.value = said),
          () => (kept.value = []),
        );
      });
    }),
    effect(() => {
      if (!region.value || connection.state.value !== "live") return;
      if (!traffic.value) jams.value = [];
      else connection.call("navigation.traffic", {}).then((said) => (jams.value = said), () => {});
    }),
    effect(() => {
      if (!region.value || connection.state.value !== "live") return;
      connection.call("navigation.nearest_chargers", { limit: CHARGERS }).then(
        (said) => (chargers.value = said),
        () => {}, // a map without chargers, or a car without a position: none are shown
      );
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
