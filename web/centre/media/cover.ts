// A cover picture, or where there is none a quiet note in a colour of its own.

import { html, type TemplateResult } from "lit/html.js";
import noteIcon from "@mdi/svg/svg/music-note.svg";
import { icon } from "../../shared/icon";

/** `cover`: as the service names it; `of`: what it stands for, which picks the shade where there is no picture. */
export function cover(cover: string, of: string): TemplateResult {
  if (!cover) return html`<span class="cover" aria-hidden="true" style="--turn: ${turn(of)}deg">${icon(noteIcon)}</span>`;
  // The address carries the page's own token, where it has one.
  const token = new URLSearchParams(location.search).get("token");
  const query = token ? `?token=${encodeURIComponent(token)}` : "";
  return html`<img class="cover" alt="" src="cover/${cover}${query}" decoding="async" />`;
}

/** The same name always has the same shade. */
function turn(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 360;
  return sum;
}
