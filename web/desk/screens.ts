// The dashboard: the line's own displays, side by side as in the car. The passenger's has a window of its own.

import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Display, Hello } from "../shared/protocol";

const TITLES: Readonly<Record<string, string>> = { cluster: "Instrument cluster", centre: "Centre display" };
const SEAM = html`<div class="seam" aria-hidden="true"></div>`;

/** What stands on the dashboard, in this order. */
const inFront = (displays: readonly Display[]) => displays.filter(({ layout }) => layout !== "passenger");

/** Width of all screens on the dashboard for one unit of height. */
export function widthPerHeight(displays: readonly Display[]): number {
  return inFront(displays).reduce((sum, { width, height }) => sum + width / height, 0);
}

export function screens(hello: Hello | null, displays: readonly Display[]): TemplateResult {
  return html`
    <div class="bezel">${inFront(displays).map((display, place) => html`${place ? SEAM : nothing}${frame(display, hello)}`)}</div>
    <div class="trim" aria-hidden="true"></div>
  `;
}

/** The address of the passenger's screen; null where this car has none. */
export function passengerUrl(hello: Hello | null, displays: readonly Display[]): string | null {
  const display = displays.find(({ layout }) => layout === "passenger");
  const page = display && hello?.pages[display.page];
  if (!page) return null;
  const url = new URL(page, location.href);
  url.searchParams.set("screen", "passenger");
  return url.href;
}

function frame({ name, page, width, height }: Display, hello: Hello | null): TemplateResult {
  const url = hello?.pages[page];
  const title = TITLES[name] ?? name;
  return html`<div class="screen ${name}" style="aspect-ratio: ${width} / ${height}">
    ${url
      ? html`<iframe title=${title} data-page=${page} src=${withTheme(url)}></iframe>`
      : hello
        ? html`<p>No ${title.toLowerCase()} is running.</p>`
        : nothing}
  </div>`;
}

/** A theme forced on the desk is forced on its screens too. */
function withTheme(page: string): string {
  const url = new URL(page, location.href);
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme) url.searchParams.set("theme", theme);
  return url.href;
}
