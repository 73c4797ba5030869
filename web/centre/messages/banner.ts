// The one line that the car tells now, whatever page is open.

import "./banner.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { ICONS, shownOf, textOf } from "./telling";

export function banner(car: Car): TemplateResult | typeof nothing {
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
