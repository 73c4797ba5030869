// The selected signal: what it means, its last minute, and a way to set it where it is an actuator.

import { html, nothing, type TemplateResult } from "lit/html.js";
import copyIcon from "@mdi/svg/svg/content-copy.svg";
import type { Actuation } from "../shared/actuation";
import { icon } from "../shared/icon";
import type { Scalar, SignalInfo, Value } from "../shared/protocol";
import { QUALITY_NAMES, type Readings } from "../shared/readings";
import { age, unit, valueText as text } from "./format";
import type { Trace } from "./trace";

export function detail(
  info: SignalInfo | undefined,
  readings: Readings,
  trace: Trace,
  actuation: Actuation,
  now_ms: number,
): TemplateResult {
  if (!info)
    return html`<p class="empty">Choose a signal to see what it means and how it moved in the last minute.</p>`;
  const reading = readings.of(info.path).value;
  const stepped = info.datatype === "boolean" || info.datatype === "string" || info.allowed.length > 0;
  const steps = info.path.split(".");
  return html`
    <p class="branch">${steps.slice(0, -1).join(" › ")}</p>
    <h2 data-field="title">${steps.at(-1)}</h2>
    <p class="now" data-quality=${QUALITY_NAMES[reading.quality]}>
      <span data-field="value">${text(reading.value)}</span> <span class="unit">${unit(info.unit)}</span>
    </p>
    ${trace.draw(now_ms, stepped)}
    ${info.description ? html`<p class="description">${info.description}</p>` : nothing}
    <dl>
      <dt>Quality</dt>
      <dd data-quality=${QUALITY_NAMES[reading.quality]}>
        ${QUALITY_NAMES[reading.quality]}, ${age(reading.heard_ms, now_ms)}
      </dd>
      <dt>Kind</dt>
      <dd>${info.kind}, ${info.datatype}</dd>
      ${range(info)}
      <dt>Path</dt>
      <dd class="path">
        <code>${steps.map((step, index) => (index ? html`<wbr />.${step}` : step))}</code>
        <button
          class="button icon-only"
          type="button"
          data-control="copy"
          aria-label="Copy the path"
          title="Copy the path"
          @click=${(event: Event) => void copy(info.path, event.currentTarget as HTMLElement)}
        >
          ${icon(copyIcon)}
        </button>
      </dd>
    </dl>
    ${info.kind === "actuator" ? setter(info, reading.value, actuation) : nothing}
  `;
}

function range(info: SignalInfo): TemplateResult | typeof nothing {
  const { minimum, maximum, allowed } = info;
  if (allowed.length > 0)
    return html`<dt>Allowed</dt>
      <dd>${allowed.join(", ")}</dd>`;
  if (minimum === null && maximum === null) return nothing;
  return html`<dt>Range</dt>
    <dd>${minimum ?? "…"} to ${maximum ?? "…"} ${unit(info.unit)}</dd>`;
}

function setter(info: SignalInfo, current: Value | null, actuation: Actuation): TemplateResult {
  const { pending, message, tone } = actuation.of(info.path);
  const choices: readonly Scalar[] =
    info.datatype === "boolean" ? [false, true] : info.datatype.endsWith("[]") ? [] : info.allowed;
  return html`<form
    class="setter"
    data-control="set"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      const input = (event.currentTarget as HTMLFormElement).querySelector("input");
      if (input) actuation.request(info.path, parse(info.datatype, input.value));
    }}
  >
    <h3>Set</h3>
    ${choices.length > 0
      ? html`<div class="choices">
          ${choices.map(
            (choice) =>
              html`<button
                class="button"
                type="button"
                data-value=${String(choice)}
                aria-pressed=${current === choice}
                @click=${() => actuation.request(info.path, choice)}
              >
                ${text(choice)}
              </button>`,
          )}
        </div>`
      : html`<div class="entry">
          <label class="visually-hidden" for="set-value">New value</label>
          <input
            class="field"
            id="set-value"
            autocomplete="off"
            inputmode=${info.datatype === "string" || info.datatype.endsWith("[]") ? "text" : "decimal"}
            placeholder=${current === null ? "value" : text(current)}
          />
          <button class="button" data-control="apply">Set</button>
        </div>`}
    <p class="outcome" role="status" data-tone=${tone} data-field="outcome">
      ${pending !== null ? `Asking for ${text(pending)} …` : message}
    </p>
  </form>`;
}

/** What was typed as the datatype's JSON; text that is no number goes as text, and the door says what is wrong. */
export function parse(datatype: string, typed: string): Value {
  if (datatype.endsWith("[]"))
    return typed
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean)
      .map((item) => parse(datatype.slice(0, -2), item) as Scalar);
  if (datatype === "string") return typed;
  const number = Number(typed.replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(number) ? typed : number;
}

async function copy(path: string, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(path);
    button.dataset["done"] = "true";
    setTimeout(() => delete button.dataset["done"], 1200);
  } catch {
    getSelection()?.selectAllChildren(button.previousElementSibling!); // no clipboard here: ready for Ctrl-C
  }
}
