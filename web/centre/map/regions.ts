// The maps that are installed, and the one that is shown.

import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import type { Around, Region } from "../../shared/protocol";
import type { Car } from "../car";
import { MAP } from "./paths";

const AGAIN_MS = 2000;

const answer = signal<Around | null>(null);
const at = signal("");

/** The region that the car is on, else the first; null: none is installed, or nobody has said yet. */
export const region: ReadonlySignal<Region | null> = computed(() => {
  const all = answer.value?.regions ?? [];
  return all.find(({ name }) => name === at.value) ?? all[0] ?? null;
});

/** Whether it is known that there is no map. */
export const hasNone: ReadonlySignal<boolean> = computed(() => answer.value !== null && answer.value.regions.length === 0);

/** Keeps them right while a page shows them; the page follows `MAP`. Returns a function that stops it. */
export function followRegions({ connection, readings }: Car): () => void {
  let turn = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  const ask = (mine: number) => {
    connection.call("navigation.around", {}).then(
      (said) => {
        // The same again is no news: the map would be drawn anew.
        if (mine === turn && JSON.stringify(said.regions) !== JSON.stringify(answer.peek()?.regions)) answer.value = said;
      },
      () => {
        if (mine === turn) again = setTimeout(() => ask(mine), AGAIN_MS); // navigation is still starting
      },
    );
  };
  const on = computed(() => readings.string(MAP)); // the same name said again asks nothing
  const stop = effect(() => {
    const name = on.value;
    const isLive = connection.state.value === "live";
    untracked(() => {
      if (name !== null) at.value = name;
      clearTimeout(again);
      if (isLive) ask(++turn);
    });
  });
  return () => {
    turn++;
    clearTimeout(again);
    stop();
  };
}
