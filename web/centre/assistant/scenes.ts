// Scenes: a draft to look at, change and keep; and those that are kept.

import { html, nothing, type TemplateResult } from "lit/html.js";
import closeIcon from "@mdi/svg/svg/close.svg";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg";
import lockIcon from "@mdi/svg/svg/lock-outline.svg";
import runIcon from "@mdi/svg/svg/play.svg";
import { icon } from "../../shared/icon";
import type { Action, ShownScene, Timer } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Assistant, Draft } from "./assistant";
import { inShort } from "./words";

export function draftCard(assistant: Assistant, draft: Draft): TemplateResult {
  const { t } = assistant;
  const { scene, state, problem } = draft;
  if (state === "kept")
    return html`<p class="settled" data-draft="kept">${icon(doneIcon)}<span>${t("assistant.kept", { name: scene.name })}</span></p>`;
  if (state === "discarded") return html`<p class="settled" data-draft="discarded">${t("assistant.discarded", { name: scene.name })}</p>`;
  const isFixed = state === "saving" || assistant.restricts(Restriction.NO_SETUP);
  const isShort = assistant.restricts(Restriction.LIMIT_CONTENT);
  const rename = (event: InputEvent) => assistant.change(draft, { name: (event.target as HTMLInputElement).value });
  const remove = (action: Action) => () =>
    assistant.change(draft, { actions: scene.actions.filter((each) => each !== action) });
  return html`<form
    class="draft"
    data-draft=${state}
    aria-label=${t("assistant.draft")}
    @submit=${(event: Event) => {
      event.preventDefault();
      void assistant.keep(draft);
    }}
  >
    <input
      class="field"
      data-control="scene_name"
      aria-label=${t("assistant.scene_name")}
      .value=${scene.name}
      maxlength="60"
      ?disabled=${isFixed}
      @input=${rename}
    />
    <p class="when">
      ${capital(scene.when_said || t("assistant.when_asked"))}${isShort
        ? `: ${t("assistant.settings", { count: scene.actions.length })}`
        : nothing}
    </p>
    ${isShort
      ? nothing
      : html`<ul>
          ${scene.actions.map(
            (action) =>
              html`<li>
                <span>${inWords(action)}</span>
                <button
                  class="button quiet icon-only"
                  type="button"
                  data-control="remove"
                  aria-label=${t("assistant.leave_out", { what: inWords(action) })}
                  ?disabled=${isFixed}
                  @click=${remove(action)}
                >
                  ${icon(closeIcon)}
                </button>
              </li>`,
          )}
        </ul>`}
    ${problem ? html`<p class="problem" role="alert" data-field="problem">${problem}</p>` : nothing}
    ${assistant.restricts(Restriction.NO_SETUP)
      ? html`<p class="closed">${icon(lockIcon)}<span>${t("assistant.changes_parked")}</span></p>`
      : nothing}
    <div class="answers">
      <button
        class="button"
        type="button"
        data-control="discard"
        ?disabled=${state === "saving"}
        @click=${() => assistant.discard(draft)}
      >
        ${t("assistant.discard")}
      </button>
      <button
        class="button primary"
        type="submit"
        data-control="keep"
        ?disabled=${state === "saving" || !scene.name.trim() || scene.actions.length === 0}
      >
        ${t("assistant.keep")}
      </button>
    </div>
  </form>`;
}

export function scenes(assistant: Assistant): TemplateResult {
  if (assistant.restricts(Restriction.LIMIT_CONTENT))
    return html`<p class="closed" data-field="closed">
      ${icon(lockIcon)}<span>${assistant.t("assistant.scenes_standing")}</span>
    </p>`;
  const { scenes, timers, t } = assistant;
  const own = scenes.value.value?.filter(({ preset }) => !preset);
  const problem = scenes.problem.value || timers.problem.value;
  const isEmpty = own?.length === 0 && timers.value.value?.length === 0;
  return html`<div class="list scenes-list">
    <h2>${t("assistant.scenes_and_timers")}</h2>
    ${problem ? html`<p class="problem" role="alert" data-field="problem">${problem}</p>` : nothing}
    ${isEmpty
      ? html`<p class="empty">
          ${t("assistant.no_scenes")}
        </p>`
      : nothing}
    <ul>
      ${own?.map((shown) => sceneRow(assistant, shown))} ${timers.value.value?.map((timer) => timerRow(assistant, timer))}
    </ul>
  </div>`;
}

function sceneRow(assistant: Assistant, shown: ShownScene): TemplateResult {
  const { id, name, actions, when_said } = shown.scene;
  const when = when_said ? `${capital(when_said)}: ` : "";
  return html`<li data-scene=${id}>
    <div>
      <h3>${name}</h3>
      <p>${when}${actions.map(inWords).join(", ")}</p>
    </div>
    <button
      class="button icon-only"
      type="button"
      data-control="run"
      aria-label=${assistant.t("assistant.run", { name })}
      ?disabled=${assistant.isAsking}
      @click=${() => void assistant.runScene(shown)}
    >
      ${icon(runIcon)}
    </button>
    ${deleteButton(assistant.t("assistant.delete", { name }), () => void assistant.dropScene(shown))}
  </li>`;
}

/** What waits for its moment has no name, and is not run by hand. */
function timerRow(assistant: Assistant, timer: Timer): TemplateResult {
  const name = capital(timer.said);
  return html`<li data-timer=${timer.id}>
    <div>
      <h3>${name}</h3>
      <p>${timer.actions.map(inWords).join(", ")}</p>
    </div>
    ${deleteButton(assistant.t("assistant.delete", { name }), () => void assistant.dropTimer(timer))}
  </li>`;
}

function deleteButton(title: string, onClick: () => void): TemplateResult {
  return html`<button
    class="button quiet icon-only"
    type="button"
    data-control="delete"
    aria-label=${title}
    @click=${onClick}
  >
    ${icon(deleteIcon)}
  </button>`;
}

function inWords(action: Action): string {
  return action.says || `${inShort(action.path)}: ${String(action.value)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
