// The dashboard: the cluster's and the centre's own pages, side by side as in the car.

import { html, nothing, type TemplateResult } from "lit";
import type { Hello } from "../shared/protocol";

/** The centre page is laid out for at least this width; a smaller frame shows it scaled. */
const CENTRE_WIDTH = 420;

export function screens(hello: Hello | null): TemplateResult {
  return html`
    <div class="bezel">
      ${frame("cluster", "Instrument cluster", hello)}
      <div class="seam" aria-hidden="true"></div>
      ${frame("centre", "Centre display", hello)}
    </div>
    <div class="trim" aria-hidden="true"></div>
  `;
}

function frame(page: "cluster" | "centre", title: string, hello: Hello | null): TemplateResult {
  const url = hello?.pages[page];
  return html`<div class="screen ${page}">
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

/** Keeps the centre page at its own size inside a frame of any size. */
export function scaleCentre(screen: HTMLElement): void {
  new ResizeObserver(() => {
    const scale = Math.min(1, screen.clientWidth / CENTRE_WIDTH);
    screen.style.setProperty("--scale", scale.toFixed(4));
  }).observe(screen);
}
