// The centre page: the shell around the pages, and the assistant.

import "../shared/theme.css";
import "../shared/controls.css";
import "./centre.css";
import "./assistant/assistant.css";
import { computed, effect } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit";
import { Actuation } from "../shared/actuation";
import { brand, BRAND_PATHS } from "../shared/brand";
import { Connection } from "../shared/connection";
import { tellKeyboard } from "../shared/frame";
import { enforce, RESTRICTIONS_PATH } from "../shared/restrictions";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { UNITS_PATHS } from "../shared/units";
import { live } from "../shared/view";
import { LANGUAGE_PATH, languageOf } from "../shared/words";
import { Assistant, ASSISTANT_PATHS } from "./assistant/assistant";
import { composer } from "./assistant/composer";
import { keepFocus, panel } from "./assistant/panel";
import { suggestion } from "./assistant/suggestion";
import { spoken } from "./assistant/talk";
import { progress } from "./assistant/thinking";
import { Car, CAR_PATHS } from "./car";
import { fit } from "./fit";
import { moveFocus } from "./focus";
import { Host } from "./host";
import { REVISIONS } from "./kept";
import { clock, dock, message, SHELL_PATHS, stage, state } from "./shell";

/** What the climate and messages pages give the shell. */
interface Strip {
  readonly paths: readonly string[];
  view(car: Car): TemplateResult | typeof nothing;
  /** Called once, when the page begins. */
  start?(car: Car): void;
}
const strips = import.meta.glob<Strip>(["./climate/bar.ts", "./messages/banner.ts"], { eager: true });
const bar = strips["./climate/bar.ts"];
const banner = strips["./messages/banner.ts"];

/** What those who do not see it hear of the parts. */
const NAMED = [
  [".status", "common.status"],
  [".dock", "common.pages"],
  [".strip", "common.climate"],
] as const;

const settings = new URLSearchParams(location.search);
const connection = new Connection();
const { readings } = connection;
const screen = settings.get("screen") === "passenger" ? "passenger" : "centre";
const car = new Car(connection, new Actuation(connection), screen);
const assistant = new Assistant(connection, car.t, car.units);
if (screen === "passenger") assistant.seat.value = "passenger";

const root = document.getElementById("centre")!;
root.dataset["screen"] = screen;
root.innerHTML = `
  <header class="status">
    <div class="clock"></div>
    <div class="say"></div>
    <div class="state"></div>
  </header>
  <nav class="dock"></nav>
  <main class="stage"></main>
  <div class="talks"></div>
  <footer class="strip"></footer>
  <div class="notices"></div>
  <p class="visually-hidden" aria-live="polite" data-field="spoken"></p>`;
const part = (selector: string) => root.querySelector<HTMLElement>(selector)!;

followTheme(readings);
brand.follow(readings);
const layout = fit(root, screen);
const host = new Host(car);
const moving = computed(() => assistant.moving.join());
host.follow(() => [
  ...THEME_PATHS,
  ...BRAND_PATHS,
  ...UNITS_PATHS,
  ...CAR_PATHS,
  ...SHELL_PATHS,
  ...ASSISTANT_PATHS,
  ...(bar?.paths ?? []),
  ...(banner?.paths ?? []),
  LANGUAGE_PATH,
  RESTRICTIONS_PATH,
  REVISIONS,
  ...moving.value.split(",").filter(Boolean),
]);
enforce({
  restricted: (restriction) => car.restricted(restriction),
  isExempt: (field) => field.closest(".composer") !== null && !assistant.isKeyboardClosed,
  tell: (what) => car.say(car.t(what === "keyboard" ? "common.keyboard_closed" : "common.video_closed"), "warning"),
});
keepFocus(root);
moveFocus(root, { byWheel: settings.get("knob") === "wheel" });
tellKeyboard();

effect(() => {
  const language = languageOf(readings.string(LANGUAGE_PATH));
  if (language) void car.words.speak(language);
});
effect(() => {
  const { style, dataset } = document.documentElement;
  // Said by style alone (controls.css), since the host adds nothing to what pages draw.
  style.setProperty("--more-when-parked", JSON.stringify(car.t("common.more_when_parked")));
  style.setProperty("--setup-when-parked", JSON.stringify(car.t("common.setup_when_parked")));
  dataset["dock"] = brand.layout.dock;
  for (const [selector, title] of NAMED) part(selector).ariaLabel = car.t(title);
});

await car.words.load("common", "assistant", "climate", "messages");

live(part(".clock"), () => clock(car));
live(part(".say"), () => html`${composer(assistant, true)} ${assistant.isOpen.value ? nothing : progress(assistant)}`);
live(part(".state"), () => state(car, host));
live(part(".dock"), () => dock(car, host));
live(part(".stage"), () => stage(car, host));
live(part(".talks"), () => html`${assistant.isOpen.value ? panel(assistant, true) : nothing}`);
live(part(".strip"), () => html`${bar?.view(car) ?? nothing}`);
live(
  part(".notices"),
  () => html`${assistant.isOpen.value ? nothing : suggestion(assistant)} ${banner?.view(car) ?? nothing} ${message(car)}`,
);
live(part('[data-field="spoken"]'), () => html`${spoken(assistant)}`);
effect(() => {
  part(".stage").dataset["connection"] = connection.state.value;
  part(".stage").dataset["page"] = host.name.value;
  root.dataset["talks"] = String(assistant.isOpen.value);
  root.dataset["layout"] = layout.value;
});
bar?.start?.(car);
banner?.start?.(car);
host.fetchOthers();
void car.words.load("refusal");
