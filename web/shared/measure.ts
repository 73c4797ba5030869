// What a benchmark or a browser test reads from the page: durations of frames, and what has been painted.

import type { Applied, Connection } from "./connection";
import type { Scalar } from "./protocol";

const KEPT = 1200;

export interface Measured {
  /** Milliseconds between the last frames, oldest first (at most `KEPT`). */
  frames: number[];
}

declare global {
  interface Window {
    __alpenglow: Measured;
  }
}

/** Counts a frame; call it in every animation frame with the frame's time. */
export function frameCounter(): (now: number) => void {
  const measured: Measured = { frames: [] };
  window.__alpenglow = measured;
  let before = 0;
  return (now) => {
    if (before > 0) measured.frames.push(now - before);
    // Dropping many at once keeps a frame's own cost flat.
    if (measured.frames.length > 2 * KEPT) measured.frames.splice(0, KEPT);
    before = now;
  };
}

/** After each painted message, puts its number and the given value on `<html data-seq data-speed>`. */
export function markPainted(connection: Connection, value: () => Scalar | null): void {
  const { dataset } = document.documentElement;
  connection.onPainted(({ seq }: Applied) => {
    dataset["seq"] = String(seq);
    dataset["speed"] = String(value() ?? "");
  });
}
