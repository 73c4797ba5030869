// One scene, to be made, changed, tried without moving anything, kept or deleted. All of it is set-up.

import { html, nothing, type TemplateResult } from "lit/html.js";
import tryIcon from "@mdi/svg/svg/eye-outline.svg";
import type { Car } from "../car";
import { segments } from "../controls";
import { actions } from "./actions";
import { drawingOf, ICONS } from "./icons";
import { change, drop, type Edit, foresee, keep, leave, show } from "./state";
import { trigger } from "./trigger";

const LASTS_MIN = [0, 10, 20, 30, 60] as const;

export function editor(car: Car, edit: Edit): TemplateResult {
  const { scene } = edit;
  const rename = (event: InputEvent) => change({ name: (event.target as HTMLInputElement).value });
  return html`<form
    class="scene-editor"
    data-editor
    aria-label=${car.t(edit.isKept ? "scenes.edit" : "scenes.new", { name: scene.name })}
    @submit=${(event: Event) => {
      event.preventDefault();
      void keep(car);
    }}
  >
    <section class="card parts">
      <input
        class="field"
        dir="auto"
        data-control="scene_name"
        aria-label=${car.t("scenes.name")}
        placeholder=${car.t("scenes.name")}
        maxlength="60"
        .value=${scene.name}
        @input=${rename}
      />
      <div class="icons" role="group" aria-label=${car.t("scenes.icon")}>
        ${Object.keys(ICONS).map(
          (name, index) =>
            html`<button
              class="button icon-only"
              type="button"
              data-icon=${name}
              aria-label=${`${car.t("scenes.icon")} ${index + 1}`}
              aria-pressed=${scene.icon === name}
              @click=${() => change({ icon: name })}
            >
              ${car.icon(`scene-${name}`, drawingOf(name))}
            </button>`,
        )}
      </div>
      ${trigger(car, scene)} ${ending(car, edit)}
    </section>
    <section class="card sets">
      <header>
        <h2>${car.t(edit.adds ? "scenes.add" : "scenes.actions")}</h2>
        ${edit.adds
          ? html`<button class="button" type="button" data-control="add_done" @click=${() => show({ adds: false })}>
              ${car.t("common.back")}
            </button>`
          : html`<button
              class="button"
              type="button"
              data-control="try"
              ?disabled=${scene.actions.length === 0}
              @click=${() => void foresee(car)}
            >
              ${car.icon("try", tryIcon)}<span>${car.t("scenes.try")}</span>
            </button>`}
      </header>
      ${edit.foreseen && !edit.adds ? summary(car, edit.foreseen) : nothing}
      <div class="inner">${actions(car, edit)}</div>
    </section>
    ${foot(car, edit)}
  </form>`;
}

/** What the dry run says of the scene as a whole. */
function summary(car: Car, { problem, actions }: NonNullable<Edit["foreseen"]>): TemplateResult {
  const count = (state: string) => actions.filter((each) => each.state === state).length;
  const text = problem
    ? (car.words.find(`scenes.why_${problem}`) ?? "")
    : (["changes", "same", "refused", "lacks"] as const)
        .filter((state) => count(state))
        .map((state) => car.t(`scenes.would_${state}`, { count: count(state) }))
        .join(" · ");
  return html`<p class="summary" role="status" data-field="summary" data-problem=${problem}>${text}</p>`;
}

function ending(car: Car, { scene }: Edit): TemplateResult {
  const minutes = Math.round(scene.lasts_s / 60);
  const lasts = LASTS_MIN.includes(minutes as (typeof LASTS_MIN)[number]) ? LASTS_MIN : [...LASTS_MIN, minutes];
  return html`<div class="control choice">
      <h2><span>${car.t("scenes.lasts")}</span></h2>
      ${segments(
        car.t("scenes.lasts"),
        minutes,
        lasts.map((each) => [each, each ? car.t("scenes.minutes", { minutes: each }) : car.t("scenes.until_ended")] as const),
        (each) => change({ lasts_s: each * 60 }),
        "lasts_",
      )}
    </div>
    <button
      class="button toggle restore"
      type="button"
      data-control="restore"
      aria-pressed=${scene.restore}
      @click=${() => change({ restore: !scene.restore })}
    >
      <span class="title">${car.t("scenes.restore")}</span>
      <span class="lamp">${car.t(scene.restore ? "common.yes" : "common.no")}</span>
    </button>`;
}

function foot(car: Car, { scene, isKept, asksToDelete, problem }: Edit): TemplateResult {
  return html`<footer>
    ${isKept
      ? html`<button
          class="button danger"
          type="button"
          data-control=${asksToDelete ? "delete_sure" : "delete"}
          @click=${() => (asksToDelete ? void drop(car) : show({ asksToDelete: true }))}
        >
          ${car.t(asksToDelete ? "scenes.delete_sure" : "common.delete")}
        </button>`
      : nothing}
    <p class="trouble" role="alert" data-field="problem">${problem}</p>
    <button class="button" type="button" data-control="cancel" @click=${leave}>${car.t("common.cancel")}</button>
    <button
      class="button primary"
      type="submit"
      data-control="save"
      ?disabled=${!scene.name.trim() || scene.actions.length === 0}
    >
      ${car.t("common.save")}
    </button>
  </footer>`;
}
