// Which letters the page has for the map: the faces of the scripts that come in parts, each fetched when it is used.

import type { FontFacesSpecification } from "maplibre-gl";

/** Families whose Latin letters are not wanted, since the brand has its own. */
const PARTS = /Noto Sans (SC|Arabic)/;
/** Latin, Greek and Cyrillic end here. */
const BEYOND = 0x0530;

/** The faces that the page's style sheets have for scripts beyond the brand's, as MapLibre wants them. */
export function faces(): FontFacesSpecification {
  const found: Record<string, { url: string; "unicode-range": string[] }[]> = {};
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      const family = rule.style.getPropertyValue("font-family").replace(/["']/g, "");
      const ranges = rule.style.getPropertyValue("unicode-range").split(/,\s*/).filter(Boolean);
      const url = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src"))?.[1];
      const wanted = ranges.filter((range) => parseInt(range.slice(2), 16) >= BEYOND);
      if (!PARTS.test(family) || !url || wanted.length === 0) continue;
      (found[family] ??= []).push({ url: new URL(url, sheet.href ?? location.href).href, "unicode-range": wanted });
    }
  return found;
}
