// Renders a Lit template again whenever a signal that it read has changed.

import { effect } from "@preact/signals-core";
import { render, type TemplateResult } from "lit/html.js";

/** Keeps `root` showing `template()`, instead of what the page had there; returns a function that stops it. */
export function live(root: HTMLElement, template: () => TemplateResult): () => void {
  root.replaceChildren();
  return effect(() => {
    render(template(), root);
  });
}

/** A page that nobody sees is never painted: it waits no longer than this. */
const PAINTED_MS = 200;

/** Until the page is painted as it came. */
export function painted(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, PAINTED_MS);
  });
}
