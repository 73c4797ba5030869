// "Drive it for me": the simulator follows the route that guidance follows, as fast as the clock or faster.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Desk } from "./desk";
import { clearJam, jam, JAM_PATHS, jammed } from "./jam";

const STATE = "Vehicle.Alpenglow.Navigation.State";
const MAP = "Vehicle.Alpenglow.Navigation.Map";
const DRIVES = "Vehicle.Alpenglow.Simulator.IsDriving";
const PACE = "Vehicle.Alpenglow.Simulator.Pace";

export const FOLLOWING_PATHS: readonly string[] = [STATE, MAP, DRIVES, PACE, ...JAM_PATHS];

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
    ${guided ? jamAhead(desk) : nothing}
    ${refused()}
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
    ${jamAhead(desk)} ${refused()}
  </div>`;
}

function refused(): TemplateResult | typeof nothing {
  return refusal.value ? html`<span role="status" data-field="refusal">${refusal.value}</span>` : nothing;
}

function jamAhead(desk: Desk): TemplateResult {
  const on = jammed.value;
  return html`<button
    class="button"
    type="button"
    data-control="jam_ahead"
    aria-pressed=${on}
    title=${on ? "Clear the road again" : "Traffic at 30 % of its free speed, from 1 to 3 km ahead on the route, for 15 minutes"}
    @click=${() => wish(() => (on ? clearJam(desk) : jam(desk)))}
  >
    Jam ahead
  </button>`;
}

function follow(desk: Desk, active: boolean, pace: number): Promise<void> {
  return wish(() => desk.connection.call("navigation.follow_route", { active, pace }));
}

async function wish(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
    refusal.value = "";
  } catch (error) {
    refusal.value = error instanceof Error ? error.message : String(error);
  }
}
