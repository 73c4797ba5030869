// The driver's feet and hands: where they want the pedals and the wheel, and how fast these follow.
//
// A pedal moves towards its target as a foot moves it: 0.4 s to the floor, 0.2 s off it. The wheel follows a dragging
// hand at once, a key at a turning rate, and centres itself when let go.

const PRESS_PER_S = 1 / 0.4;
const RELEASE_PER_S = 1 / 0.2;
const STEER_PER_S = 1.6;
const CENTRE_PER_S = 3.2;
/** A key steers less the faster the car goes; at 100 km/h a quarter of the lock would already be a spin. */
const KEY_LOCK_AT_100_KMH = 0.12;
/** With Shift a key presses only this far. */
const GENTLE = 0.35;
const STEP_LIMIT_S = 0.05;

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

  /** A finger on a pedal wants it `depth` deep (0..1); null: it is lifted. */
  finger(pedal: PedalName, depth: number | null): void {
    this.#fingers[pedal] = depth === null ? null : clamp(depth, 0, 1);
    this.#run();
  }

  key(name: "accelerator" | "brake" | "left" | "right", down: boolean): void {
    this.#keys[name] = down;
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
    this.#keys.accelerator = this.#keys.brake = this.#keys.left = this.#keys.right = this.#gentle = false;
    this.#fingers.accelerator = this.#fingers.brake = this.#hand = null;
    this.#position = { accelerator: 0, brake: 0, steering: 0 };
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
      accelerator: towards(before.accelerator, this.#target("accelerator"), dt_s, PRESS_PER_S, RELEASE_PER_S),
      brake: towards(before.brake, this.#target("brake"), dt_s, PRESS_PER_S, RELEASE_PER_S),
      steering: this.#steer(before.steering, dt_s),
    };
    this.#position = after;
    const moving =
      after.accelerator !== before.accelerator ||
      after.brake !== before.brake ||
      after.steering !== before.steering;
    if (moving) this.#moved(after);
    if (moving || dt_s === 0) requestAnimationFrame((next) => this.#frame(next));
    else this.#running = false;
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
