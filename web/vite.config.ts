// Builds every page beside this file into the Python package, where the web server serves it.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const car = process.env["ALPENGLOW_WEB"] ?? "http://127.0.0.1:8701";
const pages = ["cluster", "centre", "signals", "desk"].filter((page) => existsSync(here(`${page}.html`)));

/** What is left of line breaks in a minified script stands in templates, where one space says the same. */
const denseTemplates: Plugin = {
  name: "dense-templates",
  apply: "build",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === "chunk") file.code = file.code.replace(/\s*\n\s*/g, " ");
  },
};

export default defineConfig({
  plugins: [denseTemplates],
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
    rollupOptions: { input: Object.fromEntries(pages.map((page) => [page, here(`${page}.html`)])) },
  },
  server: {
    host: "127.0.0.1",
    // `npm run dev` shows a page with the live car: the socket and the brand are a running stack's.
    proxy: Object.fromEntries(
      ["/ws", "/brand.css", "/brand.json"].map((path) => [path, { target: car, ws: path === "/ws", changeOrigin: true }]),
    ),
  },
});
