// Icons of Material Design Icons, drawn in the colour of the text around them.

import { html, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";

/** A template of an icon imported as text (`@mdi/svg/svg/NAME.svg?raw`); decoration, so name what it stands on. */
export function icon(svg: string): TemplateResult {
  const drawing = svg.replace(/ id="[^"]*"/, "").replace("<svg", '<svg aria-hidden="true" fill="currentColor"');
  return html`<span class="icon">${unsafeHTML(drawing)}</span>`;
}
