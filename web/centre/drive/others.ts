// The road users around, as the radar says them twenty times a second and as they are drawn sixty times a second.
//
// Rules that always hold:
// - between two scans an object goes on at its measured speed, and for no longer than `TRUST_S`;
// - what the last scan does not name fades within `FADE_S`; what is stale is gone at once (`clear`).

/** Numbers of one object in Vehicle.Alpenglow.Perception.Objects: id, ahead, left, speed, kind. */
const FIELDS = 5;
/** How long a scan may be drawn on: the age limit of the signal, after which it is stale anyhow. */
const TRUST_S = 0.5;
const FADE_S = 0.15;
/** A drawn place comes so near to the measured one within this time, instead of jumping there. */
const SETTLE_S = 0.08;
/** Two tracks as near as this are one thing: radars see a long car twice. */
const SAME_AHEAD_M = 2.5;
const SAME_LEFT_M = 1;

export interface Other {
  id: number;
  kind: number;
  ahead: number;
  left: number;
  /** m/s against ours */
  speed: number;
  /** 0 gone … 1 there */
  presence: number;
}

interface Followed extends Other {
  measured_ahead: number;
  measured_left: number;
  said_s: number;
  isNamed: boolean;
}

export class Others {
  readonly #followed = new Map<number, Followed>();
  /** The one ahead in our lane; null: none. */
  #lead: number | null = null;
  #drawn: Followed[] = [];

  /** How many the last scan named, what is one thing counted once. */
  count = 0;

  /** Takes a scan that arrived at `now_s`; false where it is none. */
  take(scan: readonly unknown[], lead: number | null, now_s: number): boolean {
    if (scan.length % FIELDS !== 0 || !scan.every((each) => typeof each === "number" && Number.isFinite(each))) {
      this.clear();
      return false;
    }
    const numbers = scan as readonly number[];
    const named = new Set<number>();
    for (let at = 0; at < numbers.length; at += FIELDS) named.add(numbers[at]!);
    for (const each of this.#followed.values()) each.isNamed = false;
    const taken: Followed[] = [];
    this.#lead = null;
    for (let at = 0; at < numbers.length; at += FIELDS) {
      const [id, ahead, left, speed, kind] = numbers.slice(at, at + FIELDS) as [number, number, number, number, number];
      const isSame = (each: Followed) =>
        Math.abs(each.measured_ahead - ahead) < SAME_AHEAD_M && Math.abs(each.measured_left - left) < SAME_LEFT_M;
      const twin = taken.find(isSame);
      if (id === lead) this.#lead = twin?.id ?? id;
      if (twin) continue;
      const said = { id, kind, speed, measured_ahead: ahead, measured_left: left, said_s: now_s, isNamed: true };
      const known = this.#followed.get(id) ?? this.#handed(named, isSame);
      const other: Followed = Object.assign(known ?? { ahead, left, presence: 0 }, said);
      this.#followed.set(id, other);
      taken.push(other);
    }
    this.count = taken.length;
    return true;
  }

  /** One that the radar now follows under another id: it is drawn on as the one that it is. */
  #handed(named: ReadonlySet<number>, isSame: (each: Followed) => boolean): Followed | undefined {
    const found = [...this.#followed.values()].find((each) => !named.has(each.id) && isSame(each));
    if (found) this.#followed.delete(found.id);
    return found;
  }

  /** Nothing is known of anybody. */
  clear(): void {
    this.#followed.clear();
    this.#lead = null;
    this.#drawn = [];
    this.count = 0;
  }

  /** Moves everybody on to `now_s`; returns them, the farthest first. */
  step(now_s: number, dt_s: number): readonly Other[] {
    const settled = 1 - Math.exp(-dt_s / SETTLE_S);
    for (const each of this.#followed.values()) {
      const since_s = now_s - each.said_s;
      const isLive = each.isNamed && since_s < TRUST_S;
      each.presence = Math.min(1, Math.max(0, each.presence + (isLive ? dt_s : -dt_s) / FADE_S));
      if (!isLive && each.presence === 0) {
        this.#followed.delete(each.id);
        continue;
      }
      const forward = each.speed * Math.min(since_s, TRUST_S);
      if (isLive) each.ahead += each.speed * dt_s;
      each.ahead += (each.measured_ahead + forward - each.ahead) * settled;
      each.left += (each.measured_left - each.left) * settled;
    }
    this.#drawn = [...this.#followed.values()].sort((a, b) => b.ahead - a.ahead);
    return this.#drawn;
  }

  get lead(): Other | null {
    return this.#lead === null ? null : (this.#followed.get(this.#lead) ?? null);
  }

  /** Whether anything is drawn that moves by itself. */
  get isEmpty(): boolean {
    return this.#followed.size === 0;
  }
}
