// The simulated car as the desk sees it: its controls, surroundings and faults, and how they are changed.
//
// Rules that always hold:
// - what the desk shows is what the car last said, except for a change made a moment ago;
// - changes go out at most 30 times a second, merged, and never more than two are under way;
// - feet off is sent at once.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Connection, ServiceError } from "../shared/connection";
import type { ControlChanges, Controls, Services, SimulationState, World, WorldChanges } from "../shared/protocol";

/** What a foot or hand moves by degrees. */
export type Analogue = Pick<Controls, "accelerator" | "brake" | "steering">;
/** What is on or off, open or shut. */
export type Switch = { [K in keyof Controls]: Controls[K] extends boolean ? K : never }[keyof Controls];

const SEND_MS = 1000 / 30;
const KEEP_ALIVE_MS = 200;
const ASK_MS = 200;
/** After a change the car needs a step or two before its answer tells. */
const ASK_SOON_MS = 60;
/** How long a change of ours is shown against what the car says. */
const TRUST_MS = 350;
const UNDER_WAY = 2;

type Change<T> = { readonly value: T[keyof T]; readonly until: number };

export class Simulation {
  readonly #connection: Connection;
  readonly #state = signal<SimulationState | null>(null);
  readonly #problem = signal("");
  readonly #held: { controls: Map<keyof Controls, Change<Controls>>; world: Map<keyof World, Change<World>> } = {
    controls: new Map(),
    world: new Map(),
  };
  #said: SimulationState | null = null;
  #waiting: ControlChanges = {};
  #waitingWorld: WorldChanges = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sent = 0;
  #underWay = 0;
  #pressed: Analogue = { accelerator: 0, brake: 0, steering: 0 };
  #asking = false;
  #askTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    setInterval(() => void this.#ask(), ASK_MS);
    setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS);
  }

  /** Null until the car has answered, and where there is no simulated car. */
  get state(): ReadonlySignal<SimulationState | null> {
    return this.#state;
  }

  /** Why the car cannot be operated, "" where it can. */
  get problem(): ReadonlySignal<string> {
    return this.#problem;
  }

  /** Operates controls; merged with what is waiting. */
  set(changes: ControlChanges): void {
    if (!this.#said) return; // no car to operate
    Object.assign(this.#waiting, changes);
    for (const name of ["accelerator", "brake", "steering"] as const) {
      const value = changes[name];
      if (value !== undefined) this.#pressed = { ...this.#pressed, [name]: value };
    }
    hold(this.#held.controls, changes);
    this.#show();
    this.#schedule();
  }

  setWorld(changes: WorldChanges): void {
    if (!this.#said) return;
    Object.assign(this.#waitingWorld, changes);
    hold(this.#held.world, changes);
    this.#show();
    this.#schedule();
  }

  /** Takes the feet and hands away, now. */
  letGo(): void {
    this.set({ accelerator: 0, brake: 0, steering: 0 });
    this.#flush(true);
  }

  async setFault(fault: string, active: boolean): Promise<void> {
    await this.#call("vehicle.inject_fault", { fault, active });
    await this.#ask();
  }

  async clearFaults(): Promise<void> {
    const faults = this.#state.peek()?.faults ?? [];
    await Promise.all(
      faults.filter((f) => f.active).map((f) => this.#call("vehicle.inject_fault", { fault: f.id, active: false })),
    );
    await this.#ask();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#sent + SEND_MS - performance.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(now = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#underWay >= UNDER_WAY && !now) {
      this.#timer = setTimeout(() => this.#flush(), SEND_MS);
      return;
    }
    const controls = this.#waiting;
    const world = this.#waitingWorld;
    this.#waiting = {};
    this.#waitingWorld = {};
    this.#sent = performance.now();
    if (Object.keys(controls).length > 0) void this.#call("vehicle.set_controls", { changes: controls });
    if (Object.keys(world).length > 0) void this.#call("vehicle.set_world", { changes: world });
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => void this.#ask(), ASK_SOON_MS);
  }

  /** The car lets go of the pedals where it hears nothing for a second. */
  #keepAlive(): void {
    const { accelerator, brake } = this.#pressed;
    if (accelerator === 0 && brake === 0) return;
    if (performance.now() - this.#sent < KEEP_ALIVE_MS * 0.9) return;
    Object.assign(this.#waiting, { ...this.#pressed, ...this.#waiting });
    this.#flush();
  }

  async #call<S extends keyof Services>(service: S, args: Services[S]["args"]): Promise<void> {
    this.#underWay++;
    try {
      await this.#connection.call(service, args);
      this.#problem.value = "";
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#underWay--;
    }
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#said = await this.#connection.call("vehicle.simulation", {});
      this.#problem.value = "";
      this.#show();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#asking = false;
    }
  }

  #failed(error: unknown): void {
    this.#problem.value = error instanceof ServiceError ? error.message : String(error);
    if (error instanceof ServiceError && error.kind === "NoProvider") {
      this.#said = null;
      this.#state.value = null;
    }
  }

  #show(): void {
    const said = this.#said;
    if (!said) return;
    this.#state.value = {
      ...said,
      controls: { ...said.controls, ...fresh(this.#held.controls) },
      world: { ...said.world, ...fresh(this.#held.world) },
    };
  }
}

function hold<T extends object>(held: Map<keyof T, Change<T>>, changes: Partial<T>): void {
  const until = performance.now() + TRUST_MS;
  for (const name of Object.keys(changes) as (keyof T)[]) held.set(name, { value: changes[name] as T[keyof T], until });
}

function fresh<T extends object>(held: Map<keyof T, Change<T>>): Partial<T> {
  const now = performance.now();
  const changes: Partial<T> = {};
  for (const [name, { value, until }] of held) {
    if (until > now) changes[name] = value;
    else held.delete(name);
  }
  return changes;
}
