// What the page shows: the tiles, or one scene that is being changed. Nothing is kept before its person says so.

import { signal } from "@preact/signals-core";
import type { Action, DryRun, Scene, ShownScene } from "../../shared/protocol";
import type { Car } from "../car";
import { nameOf, refusalOf } from "./words";

export type Condition = NonNullable<Scene["when"]>;

export interface Edit {
  readonly scene: Scene;
  /** It is kept under this id already. */
  readonly isKept: boolean;
  /** The list of what else could be set is open. */
  readonly adds: boolean;
  readonly asksToDelete: boolean;
  readonly problem: string;
  /** What it would do now, as it was when this was asked; null: not asked. */
  readonly foreseen: DryRun | null;
}

export const edit = signal<Edit | null>(null);
/** Scenes that were touched and have not answered yet. */
export const busy = signal<ReadonlySet<string>>(new Set());

const BLANK: Scene = {
  id: "",
  name: "",
  icon: "creation",
  when: null,
  when_said: "",
  hold_s: 0,
  needs: null,
  actions: [],
  restore: true,
  lasts_s: 0,
  keeps: false,
  says: "",
  said: "",
};

export function begin(car: Car, shown?: ShownScene): void {
  const scene = !shown
    ? BLANK
    : shown.preset
      ? { ...shown.scene, id: "", name: nameOf(car, shown.scene), says: "" }
      : shown.scene;
  edit.value = {
    scene,
    isKept: shown !== undefined && !shown.preset,
    adds: false,
    asksToDelete: false,
    problem: "",
    foreseen: null,
  };
}

/** Changes the scene that is being changed; what was foreseen no longer counts. */
export function change(changes: Partial<Scene>): void {
  const now = edit.peek();
  if (now) edit.value = { ...now, scene: { ...now.scene, ...changes }, problem: "", foreseen: null, asksToDelete: false };
}

export function show(changes: Partial<Edit>): void {
  const now = edit.peek();
  if (now) edit.value = { ...now, ...changes };
}

export function leave(): void {
  edit.value = null;
}

export function setTo(path: string, value: Action["value"]): void {
  const now = edit.peek();
  if (!now) return;
  change({ actions: now.scene.actions.map((a) => (a.path === path ? { path, value, says: "" } : a)) });
}

export function add(path: string, value: Action["value"]): void {
  const now = edit.peek();
  if (!now) return;
  change({ actions: [...now.scene.actions.filter((a) => a.path !== path), { path, value, says: "" }] });
  show({ adds: false });
}

export function remove(path: string): void {
  const now = edit.peek();
  if (now) change({ actions: now.scene.actions.filter((a) => a.path !== path) });
}

export async function keep(car: Car): Promise<void> {
  await attempt(car, async (now) => {
    await car.connection.call("cockpit.keep_scene", { scene: now.scene });
    leave();
  });
}

export async function drop(car: Car): Promise<void> {
  await attempt(car, async (now) => {
    await car.connection.call("cockpit.drop_scene", { scene: now.scene.id });
    leave();
  });
}

export async function foresee(car: Car): Promise<void> {
  await attempt(car, async (now) => {
    const named = { ...now.scene, name: now.scene.name.trim() || "–" };
    const foreseen = await car.connection.call("cockpit.dry_run", { scene: named });
    if (edit.peek()?.scene === now.scene) show({ foreseen, problem: "" });
  });
}

async function attempt(car: Car, work: (now: Edit) => Promise<void>): Promise<void> {
  const now = edit.peek();
  if (!now) return;
  try {
    await work(now);
  } catch (error) {
    show({ problem: car.why(error) });
  }
}

/** Starts a scene, or ends it where it runs; what was refused is told. */
export async function touch(car: Car, { scene, runs }: ShownScene): Promise<void> {
  if (busy.peek().has(scene.id)) return;
  busy.value = new Set(busy.peek()).add(scene.id);
  const told = await car.call(runs ? "cockpit.end_scene" : "cockpit.run_scene", { scene: scene.id });
  const left = new Set(busy.peek());
  left.delete(scene.id);
  busy.value = left;
  if (!told) return;
  const name = nameOf(car, scene);
  const failed = told.deeds.filter(({ state }) => state === "refused" || state === "no_provider" || state === "timed_out");
  if (told.problem) car.say(`${name}: ${car.words.find(`scenes.why_${told.problem}`) ?? ""}`, "error");
  else if (failed[0]) {
    const why = refusalOf(car, failed[0].rule, failed[0].says);
    car.say(`${name}: ${car.t("scenes.not_done", { count: failed.length, why })}`, "warning");
  } else if (runs || !scene.says) car.say(car.t(runs ? "scenes.has_ended" : "scenes.has_begun", { name }));
}
