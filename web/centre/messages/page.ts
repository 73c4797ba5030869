// Messages: what holds now, the most urgent first, and what was told before.

import "./messages.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import doneIcon from "@mdi/svg/svg/check-circle-outline.svg";
import { icon } from "../../shared/icon";
import type { Message } from "../../shared/protocol";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { ICONS, messagesOf, textOf } from "./telling";

const DAY_MS = 86_400_000;

/** The time of day for what is from today, else the day too. */
function when(car: Car, at: string): string {
  return Date.now() - Date.parse(at) < DAY_MS && new Date(at).getDate() === new Date().getDate()
    ? car.units.time(at)
    : car.units.dayAndTime(at);
}

function note(car: Car, { cause, state, acknowledged, level }: Message): string {
  if (state === "waiting" && (level === "notice" || level === "info")) return car.t("messages.waiting");
  if (acknowledged) return car.t("messages.read");
  return state === "told" && cause.startsWith("cluster.") ? car.t("messages.on_cluster") : "";
}

function row(car: Car, message: Message): TemplateResult {
  const text = textOf(car, message);
  const holds = message.state !== "over";
  const aside = holds ? note(car, message) : "";
  const acknowledge = () => void car.call("cockpit.acknowledge_message", { message: message.id });
  return html`<li class="told" data-level=${message.level} data-state=${message.state} data-cause=${message.cause}>
    ${car.icon(`message_${message.level}`, ICONS[message.level])}
    <div>
      <p data-field="text"><span class="visually-hidden">${car.t(`messages.level.${message.level}`)}: </span>${text}</p>
      <p class="when">
        ${holds ? car.t("messages.since", { time: when(car, message.at) }) : when(car, message.at)}${aside ? ` · ${aside}` : nothing}
      </p>
    </div>
    ${holds && !message.acknowledged
      ? html`<button
          class="button"
          type="button"
          data-control="acknowledge"
          aria-label=${car.t("messages.acknowledge_what", { what: text })}
          @click=${acknowledge}
        >
          ${car.t("messages.acknowledge")}
        </button>`
      : nothing}
  </li>`;
}

function view(car: Car): TemplateResult {
  const all = messagesOf(car).value;
  if (!all) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  const now = all.filter(({ state }) => state !== "over");
  const earlier = all.filter(({ state }) => state === "over");
  return html`<div class="messages">
    <section aria-label=${car.t("messages.now")}>
      <h1 class="page-title">${car.t("messages.now")}</h1>
      ${now.length
        ? html`<ul role="list" data-long data-field="now">${now.map((message) => row(car, message))}</ul>`
        : html`<p class="well" data-field="well">${icon(doneIcon)}<span>${car.t("messages.all_well")}</span></p>`}
    </section>
    <section aria-label=${car.t("messages.earlier")}>
      <h1 class="page-title">${car.t("messages.earlier")}</h1>
      ${earlier.length
        ? html`<ul role="list" data-long data-field="earlier">${earlier.map((message) => row(car, message))}</ul>`
        : html`<p class="empty">${car.t("messages.no_history")}</p>`}
    </section>
  </div>`;
}

const page: CentrePage = { paths: [], view };
export default page;
