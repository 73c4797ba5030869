// The scenes as tiles: one touch starts a scene or ends it.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import editIcon from "@mdi/svg/svg/pencil.svg";
import newIcon from "@mdi/svg/svg/plus.svg";
import stopIcon from "@mdi/svg/svg/stop.svg";
import type { ShownScene } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Car } from "../car";
import { drawingOf } from "./icons";
import { begin, busy, touch } from "./state";
import { nameOf, whenName } from "./words";

export function tiles(car: Car): TemplateResult {
  const scenes = car.kept("Scenes", "cockpit.scenes", {}).value;
  if (!scenes) return html`<p class="waiting" role="status">${car.t("common.loading")}</p>`;
  const isPerson = car.profile.value.kind === "PERSON";
  return html`<ul class="scene-tiles" role="list" data-long aria-label=${car.t("common.scenes")}>
    ${repeat(
      [...scenes].sort((a, b) => Number(a.preset) - Number(b.preset)),
      ({ scene }) => scene.id,
      (shown) => tile(car, shown, isPerson),
    )}
    ${isPerson ? newTile(car) : nothing}
  </ul>`;
}

function tile(car: Car, shown: ShownScene, isPerson: boolean): TemplateResult {
  const { scene, runs, preset, lacks } = shown;
  const name = nameOf(car, scene);
  const isAbsent = lacks.length === scene.actions.length;
  const isClosed = car.restricted(Restriction.NO_SETUP);
  return html`<li class="scene-tile card" data-scene=${scene.id} data-runs=${runs} data-problem=${shown.problem}>
    <button
      class="start"
      type="button"
      data-control=${runs ? "end" : "run"}
      aria-pressed=${runs}
      aria-label=${car.t(runs ? "scenes.end" : "scenes.run", { name })}
      ?disabled=${isAbsent || busy.value.has(scene.id)}
      @click=${() => void touch(car, shown)}
    >
      <span class="face">${car.icon(`scene-${scene.icon}`, drawingOf(scene.icon))}</span>
      <span class="name" dir="auto">${name}</span>
      <span class="about" data-field="about">${about(car, shown, isAbsent)}</span>
      ${runs ? html`<span class="stop">${car.icon("stop", stopIcon)}</span>` : nothing}
    </button>
    ${isPerson
      ? html`<button
          class="button quiet icon-only edit"
          type="button"
          data-control="edit"
          aria-label=${car.t(preset ? "scenes.copy" : "scenes.edit", { name })}
          ?disabled=${isClosed}
          @click=${() => begin(car, shown)}
        >
          ${car.icon("edit", editIcon)}
        </button>`
      : nothing}
  </li>`;
}

function about(car: Car, shown: ShownScene, isAbsent: boolean): string {
  const { scene, runs, ends, lacks, problem, against } = shown;
  if (runs && ends) return car.t("scenes.until", { time: car.units.time(Date.parse(ends)) });
  if (runs) return car.t("scenes.running");
  if (isAbsent) return car.t("scenes.why_lacks");
  if (problem === "loop" && against.length === 0) return car.t("scenes.loop_alone");
  if (problem === "loop") return car.t("scenes.loop", { names: against.join(", ") });
  if (problem === "fight") return car.t("scenes.fight", { names: against.join(", ") });
  if (lacks.length) return car.t("scenes.without", { count: lacks.length });
  const needs = scene.needs && car.words.find(`scenes.needs_${scene.id.replaceAll("-", "_")}`);
  return whenName(car, scene) || needs || car.t("scenes.settings", { count: scene.actions.length });
}

function newTile(car: Car): TemplateResult {
  return html`<li class="scene-tile new">
    <button
      class="start"
      type="button"
      data-control="new_scene"
      ?disabled=${car.restricted(Restriction.NO_SETUP)}
      @click=${() => begin(car)}
    >
      <span class="face">${car.icon("add", newIcon)}</span>
      <span class="name">${car.t("scenes.new")}</span>
      <span class="about">${car.restricted(Restriction.NO_SETUP) ? car.t("common.setup_when_parked") : nothing}</span>
    </button>
  </li>`;
}
