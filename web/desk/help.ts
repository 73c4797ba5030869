// The keyboard, explained.

import { html, type TemplateResult } from "lit/html.js";
import closeIcon from "@mdi/svg/svg/close.svg";
import { icon } from "../shared/icon";
import { type Key, KEYS } from "./keys";

const GROUPS: readonly Key["group"][] = ["Drive", "Lights and signals", "Desk"];

export function help(): TemplateResult {
  return html`<dialog class="help" id="help" aria-labelledby="help-title" @click=${closeOutside}>
    <header>
      <h2 id="help-title">Keyboard</h2>
      <form method="dialog">
        <button class="button quiet icon-only" aria-label="Close">${icon(closeIcon)}</button>
      </form>
    </header>
    <div class="groups">
      ${GROUPS.map(
        (group) => html`<section>
          <h3>${group}</h3>
          <dl>
            ${KEYS.filter((key) => key.group === group).map(
              (key) =>
                html`<div>
                  <dt>${key.shown.map((name) => html`<kbd>${name}</kbd>`)}</dt>
                  <dd>${key.title}</dd>
                </div>`,
            )}
          </dl>
        </section>`,
      )}
      <p>
        Touch: hold a pedal, higher is harder. Turn the wheel by its rim; it centres itself. To leave P, hold the
        brake.
      </p>
    </div>
  </dialog>`;
}

function closeOutside(event: MouseEvent): void {
  const dialog = event.currentTarget as HTMLDialogElement;
  if (event.target === dialog) dialog.close();
}
