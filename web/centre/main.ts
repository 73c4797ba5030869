// The centre page: the shell around the pages, and the assistant.

import "./style";
import { computed, effect } from "@preact/signals-core";
import { html, nothing } from "lit/html.js";
import { Actuation } from "../shared/actuation";
import { brand, BRAND_PATHS } from "../shared/brand";
import { Connection } from "../shared/connection";
import { tellKeyboard } from "../shared/frame";
import { enforce, RESTRICTIONS_PATH } from "../shared/restrictions";
import { followTheme, THEME_PATHS } from "../shared/theme";
import { UNITS_PATHS } from "../shared/units";
import { live, painted } from "../shared/view";
import { LANGUAGE_PATH, languageOf } from "../shared/words";
import { Assistant, ASSISTANT_PATHS } from "./assistant/assistant";
import { composer } from "./assistant/composer";
import { keepFocus, panel } from "./assistant/panel";
import { suggestion } from "./assistant/suggestion";
import { spoken } from "./assistant/talk";
import { progress } from "./assistant/thinking";
import { Car, CAR_PATHS, type Screen } from "./car";
import { bar, BAR_PATHS } from "./climate/bar";
import { moveFocus } from "./focus";
import { Host } from "./host";
import { REVISIONS } from "./kept";
import { banner } from "./messages/banner";
import { chime } from "./messages/chimes";
import { clock, dock, message, SHELL_PATHS, stage, state } from "./shell";

/** What those who do not see it hear of the parts. */
const NAMED = [
  [".status", "common.status"],
  [".dock", "common.pages"],
  [".strip", "common.climate"],
] as const;

const settings = new URLSearchParams(location.search);
const connection = new Connection();
const { readings } = connection;
const root = document.getElementById("centre")!;
const screen = root.dataset["screen"] as Screen; // first.ts
const car = new Car(connection, new Actuation(connection), screen);
const assistant = new Assistant(connection, car.t, car.units);
if (screen === "passenger") assistant.seat.value = "passenger";

const part = (selector: string) => root.querySelector<HTMLElement>(selector)!;

followTheme(readings);
brand.follow(readings);
const host = new Host(car);
const moving = computed(() => assistant.moving.join());
host.follow(() => [
  ...THEME_PATHS,
  ...BRAND_PATHS,
  ...UNITS_PATHS,
  ...CAR_PATHS,
  ...SHELL_PATHS,
  ...ASSISTANT_PATHS,
  ...BAR_PATHS,
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

await Promise.all([car.words.speak(), painted()]);

live(part(".clock"), () => clock(car));
live(part(".say"), () => html`${composer(assistant, true)} ${assistant.isOpen.value ? nothing : progress(assistant)}`);
live(part(".state"), () => state(car));
live(part(".dock"), () => dock(car, host));
live(part(".stage"), () => stage(car, host));
live(part(".talks"), () => html`${assistant.isOpen.value ? panel(assistant, true) : nothing}`);
live(part(".strip"), () => bar(car));
live(
  part(".notices"),
  () => html`${assistant.isOpen.value ? nothing : suggestion(assistant)} ${banner(car)} ${message(car)}`,
);
live(part('[data-field="spoken"]'), () => html`${spoken(assistant)}`);
effect(() => {
  part(".stage").dataset["connection"] = connection.state.value;
  part(".stage").dataset["page"] = host.name.value;
  root.dataset["talks"] = String(assistant.isOpen.value);
});
chime(car);
requestIdleCallback(() => void host.fetchOthers());
