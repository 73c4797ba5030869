// The conversation: what was said, the answer as it grows, what was done about it, and why.

import { html, nothing, type TemplateResult } from "lit/html.js";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg";
import lateIcon from "@mdi/svg/svg/clock-alert-outline.svg";
import lockIcon from "@mdi/svg/svg/lock-outline.svg";
import missingIcon from "@mdi/svg/svg/help-circle-outline.svg";
import movingIcon from "@mdi/svg/svg/progress-clock.svg";
import refusedIcon from "@mdi/svg/svg/cancel.svg";
import sameIcon from "@mdi/svg/svg/equal.svg";
import undoIcon from "@mdi/svg/svg/undo-variant.svg";
import whyIcon from "@mdi/svg/svg/chevron-down.svg";
import { icon } from "../../shared/icon";
import type { Answer, Done } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Assistant, Exchange } from "./assistant";
import { draftCard } from "./scenes";
import { suggestion } from "./suggestion";
import { glance, inShort } from "./words";

const DONE_ICONS: Readonly<Record<Done["state"], string>> = {
  confirmed: doneIcon,
  moving: movingIcon,
  refused: refusedIcon,
  no_provider: missingIcon,
  timed_out: lateIcon,
  unchanged: sameIcon,
};

const EXAMPLES = ["assistant.example_cold", "assistant.example_window", "assistant.example_range", "assistant.example_scene"] as const;
/** What it understands; elsewhere the page says so. */
const UNDERSTOOD = new Set(["en", "de", "zh"]);

export function talk(assistant: Assistant): TemplateResult {
  const all = assistant.exchanges.value;
  // In motion the eyes have time for the last exchange alone.
  const shown = assistant.restricts(Restriction.LIMIT_CONTENT) ? all.slice(-1) : all;
  const isClosed = assistant.isKeyboardClosed;
  return html`<div class="talk">
    <div class="exchanges">
      ${shown.map((each) => exchange(assistant, each, each === all.at(-1)))}
      ${shown.length || isClosed ? nothing : examples(assistant)}
      ${isClosed
        ? html`<p class="closed" data-field="closed">
            ${icon(lockIcon)}<span>${assistant.t("assistant.keyboard_closed")}</span>
          </p>`
        : nothing}
      ${suggestion(assistant)}
    </div>
  </div>`;
}

/** The last answer, for those who do not see it; no part of it before it is whole. */
export function spoken(assistant: Assistant): string {
  const last = assistant.exchanges.value.at(-1);
  return last?.answer?.reply ?? (last?.problem || last?.heard) ?? "";
}

function examples(assistant: Assistant): TemplateResult {
  const write = (text: string) => () => {
    assistant.written.value = text;
    document.querySelector<HTMLElement>('[data-control="say"]')?.focus();
  };
  return html`<div class="examples">
    <h2>${assistant.t("assistant.greeting")}</h2>
    ${EXAMPLES.map((key) => {
      const text = assistant.t(key);
      return html`<button class="button" type="button" data-example @click=${write(text)}>${text}</button>`;
    })}
    ${UNDERSTOOD.has(document.documentElement.lang) ? nothing : html`<p>${assistant.t("assistant.understands")}</p>`}
  </div>`;
}

function exchange(assistant: Assistant, each: Exchange, isLast: boolean): TemplateResult {
  const { answer, problem, heard } = each;
  return html`<article class="exchange" data-exchange=${each.number} data-last=${isLast}>
    ${each.said
      ? html`<p class="said">
          <span class="visually-hidden">${assistant.words.seat(each.seat)}:</span>
          <span data-field="said">${shortened(assistant, each.said)}</span>
        </p>`
      : nothing}
    ${answer
      ? answered(assistant, each, answer, isLast)
      : problem
        ? html`<p class="problem" data-field="problem">${icon(lateIcon)}${problem}</p>`
        : heard
          ? html`<p class="reply" data-field="heard">${shortened(assistant, heard)}</p>`
          : growing(assistant)}
  </article>`;
}

function growing(assistant: Assistant): TemplateResult {
  const text = assistant.growing;
  return text
    ? html`<p class="reply" data-field="growing" aria-hidden="true">${shortened(assistant, text)}<i class="caret"></i></p>`
    : html`<p class="reply waiting" data-field="waiting" aria-label=${assistant.t("assistant.thinking")}><i></i><i></i><i></i></p>`;
}

function answered(assistant: Assistant, each: Exchange, answer: Answer, isLast: boolean): TemplateResult {
  const draft = answer.scene ? assistant.drafts.value[answer.scene.id] : undefined;
  return html`
    ${answer.reply
      ? html`<p class="reply" data-field="reply" data-refused=${answer.refused} lang=${answer.language}
          >${shortened(assistant, answer.reply)}</p
        >`
      : nothing}
    ${deeds(assistant, answer)}
    ${draft ? draftCard(assistant, draft) : nothing}
    ${isLast && answer.choices.length
      ? html`<div class="choices" role="group" aria-label=${assistant.t("assistant.answers")}>
          ${answer.choices.map(
            (choice) =>
              html`<button
                class="button"
                type="button"
                data-choice
                ?disabled=${assistant.isAsking}
                @click=${() => void assistant.say(choice)}
              >
                ${choice}
              </button>`,
          )}
        </div>`
      : nothing}
    ${after(assistant, each, answer)}
  `;
}

/** What became of each thing; the only one needs no name where the reply has just given it. */
function deeds(assistant: Assistant, { did, reply }: Answer): TemplateResult | typeof nothing {
  // One rule that refuses several things gives one reason.
  const isFirst = (each: Done) => did.find(({ says, state }) => says === each.says && state === each.state) === each;
  const shown = did.filter((each) => each.state !== "refused" || isFirst(each));
  if (shown.length === 0) return nothing;
  const isSaid = shown.length === 1 && reply.includes(shown[0]!.says);
  return html`<ul class="did" aria-label=${assistant.t("assistant.what_it_did")} data-named=${!isSaid}>
    ${shown.map((each) => deed(assistant, each, !isSaid))}
  </ul>`;
}

function deed(assistant: Assistant, each: Done, isNamed: boolean): TemplateResult {
  const state = assistant.hasArrived(each) ? "confirmed" : each.state;
  return html`<li data-done=${state} data-rule=${each.rule || nothing}>
    ${icon(DONE_ICONS[state])}${isNamed ? html`<span class="what">${each.says || inShort(each.path)}</span>` : nothing}
    <span class="became">${assistant.words.done(state)}</span>
  </li>`;
}

/** Undo and "Why?"; reasons are read in a car that stands. */
function after(assistant: Assistant, each: Exchange, answer: Answer): TemplateResult {
  const canRead = !assistant.restricts(Restriction.LIMIT_CONTENT);
  const isUnfolded = canRead && assistant.unfolded.value.has(each.number);
  return html`<div class="after">
      ${each === assistant.undoable
        ? html`<button
            class="button"
            type="button"
            data-control="undo"
            ?disabled=${assistant.isAsking}
            @click=${() => void assistant.undo()}
          >
            ${icon(undoIcon)}${assistant.t("assistant.undo")}
          </button>`
        : nothing}
      ${canRead
        ? html`<button
            class="button quiet why"
            type="button"
            data-control="why"
            aria-expanded=${isUnfolded}
            @click=${() => assistant.toggleWhy(each.number)}
          >
            ${assistant.t("assistant.why")}${icon(whyIcon)}
          </button>`
        : nothing}
    </div>
    ${isUnfolded ? reasons(assistant, answer) : nothing}`;
}

function reasons({ t, words }: Assistant, answer: Answer): TemplateResult {
  return html`<div class="reasons" data-field="why">
    ${answer.why.length
      ? html`<ol>
          ${answer.why.map((step) => html`<li>${step}</li>`)}
        </ol>`
      : nothing}
    <dl>
      <div><dt>${t("assistant.decided_by")}</dt><dd>${words.tier(answer.tier)}</dd></div>
      <div><dt>${t("assistant.took")}</dt><dd>${words.duration(answer.latency_ms)}</dd></div>
      <div>
        <dt>${t("assistant.left_the_car")}</dt>
        <dd data-field="bytes">
          ${answer.egress_bytes ? words.size(answer.egress_bytes) : t("assistant.stayed")}
        </dd>
      </div>
    </dl>
  </div>`;
}

function shortened(assistant: Assistant, text: string): string {
  return assistant.restricts(Restriction.LIMIT_STRING_LENGTH) ? glance(text) : text;
}
