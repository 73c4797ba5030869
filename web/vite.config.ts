// Builds every page beside this file into the Python package, where the web server serves it.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { icons } from "./build/icons.ts";
import { shell } from "./build/shell.ts";
import { words } from "./build/words.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const car = process.env["ALPENGLOW_WEB"] ?? "http://127.0.0.1:8701";
const pages = ["cluster", "centre", "signals", "desk"].filter((page) => existsSync(here(`${page}.html`)));

/** What is left of line breaks in a minified script stands in templates, where one space says the same; but not in the
 * map's shaders, where it ends a directive. */
const denseTemplates: Plugin = {
  name: "dense-templates",
  apply: "build",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === "chunk" && !file.moduleIds.some((id) => id.includes("/maplibre-gl/")))
        file.code = file.code.replace(/\s*\n\s*/g, " ");
  },
};

/** Few files, since small ones hardly compress: what the pages of all screens work with, and the centre's shell. */
const CHUNKS = [
  {
    name: "base",
    test: /node_modules\/(lit|@preact)|web\/shared\/(actuation|brand|connection|frame|icon|measure|readings|theme|view)\.ts|icon-sprite/,
    priority: 1,
  },
  { name: "shell", test: /web\/(centre\/(?!first|fit)|shared\/(?!arrows)).*\.ts$|virtual:words/, tags: ["$initial" as const] },
];

export default defineConfig({
  plugins: [icons(), words(), shell(), denseTemplates],
  root: here("."),
  base: "./", // pages work under any prefix; assets are found relative to the page
  clearScreen: false,
  build: {
    outDir: here("../src/alpenglow/web"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false, // everything comes from this computer; the lists of what to fetch ahead weigh more than they save
    reportCompressedSize: false,
    assetsInlineLimit: 2048,
    rollupOptions: {
      optimization: { inlineConst: { mode: "all", pass: 3 } }, // paths and names of icons, most of them used once
      input: Object.fromEntries(pages.map((page) => [page, here(`${page}.html`)])),
      output: { codeSplitting: { groups: CHUNKS } },
    },
  },
  server: {
    host: "127.0.0.1",
    // `npm run dev` shows a page with the live car: the socket and the brand are a running stack's.
    proxy: Object.fromEntries(
      ["/ws", "/brand.css", "/brand.json", "/maps"].map((path) => [path, { target: car, ws: path === "/ws", changeOrigin: true }]),
    ),
  },
});
