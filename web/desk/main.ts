// The desk: both screens of the simulated car, and what its driver, its passengers and the weather do to it.

import "./desk.css";
import "./panels.css";
import { effect, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import helpIcon from "@mdi/svg/svg/keyboard-outline.svg";
import openIcon from "@mdi/svg/svg/open-in-new.svg";
import { brand, BRAND_PATHS } from "../shared/brand";
import { Connection } from "../shared/connection";
import { hearKeyboard } from "../shared/frame";
import { icon } from "../shared/icon";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { live, painted } from "../shared/view";
import { body, BODY_PATHS } from "./body";
import { brandSwitch } from "./brand";
import type { Desk } from "./desk";
import { Driver } from "./driver";
import { driving, DRIVING_PATHS, hint, position, pushStalk } from "./driving";
import { faults } from "./faults";
import { following, FOLLOWING_PATHS } from "./following";
import { followJam } from "./jam";
import { help } from "./help";
import { listen, type Press } from "./keys";
import { passengerUrl, screens, widthPerHeight } from "./screens";
import { Simulation } from "./simulation";
import { flash, next, STALK_PATHS, stalks } from "./stalks";
import { world } from "./world";

const SPEED = "Vehicle.Speed";
const TABS = [
  ["body", "Car"],
  ["world", "World"],
  ["faults", "Faults"],
] as const;

/** How often it is looked whether anybody is still there while the car drives by itself. */
const NOBODY_MS = 250;

const connection = new Connection();
const { readings } = connection;
const simulation = new Simulation(connection);
const driver = new Driver(
  (now) => {
    position.value = now;
    simulation.set(now);
  },
  () => readings.number(SPEED) ?? 0,
);
const desk: Desk = { connection, readings, simulation, driver };
const tab = signal<(typeof TABS)[number][0]>("body");

connection.follow([
  SPEED,
  ...THEME_PATHS,
  ...BRAND_PATHS,
  ...DRIVING_PATHS,
  ...FOLLOWING_PATHS,
  ...STALK_PATHS,
  ...BODY_PATHS,
]);
followTheme(readings);
brand.follow(readings);
followJam(desk);

const root = document.getElementById("desk")!;
const part = (selector: string) => root.querySelector<HTMLElement>(selector)!;

await painted();

live(part(".of-car"), header);
live(part(".dashboard"), () => screens(connection.hello.value, brand.line.displays));
live(part(".hints"), () => html`${hint(desk)}${following(desk)}`);
live(part(".driving"), () => driving(desk));
live(part(".stalks"), () => stalks(desk));
live(part(".tabs"), tabs);
live(part(".body"), () => body(desk));
live(part(".world"), () => world(desk));
live(part(".faults"), () => faults(desk));
live(part(".overlay"), help);
effect(() => root.style.setProperty("--screens-aspect", widthPerHeight(brand.line.displays).toFixed(3)));

// Without a simulated car there is nothing here to operate: a recording drives, or a real car.
effect(() => {
  for (const panel of root.querySelectorAll<HTMLElement>(".seat .panel")) panel.inert = simulation.state.value === null;
});

const forgetKeys = listen({
  hold(name, down) {
    if (name === "horn") simulation.set({ horn: down });
    else if (name === "flash") flash(desk, down);
    else driver.key(name, down);
  },
  gentle: (down) => driver.gentle(down),
  press,
  driveByD: () =>
    simulation.state.peek()?.controls.gear !== "D" && Math.abs(readings.of(SPEED).peek().value as number) < 1,
});

function press(name: Press): void {
  const controls = simulation.state.peek()?.controls;
  const dialog = part("#help") as HTMLDialogElement;
  switch (name) {
    case "P":
    case "R":
    case "N":
    case "D":
      return simulation.set({ gear: name });
    case "parking_brake":
    case "ready":
    case "hazard":
    case "high_beam":
      return simulation.set({ [name]: !controls?.[name] });
    case "left":
    case "right":
      return pushStalk(desk, name === "left" ? "LEFT" : "RIGHT");
    case "lights":
      return next(desk, "light_switch");
    case "wiper":
      return next(desk, "wiper");
    case "help":
      return dialog.open ? dialog.close() : dialog.showModal();
    case "close":
      dialog.close();
      return letGo();
  }
}

/** Nobody is at the desk: feet off, hands off. */
function letGo(): void {
  const { accelerator, brake, steering } = driver.position;
  forgetKeys();
  driver.letGo();
  flash(desk, false);
  if (simulation.state.peek()?.controls.horn) simulation.set({ horn: false });
  if (accelerator === 0 && brake === 0 && steering === 0) return;
  position.value = driver.position;
  simulation.letGo();
}
addEventListener("pagehide", letGo);
document.addEventListener("visibilitychange", () => document.hidden && letGo());
setInterval(() => driver.kept.peek() !== null && !document.hasFocus() && letGo(), NOBODY_MS);

/** The keyboard goes to one of the screens, whose keys are not seen here: hands off, but the car goes on. */
function turnToScreen(): void {
  forgetKeys();
  flash(desk, false);
  if (simulation.state.peek()?.controls.horn) simulation.set({ horn: false });
  if (!driver.keepSpeed()) letGo();
}
// A browser may say who has the keyboard only after it has said that this window has not.
addEventListener("blur", () => setTimeout(() => (isAtScreen() ? turnToScreen() : letGo())));

function isAtScreen(): boolean {
  return document.activeElement instanceof HTMLIFrameElement && document.hasFocus();
}

/** Somebody writes on a screen. */
let isWriting = false;
hearKeyboard((keyboard) => {
  isWriting = keyboard === "written";
  if (keyboard === "returned") takeKeyboard();
});

addEventListener("focus", () => (isWriting = false));

function takeKeyboard(): void {
  if (!(document.activeElement instanceof HTMLIFrameElement)) return;
  document.activeElement.blur();
  focus();
}

// What was clicked gives the keyboard back, so that the arrows go on driving; a click by key keeps its focus.
addEventListener("click", (event) => {
  if (event.detail > 0 && document.activeElement instanceof HTMLElement) document.activeElement.blur();
});

// A finger on a screen takes the keyboard into its frame; a pointer that leaves the frame brings it back, but for one
// who is writing there.
part(".dashboard").addEventListener("mouseleave", () => !isWriting && takeKeyboard());

function header(): TemplateResult {
  const hello = connection.hello.value;
  const state = simulation.state.value;
  const silent = connection.state.value === "silent";
  const passenger = passengerUrl(hello, brand.line.displays);
  return html`
    <p class="car">${state?.title ?? hello?.line ?? ""}</p>
    <p class="connection" role="status" data-field="connection" data-state=${connection.state.value}>
      ${silent ? "No connection to the car" : nothing}
    </p>
    ${brandSwitch(desk)}
    <nav aria-label="Screens in their own window">
      ${["cluster", "centre", "signals"].map((page) => {
        const url = hello?.pages[page];
        return url
          ? html`<a class="button quiet" href=${url} target="_blank" data-link=${page}
              >${page[0]?.toUpperCase()}${page.slice(1)}${icon(openIcon)}</a
            >`
          : nothing;
      })}
      ${passenger
        ? html`<a class="button quiet" href=${passenger} target="_blank" data-link="passenger">Passenger${icon(openIcon)}</a>`
        : nothing}
      <button class="button quiet" type="button" data-control="help" title="Keyboard (?)" @click=${() => press("help")}>
        ${icon(helpIcon)}Keys
      </button>
    </nav>
  `;
}

function tabs(): TemplateResult {
  part(".aside").dataset["tab"] = tab.value;
  const broken = simulation.state.value?.faults.filter((fault) => fault.active).length ?? 0;
  return html`${TABS.map(
    ([name, title]) =>
      html`<button
        class="button quiet"
        type="button"
        data-tab=${name}
        aria-pressed=${tab.value === name}
        @click=${() => (tab.value = name)}
      >
        ${title}${name === "faults" && broken > 0 ? html`<span class="count">${broken}</span>` : nothing}
      </button>`,
  )}`;
}
