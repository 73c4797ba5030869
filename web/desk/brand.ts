// Which make's look the screens have: a switch in the desk's header, the same signal that the centre's settings change.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { brand, BRAND_PATH } from "../shared/brand";
import type { Connection } from "../shared/connection";

export function brandSwitch({ connection, readings }: { connection: Connection; readings: Connection["readings"] }): TemplateResult {
  const { brands, line } = brand.look.value;
  if (brands.length < 2) return html`${nothing}`;
  const chosen = readings.string(BRAND_PATH) || line.brand;
  // What became of it is seen on the screens: they, and the switch itself, follow the signal.
  const choose = (name: string) =>
    void connection.call("safety.actuate", { path: BRAND_PATH, value: name }).catch(() => undefined);
  return html`<fieldset class="segments brands" aria-label="Brand" data-control="brand">
    ${brands.map(
      ({ name, title }) =>
        html`<button
          class="button"
          type="button"
          data-value=${name}
          aria-pressed=${name === chosen}
          @click=${() => choose(name)}
        >
          ${title}
        </button>`,
    )}
  </fieldset>`;
}
