// What is on its way: where a moving part was asked to go, until it is there.
//
// What always holds: the target is only ever shown beside the car's own position, and goes when it is reached, refused,
// left alone for a while, or when the part moves elsewhere because somebody else asked for that.

import { effect, signal } from "@preact/signals-core";
import type { Car } from "../car";

/** Steps of the position in which a part counts as arrived. */
const ARRIVED = 1;
/** How far it may come from where it was nearest before it counts as going elsewhere. */
const ELSEWHERE = 3;
/** How long a part may stand still on its way. */
const STUCK_MS = 3000;

const targets = signal<Readonly<Record<string, number>>>({});
const ends = new Map<string, () => void>();

/** Where the part at `path` is asked to go; null: nowhere. Reactive. */
export function targetOf(path: string): number | null {
  return targets.value[path] ?? null;
}

/** Asks the part at `path` to go to `target`. */
export function move(car: Car, path: string, target: number, settle = false): void {
  ends.get(path)?.();
  targets.value = { ...targets.peek(), [path]: target };
  car.actuation.request(path, target, settle);
  let nearest = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    stop();
    ends.delete(path);
    const { [path]: _, ...others } = targets.peek();
    targets.value = others;
  };
  const stop = effect(() => {
    const at = car.readings.number(path);
    const { pending, tone } = car.actuation.of(path);
    const away = at === null ? nearest : Math.abs(at - target);
    nearest = Math.min(nearest, away);
    clearTimeout(timer);
    const over = away <= ARRIVED || (pending === null && (tone !== "ok" || away > nearest + ELSEWHERE));
    timer = setTimeout(end, over ? 0 : STUCK_MS);
  });
  ends.set(path, end);
}

/** Stops the part where it is. */
export function stop(car: Car, path: string): void {
  const at = car.readings.number(path);
  ends.get(path)?.();
  if (at !== null) car.actuation.request(path, at);
}
