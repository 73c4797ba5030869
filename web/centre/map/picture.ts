// The picture of the map as pages have it: fetched when the first of them shows one, since it is heavy.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Region } from "../../shared/protocol";
import type { Car } from "../car";
import type { Drawn, MapView } from "./view";

const fetched = signal<MapView | null>(null);
const failed = signal(false);
let asked = false;

/** Null while it is fetched. Reactive. */
export const picture: ReadonlySignal<MapView | null> = fetched;

/** What became of it. Reactive. */
export function drawn(): Drawn {
  return failed.value ? "failed" : (fetched.value?.drawn.value ?? "waiting");
}

export function fetchPicture(): void {
  if (asked) return;
  asked = true;
  import("./view").then(
    ({ view }) => {
      failed.value = false;
      fetched.value = view;
    },
    () => {
      asked = false; // it is asked for again when a page shows it anew
      failed.value = true;
    },
  );
}

/** Shows `region` on the page that has just been drawn with the picture's element in it. */
export function showPicture(car: Car, region: Region): void {
  const view = fetched.peek();
  if (view) requestAnimationFrame(() => view.element.isConnected && void view.show(car, region));
}
