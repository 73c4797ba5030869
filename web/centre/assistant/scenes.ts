// Scenes: a draft to look at, change and keep; and those that are kept.

import { html, nothing, type TemplateResult } from "lit";
import closeIcon from "@mdi/svg/svg/close.svg?raw";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg?raw";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg?raw";
import lockIcon from "@mdi/svg/svg/lock-outline.svg?raw";
import runIcon from "@mdi/svg/svg/play.svg?raw";
import { icon } from "../../shared/icon";
import type { Action, Scene } from "../../shared/protocol";
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
      ${capital(scene.when || "when you ask for it")}${isShort
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
        @click=${() => void assistant.discard(draft)}
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
  const { value, problem } = assistant.scenes;
  return html`<div class="list scenes-list">
    <h2>Scenes and timers</h2>
    ${problem.value ? html`<p class="problem" role="alert" data-field="problem">${problem.value}</p>` : nothing}
    ${value.value?.length === 0
      ? html`<p class="empty">
          None yet. Say “make a scene: when it rains, close the windows and warm my seat”, or “in ten minutes, turn the
          fan down”.
        </p>`
      : nothing}
    <ul>
      ${value.value?.map((scene) => row(assistant, scene))}
    </ul>
  </div>`;
}

/** A scene, a draft that was left, or what waits for its moment: that has no name, and is not run by hand. */
function row(assistant: Assistant, scene: Scene): TemplateResult {
  const name = scene.name || capital(scene.when);
  const when = scene.name && scene.when ? `${capital(scene.when)}: ` : "";
  return html`<li data-scene=${scene.id} data-kept=${scene.kept}>
    <div>
      <h3>${name}${scene.kept ? nothing : html` <span class="tag">Draft</span>`}</h3>
      <p>${when}${scene.actions.map(inWords).join(", ")}</p>
    </div>
    ${scene.kept ? nothing : keepButton(assistant, scene)}
    ${scene.kept && scene.name ? runButton(assistant, scene) : nothing}
    <button
      class="button quiet icon-only"
      type="button"
      data-control="delete"
      aria-label="Delete ${name}"
      @click=${() => void assistant.dropScene(scene)}
    >
      ${icon(deleteIcon)}
    </button>
  </li>`;
}

function keepButton(assistant: Assistant, scene: Scene): TemplateResult {
  return html`<button
    class="button"
    type="button"
    data-control="keep"
    ?disabled=${assistant.restricts(Restriction.NO_SETUP)}
    @click=${() => void assistant.keepScene(scene)}
  >
    Keep
  </button>`;
}

function runButton(assistant: Assistant, scene: Scene): TemplateResult {
  return html`<button
    class="button icon-only"
    type="button"
    data-control="run"
    aria-label="Run ${scene.name}"
    ?disabled=${assistant.isAsking}
    @click=${() => void assistant.runScene(scene)}
  >
    ${icon(runIcon)}
  </button>`;
}

function inWords(action: Action): string {
  return action.says || `${inShort(action.path)}: ${String(action.value)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
