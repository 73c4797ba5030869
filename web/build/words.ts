// Words as data: the files of a language become one JSON, part → key → words, whose addresses `virtual:words` has.

import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const folder = fileURLToPath(new URL("../words", import.meta.url));
const WORDS = "virtual:words";
const DEV_ADDRESS = /^\/words-(\w+)\.json$/;

const languages = () => readdirSync(folder).sort();

function wordsOf(language: string): string {
  const files = readdirSync(`${folder}/${language}`).filter((file) => file.endsWith(".json")).sort();
  const parts = files.map((file) => [
    basename(file, ".json"),
    JSON.parse(readFileSync(`${folder}/${language}/${file}`, "utf8")) as Record<string, string>,
  ]);
  return JSON.stringify(Object.fromEntries(parts));
}

export function words(): Plugin {
  let addresses = "";
  return {
    name: "words",
    configResolved(config) {
      if (config.command === "serve")
        addresses = languages().map((language) => `${language}: "/words-${language}.json"`).join();
    },
    configureServer(server) {
      server.middlewares.use((request, answer, next) => {
        const language = DEV_ADDRESS.exec(request.url ?? "")?.[1];
        if (!language || !languages().includes(language)) return next();
        answer.setHeader("Content-Type", "application/json");
        answer.end(wordsOf(language));
      });
    },
    buildStart() {
      if (addresses) return;
      const emitted = languages().map((language) => {
        const file = this.emitFile({ type: "asset", name: `words-${language}.json`, source: wordsOf(language) });
        return `${language}: import.meta.ROLLUP_FILE_URL_${file}`;
      });
      addresses = emitted.join();
    },
    resolveId: (id) => (id === WORDS ? `\0${WORDS}` : null),
    load: (id) => (id === `\0${WORDS}` ? `export default { ${addresses} }` : null),
  };
}
