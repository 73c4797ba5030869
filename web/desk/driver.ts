// The driver's feet and hands: where they want the pedals and the wheel, and how fast these follow.
//
// A pedal moves towards its target as a foot moves it: 0.4 s to the floor, 0.2 s off it. The wheel follows a dragging
// hand at once, a key at a turning rate, and centres itself when let go. While the hands are at a screen the foot keeps
// the speed, as that of a driver who touches or speaks would.

import { type ReadonlySignal, signal } from "@preact/signals-core";

const PRESS_PER_S = 1 / 0.4;
const RELEASE_PER_S = 1 / 0.2;
const STEER_PER_S = 1.6;
const CENTRE_PER_S = 3.2;
/** A key steers less the faster the car goes; at 100 km/h a quarter of the lock would already be a spin. */
const KEY_LOCK_AT_100_KMH = 0.12;
/** With Shift a key presses only this far. */
const GENTLE = 0.35;
const STEP_LIMIT_S = 0.05;
/** About as deep as a steady speed wants it. */
const STEADY = 0.35;
/** Slower than this there is no speed to keep. */
const KEEP_FROM_KMH = 5;
/** So far below it the car cannot keep it: out of gear, or braked. */
const GIVE_UP_KMH = 10;
/** The foot that keeps a speed: depth per km/h that is missing, and per second of that. */
const KEEP_PER_KMH = 0.03;
const KEEP_PER_KMH_S = 0.015;

export type PedalName = "accelerator" | "brake";

export interface Position {
  readonly accelerator: number;
  readonly brake: number;
  readonly steering: number;
}

export class Driver {
  #position: Position = { accelerator: 0, brake: 0, steering: 0 };
  readonly #keys = { accelerator: false, brake: false, left: false, right: false };
  readonly #fingers: Record<PedalName, number | null> = { accelerator: null, brake: null };
  #hand: number | null = null;
  #gentle = false;
  #last = 0;
  #running = false;
  readonly #kept = signal<number | null>(null);
  #keptDepth = 0;
  readonly #moved: (position: Position) => void;
  readonly #speed_kmh: () => number;

  /** `moved` is told each new position; `speed_kmh` tells how fast the car goes (0 where unknown). */
  constructor(moved: (position: Position) => void, speed_kmh: () => number) {
    this.#moved = moved;
    this.#speed_kmh = speed_kmh;
  }

  get position(): Position {
    return this.#position;
  }

  /** The speed that the foot keeps by itself, in km/h; null: none. */
  get kept(): ReadonlySignal<number | null> {
    return this.#kept;
  }

  /** Lets go of everything but the speed, which is kept until a pedal is worked; a foot that brakes lets go of it too.
   *
   * Returns false where there is no speed to keep.
   */
  keepSpeed(): boolean {
    const speed_kmh = this.#speed_kmh();
    const { accelerator, brake } = this.#position;
    if (speed_kmh < KEEP_FROM_KMH || brake > 0) return false;
    this.#lift();
    this.#kept.value ??= speed_kmh;
    this.#keptDepth = Math.min(accelerator, STEADY);
    this.#run();
    return true;
  }

  /** A finger on a pedal wants it `depth` deep (0..1); null: it is lifted. */
  finger(pedal: PedalName, depth: number | null): void {
    this.#fingers[pedal] = depth === null ? null : clamp(depth, 0, 1);
    if (depth !== null) this.#kept.value = null;
    this.#run();
  }

  key(name: "accelerator" | "brake" | "left" | "right", down: boolean): void {
    this.#keys[name] = down;
    if (down && (name === "accelerator" || name === "brake")) this.#kept.value = null;
    this.#run();
  }

  gentle(down: boolean): void {
    this.#gentle = down;
    this.#run();
  }

  /** A hand on the wheel turns it to `steering` (-1..1); null: it lets go. */
  hand(steering: number | null): void {
    this.#hand = steering === null ? null : clamp(steering, -1, 1);
    this.#run();
  }

  /** Everything off at once; nothing is reported, since the caller tells the car itself. */
  letGo(): void {
    this.#lift();
    this.#kept.value = null;
    this.#position = { accelerator: 0, brake: 0, steering: 0 };
  }

  #lift(): void {
    this.#keys.accelerator = this.#keys.brake = this.#keys.left = this.#keys.right = this.#gentle = false;
    this.#fingers.accelerator = this.#fingers.brake = this.#hand = null;
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#last = performance.now();
    requestAnimationFrame((now) => this.#frame(now));
  }

  #frame(now: number): void {
    const dt_s = clamp((now - this.#last) / 1000, 0, STEP_LIMIT_S);
    this.#last = now;
    const before = this.#position;
    const after: Position = {
      accelerator: towards(before.accelerator, this.#foot(dt_s), dt_s, PRESS_PER_S, RELEASE_PER_S),
      brake: towards(before.brake, this.#target("brake"), dt_s, PRESS_PER_S, RELEASE_PER_S),
      steering: this.#steer(before.steering, dt_s),
    };
    this.#position = after;
    const moving =
      after.accelerator !== before.accelerator ||
      after.brake !== before.brake ||
      after.steering !== before.steering;
    if (moving) this.#moved(after);
    if (moving || dt_s === 0 || this.#kept.value !== null) requestAnimationFrame((next) => this.#frame(next));
    else this.#running = false;
  }

  /** How deep the right foot wants the accelerator. */
  #foot(dt_s: number): number {
    const kept = this.#kept.value;
    if (kept === null) return this.#target("accelerator");
    const missing_kmh = kept - this.#speed_kmh();
    if (missing_kmh > GIVE_UP_KMH) {
      this.#kept.value = null;
      return 0;
    }
    this.#keptDepth = clamp(this.#keptDepth + missing_kmh * KEEP_PER_KMH_S * dt_s, 0, 1);
    return clamp(this.#keptDepth + missing_kmh * KEEP_PER_KMH, 0, 1);
  }

  #target(pedal: PedalName): number {
    const finger = this.#fingers[pedal];
    if (finger !== null) return finger;
    if (!this.#keys[pedal]) return 0;
    return this.#gentle ? GENTLE : 1;
  }

  #steer(from: number, dt_s: number): number {
    if (this.#hand !== null) return this.#hand;
    const way = Number(this.#keys.right) - Number(this.#keys.left);
    if (way === 0) return towards(from, 0, dt_s, CENTRE_PER_S, CENTRE_PER_S);
    const lock = clamp(1 - (1 - KEY_LOCK_AT_100_KMH) * (this.#speed_kmh() / 100), KEY_LOCK_AT_100_KMH, 1);
    return towards(from, way * lock, dt_s, STEER_PER_S, CENTRE_PER_S);
  }
}

/** `from` moved towards `to`: away from zero at `out_per_s`, back at `back_per_s`. */
export function towards(from: number, to: number, dt_s: number, out_per_s: number, back_per_s: number): number {
  const away = Math.abs(to) > Math.abs(from) && Math.sign(to) !== -Math.sign(from);
  const step = (away ? out_per_s : back_per_s) * dt_s;
  return Math.abs(to - from) <= step ? to : from + Math.sign(to - from) * step;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
