// Icons as one picture: every drawing of `@mdi/svg` that a page imports, and the dock's, stand in one sprite, beside the scripts.
//
// `import doorIcon from "@mdi/svg/svg/car-door.svg"` is then the drawing's name in the sprite, `virtual:icon-sprite` the
// sprite's address, and `icon(doorIcon)` (shared/icon.ts) draws it.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { DOCK } from "../centre/dock.ts";

const web = fileURLToPath(new URL("..", import.meta.url));
const IMPORT = /^import (\w+) from "@mdi\/svg\/svg\/([\w-]+)\.svg";$/gm;
const PAGES = ["centre", "desk", "shared", "signals"];
const SPRITE = "virtual:icon-sprite";
const DEV_ADDRESS = "/icons.svg";

/** The path of a drawing; all drawings of `@mdi/svg` are one path in a square of 24. */
export function pathOf(name: string): string {
  const drawing = readFileSync(`${web}/node_modules/@mdi/svg/svg/${name}.svg`, "utf8");
  const path = /<path d="([^"]+)"/.exec(drawing)?.[1];
  if (!path) throw new Error(`@mdi/svg: ${name} is not one path`);
  return path;
}

function sprite(): string {
  const names = new Set<string>(DOCK.map(({ drawing }) => drawing));
  for (const folder of PAGES)
    for (const file of readdirSync(`${web}/${folder}`, { encoding: "utf8", recursive: true }))
      if (file.endsWith(".ts"))
        for (const [, , name] of readFileSync(`${web}/${folder}/${file}`, "utf8").matchAll(IMPORT)) names.add(name!);
  const drawings = [...names].sort().map((name) => `<path id="${name}" d="${pathOf(name)}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${drawings.join("")}</svg>`;
}

export function icons(): Plugin {
  let built = "";
  let isBuild = false;
  return {
    name: "icons",
    enforce: "pre", // before Vite looks for the files of the drawings
    configResolved: (config) => void (isBuild = config.command === "build"),
    configureServer(server) {
      server.middlewares.use(DEV_ADDRESS, (_, answer) => {
        answer.setHeader("Content-Type", "image/svg+xml");
        answer.end(sprite());
      });
    },
    buildStart() {
      if (isBuild) built = this.emitFile({ type: "asset", name: "icons.svg", source: sprite() });
    },
    resolveId: (id) => (id === SPRITE ? `\0${SPRITE}` : null),
    load(id) {
      if (id !== `\0${SPRITE}`) return null;
      return `export default ${isBuild ? `import.meta.ROLLUP_FILE_URL_${built}` : JSON.stringify(DEV_ADDRESS)}`;
    },
    transform: {
      filter: { code: "@mdi/svg/svg/" },
      handler: (code) => code.replace(IMPORT, "const $1 = `$2`;"),
    },
  };
}
