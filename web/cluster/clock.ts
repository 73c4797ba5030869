// The time of day, to the second.

import { type ReadonlySignal, signal } from "@preact/signals-core";

const now = signal(timeOfDay());
setInterval(() => (now.value = timeOfDay()), 1000);

function timeOfDay(): string {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export const clock: ReadonlySignal<string> = now;
