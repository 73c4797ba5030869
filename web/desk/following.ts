// "Drive it for me": the simulator follows the route that guidance follows, as fast as the clock or faster.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { ServiceError } from "../shared/connection";
import type { Desk } from "./desk";

const STATE = "Vehicle.Alpenglow.Navigation.State";
const MAP = "Vehicle.Alpenglow.Navigation.Map";
const DRIVES = "Vehicle.Alpenglow.Simulator.IsDriving";
const PACE = "Vehicle.Alpenglow.Simulator.Pace";

export const FOLLOWING_PATHS: readonly string[] = [STATE, MAP, DRIVES, PACE];

/** How many times faster than the clock. */
const PACES = [1, 5, 20, 60] as const;

/** Why the last wish was not granted; "" where it was. */
const refusal = signal("");

export function following(desk: Desk): TemplateResult | typeof nothing {
  const { readings, simulation } = desk;
  if (simulation.state.value === null) return nothing;
  if (readings.boolean(DRIVES)) return driven(desk, readings.number(PACE) ?? 1);
  const guided = ["GUIDING", "REROUTING"].includes(readings.string(STATE) ?? "");
  if (!guided && !readings.string(MAP)) return nothing; // without a map there is nowhere to go
  return html`<div class="following" data-drives="false">
    <button
      class="button"
      type="button"
      data-control="drive_for_me"
      ?disabled=${!guided}
      title=${guided ? "The simulator follows the route" : "Choose a destination on the map first"}
      @click=${() => follow(desk, true, 1)}
    >
      Drive it for me
    </button>
    ${refusal.value ? html`<span role="status" data-field="refusal">${refusal.value}</span>` : nothing}
  </div>`;
}

function driven(desk: Desk, pace: number): TemplateResult {
  return html`<div class="following" data-drives="true">
    <strong role="status" data-field="driver">The simulator is driving</strong>
    <span class="segments" role="group" aria-label="Pace">
      ${PACES.map(
        (each) => html`<button
          class="button"
          type="button"
          data-pace=${each}
          aria-pressed=${each === pace}
          title=${each === 1 ? "As fast as the clock" : `${each} times faster than the clock`}
          @click=${() => follow(desk, true, each)}
        >
          ${each}×
        </button>`,
      )}
    </span>
    <button class="button" type="button" data-control="take_over" @click=${() => follow(desk, false, 1)}>
      Take over
    </button>
  </div>`;
}

async function follow(desk: Desk, active: boolean, pace: number): Promise<void> {
  try {
    await desk.connection.call("navigation.follow_route", { active, pace });
    refusal.value = "";
  } catch (error) {
    refusal.value = error instanceof ServiceError ? error.message : String(error);
  }
}
