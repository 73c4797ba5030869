// Renders a Lit template again whenever a signal that it read has changed.

import { effect } from "@preact/signals-core";
import { render, type TemplateResult } from "lit";

/** Keeps `root` showing `template()`; returns a function that stops it. */
export function live(root: HTMLElement, template: () => TemplateResult): () => void {
  return effect(() => {
    render(template(), root);
  });
}
