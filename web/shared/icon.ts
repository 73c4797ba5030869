// Icons of Material Design Icons, drawn in the colour of the text around them.

import { html, type TemplateResult } from "lit/html.js";
import sprite from "virtual:icon-sprite";

/** A template of an icon (`import drawing from "@mdi/svg/svg/NAME.svg"`); decoration, so name what it stands on. */
export function icon(drawing: string): TemplateResult {
  return html`<span class="icon"
    ><svg aria-hidden="true" fill="currentColor" viewBox="0 0 24 24"><use href="${sprite}#${drawing}"></use></svg
  ></span>`;
}
