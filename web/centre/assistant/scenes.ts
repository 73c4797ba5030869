// Scenes: a draft to look at, change and keep; and those that are kept.

import { html, nothing, type TemplateResult } from "lit";
import closeIcon from "@mdi/svg/svg/close.svg?raw";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg?raw";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg?raw";
import lockIcon from "@mdi/svg/svg/lock-outline.svg?raw";
import runIcon from "@mdi/svg/svg/play.svg?raw";
import { icon } from "../../shared/icon";
import type { Action, ShownScene, Timer } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Assistant, Draft } from "./assistant";
import { count, inShort } from "./words";

export function draftCard(assistant: Assistant, draft: Draft): TemplateResult {
  const { scene, state, problem } = draft;
  if (state === "kept")
    return html`<p class="settled" data-draft="kept">${icon(doneIcon)}<b>${scene.name}</b> is kept.</p>`;
  if (state === "discarded") return html`<p class="settled" data-draft="discarded">${scene.name} is discarded.</p>`;
  const isFixed = state === "saving" || assistant.restricts(Restriction.NO_SETUP);
  const isShort = assistant.restricts(Restriction.LIMIT_CONTENT);
  const rename = (event: InputEvent) => assistant.change(draft, { name: (event.target as HTMLInputElement).value });
  const remove = (action: Action) => () =>
    assistant.change(draft, { actions: scene.actions.filter((each) => each !== action) });
  return html`<form
    class="draft"
    data-draft=${state}
    aria-label="Draft of a scene"
    @submit=${(event: Event) => {
      event.preventDefault();
      void assistant.keep(draft);
    }}
  >
    <input
      class="field"
      data-control="scene_name"
      aria-label="Name of the scene"
      .value=${scene.name}
      maxlength="60"
      ?disabled=${isFixed}
      @input=${rename}
    />
    <p class="when">
      ${capital(scene.when_said || "when you ask for it")}${isShort
        ? `: ${count(scene.actions.length, "setting", "settings")}`
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
                  aria-label="Leave out: ${inWords(action)}"
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
      ? html`<p class="closed">${icon(lockIcon)}It can be changed when the car is parked.</p>`
      : nothing}
    <div class="answers">
      <button
        class="button"
        type="button"
        data-control="discard"
        ?disabled=${state === "saving"}
        @click=${() => assistant.discard(draft)}
      >
        Discard
      </button>
      <button
        class="button primary"
        type="submit"
        data-control="keep"
        ?disabled=${state === "saving" || !scene.name.trim() || scene.actions.length === 0}
      >
        Keep
      </button>
    </div>
  </form>`;
}

export function scenes(assistant: Assistant): TemplateResult {
  if (assistant.restricts(Restriction.LIMIT_CONTENT))
    return html`<p class="closed" data-field="closed">
      ${icon(lockIcon)}The list opens when the car stands. Say a scene's name to run it now.
    </p>`;
  const { scenes, timers } = assistant;
  const own = scenes.value.value?.filter(({ preset }) => !preset);
  const problem = scenes.problem.value || timers.problem.value;
  const isEmpty = own?.length === 0 && timers.value.value?.length === 0;
  return html`<div class="list scenes-list">
    <h2>Scenes and timers</h2>
    ${problem ? html`<p class="problem" role="alert" data-field="problem">${problem}</p>` : nothing}
    ${isEmpty
      ? html`<p class="empty">
          None yet. Say “make a scene: when it rains, close the windows and warm my seat”, or “in ten minutes, turn the
          fan down”.
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
      aria-label="Run ${name}"
      ?disabled=${assistant.isAsking}
      @click=${() => void assistant.runScene(shown)}
    >
      ${icon(runIcon)}
    </button>
    ${deleteButton(name, () => void assistant.dropScene(shown))}
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
    ${deleteButton(name, () => void assistant.dropTimer(timer))}
  </li>`;
}

function deleteButton(name: string, onClick: () => void): TemplateResult {
  return html`<button
    class="button quiet icon-only"
    type="button"
    data-control="delete"
    aria-label="Delete ${name}"
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
