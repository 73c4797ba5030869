// What the centre page has before its scripts run: the dock, and the one script that comes before the first paint.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { DOCK } from "../centre/dock.ts";
import { pathOf } from "./icons.ts";

const FIRST = fileURLToPath(new URL("../centre/first.ts", import.meta.url));
const english = JSON.parse(
  readFileSync(new URL("../words/en/common.json", import.meta.url), "utf8"),
) as Record<string, string>;

/** The dock; the server puts in the car's language and the brand's icons where `data-word` and `data-icon` say. */
function dock(): string {
  const tabs = DOCK.map(({ name, drawing, title, passenger }) => {
    const drawn = `<svg aria-hidden="true" fill="currentColor" viewBox="0 0 24 24"><path d="${pathOf(drawing)}"/></svg>`;
    const said = english[title.replace("common.", "")] ?? "";
    return (
      `<a class="tab" href="#${name}" data-tab="${name}"${passenger ? "" : " data-driver"}>` +
      `<span class="icon" data-icon="${name}">${drawn}</span><span data-word="${title}">${said}</span></a>`
    );
  });
  return `<nav class="dock">${tabs.join("")}</nav>`;
}

export function shell(): Plugin {
  return {
    name: "shell",
    buildStart() {
      if (this.environment.config.command === "build") this.emitFile({ type: "chunk", id: FIRST, name: "first" });
    },
    transformIndexHtml: {
      order: "post", // after Vite has gathered the page's own scripts into one
      handler(html, { path, bundle }) {
        if (!path.endsWith("/centre.html")) return html;
        const built = bundle && Object.values(bundle).find(({ name }) => name === "first");
        const attrs = { type: "module", src: built ? `./${built.fileName}` : "/centre/first.ts", blocking: "render" };
        return { html: html.replace('<nav class="dock"></nav>', dock()), tags: [{ tag: "script", attrs, injectTo: "head-prepend" }] };
      },
    },
  };
}
