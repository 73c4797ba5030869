// What can break: a toggle for each fault that the simulated car offers.

import { html, type TemplateResult } from "lit/html.js";
import repairIcon from "@mdi/svg/svg/wrench-outline.svg";
import { icon } from "../shared/icon";
import type { Fault } from "../shared/protocol";
import type { Desk } from "./desk";

export function faults({ simulation }: Desk): TemplateResult {
  const all = simulation.state.value?.faults ?? [];
  const active = all.filter((fault) => fault.active).length;
  return html`
    <div class="summary">
      <p aria-live="polite">
        ${active === 0 ? "Nothing is broken." : active === 1 ? "1 fault is active." : `${active} faults are active.`}
      </p>
      <button
        class="button"
        type="button"
        data-control="clear_faults"
        ?disabled=${active === 0}
        @click=${() => void simulation.clearFaults()}
      >
        ${icon(repairIcon)}Clear all
      </button>
    </div>
    <div class="list">
      ${groups(all).map(
        ([group, members]) => html`<section aria-label=${group}>
          <h3>${group}</h3>
          ${members.map(
            (fault) => html`<button
              class="button fault"
              type="button"
              data-fault=${fault.id}
              aria-pressed=${fault.active}
              @click=${() => void simulation.setFault(fault.id, !fault.active)}
            >
              ${fault.title}
            </button>`,
          )}
        </section>`,
      )}
    </div>
  `;
}

function groups(all: readonly Fault[]): [string, Fault[]][] {
  const found = new Map<string, Fault[]>();
  for (const fault of all) {
    const members = found.get(fault.group);
    if (members) members.push(fault);
    else found.set(fault.group, [fault]);
  }
  return [...found];
}
