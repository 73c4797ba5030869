// Whose data the map is: on every map, always (ODbL 1.0, 4.3).

import { html, type TemplateResult } from "lit/html.js";
import { region } from "./regions";

export function attribution(): TemplateResult {
  return html`<p class="attribution" data-field="attribution" dir="ltr">${region.value?.attribution || "© OpenStreetMap contributors"}</p>`;
}
