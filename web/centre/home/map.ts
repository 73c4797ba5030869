// Whether home has a map: where the car is on an installed one. Its card is fetched after everything else of the page.

import { computed, effect, signal, untracked } from "@preact/signals-core";
import { nothing, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { MAP, NAVIGATION, VIEW_PATHS } from "../map/paths";

export const MAP_PATHS: readonly string[] = [...VIEW_PATHS, `${NAVIGATION}.Maneuver`];

const LATER_MS = 300;

const fetched = signal<typeof import("../map/card") | null>(null);

export function mapCard(car: Car): TemplateResult | typeof nothing {
  return fetched.value?.mapCard(car) ?? nothing;
}

/** Keeps the card right while the page is open; returns a function that stops it. */
export function followMap(car: Car): () => void {
  const isOnMap = computed(() => Boolean(car.readings.string(MAP)));
  return effect(() => {
    if (fetched.value) return untracked(() => fetched.value!.followCard(car));
    if (!isOnMap.value) return undefined;
    const later = setTimeout(() => requestIdleCallback(fetchCard), LATER_MS);
    return () => clearTimeout(later);
  });
}

function fetchCard(): void {
  import("../map/card").then(
    (card) => (fetched.value = card),
    () => {}, // home does without; it is fetched when home is opened again
  );
}
