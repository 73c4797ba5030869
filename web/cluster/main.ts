// The cluster page: signals of the safety process → the brand's face, one animation frame at a time.

import "./cluster.css";
import { effect, untracked } from "@preact/signals-core";
import { render } from "lit/html.js";
import { brand, BRAND_PATHS } from "../shared/brand";
import { Connection } from "../shared/connection";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { drawing, FACES } from "./face";
import { frameCounter, markPainted } from "../shared/measure";
import { PATHS, readout, SPEED } from "./readout";
import { show, type Shown } from "./show";

const connection = new Connection();
const { readings } = connection;
connection.follow([...THEME_PATHS, ...BRAND_PATHS, ...PATHS]);
followTheme(readings);
brand.follow(readings);

const root = document.getElementById("cluster")!;
const car = readout(connection);
let shown: Shown | null = null;
effect(() => {
  const { gauge } = brand;
  // A new face is drawn and filled in one task, so that no telltale is ever missing from a frame.
  untracked(() => {
    shown?.stop();
    render(drawing(gauge), root);
    shown = show(FACES[gauge], car, readings);
  });
});
// The message's plate was measured in a fallback font where the message came before the font.
document.fonts.addEventListener("loadingdone", () => shown?.measure());

const count = frameCounter();
markPainted(connection, () => readings.number(SPEED));
function frame(now: number): void {
  count(now);
  shown?.step(now);
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);
