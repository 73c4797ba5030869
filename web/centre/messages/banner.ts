// The one line that the car tells now, whatever page is open.

import "./banner.css";
import { effect } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import type { Car } from "../car";
import { chime } from "./chimes";
import { fetchWords, ICONS, messagesOf, shownOf, textOf } from "./telling";

export const paths: readonly string[] = [];

export function start(car: Car): void {
  effect(() => fetchWords(car, messagesOf(car).value ?? []));
  chime(car);
}

export function view(car: Car): TemplateResult | typeof nothing {
  if (car.screen !== "centre") return nothing;
  const message = shownOf(car);
  const text = message && textOf(car, message);
  if (!message || !text) return nothing;
  const acknowledge = () => void car.call("cockpit.acknowledge_message", { message: message.id });
  return html`<div
    class="banner"
    data-level=${message.level}
    data-cause=${message.cause}
    role=${message.level === "stop" || message.level === "warning" ? "alert" : "status"}
  >
    ${car.icon(`message_${message.level}`, ICONS[message.level])}
    <p data-field="banner">${text}</p>
    <button class="button quiet" type="button" data-control="acknowledge" aria-label=${car.t("messages.acknowledge_what", { what: text })}
      @click=${acknowledge}>
      ${car.t("messages.acknowledge")}
    </button>
  </div>`;
}
