// Home: the car at rest, what people reach for first, and what is next. Which cards come first is the brand's choice.

import "./home.css";
import { effect, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import ambientIcon from "@mdi/svg/svg/led-strip-variant.svg";
import bootIcon from "@mdi/svg/svg/car-back.svg";
import domeIcon from "@mdi/svg/svg/dome-light.svg";
import lockIcon from "@mdi/svg/svg/lock.svg";
import wheelIcon from "@mdi/svg/svg/steering.svg";
import { brand } from "../../shared/brand";
import type { Timer } from "../../shared/protocol";
import type { Car } from "../car";
import { chargeCard } from "../energy/card";
import { CARD_PATHS as CHARGE_PATHS } from "../energy/paths";
import { nowPlaying } from "../media/card";
import { PLAYING_PATHS } from "../media/paths";
import type { CentrePage } from "../page";
import { drawing, DRAWING_PATHS, OPENINGS } from "./drawing";
import { followMap, MAP_PATHS, mapCard } from "./map";

const ASSISTANT = "Vehicle.Alpenglow.Assistant.State";
const DOME = "Vehicle.Cabin.Light.IsDomeOn";
const DOORS = ["Row1.DriverSide", "Row1.PassengerSide", "Row2.DriverSide", "Row2.PassengerSide"] as const;
const LOCKS = DOORS.map((door) => `Vehicle.Cabin.Door.${door}.IsLocked`);
const BOOT = "Vehicle.Body.Trunk.Rear.IsOpen";
const AMBIENT = ["DriverSide", "PassengerSide"].map((side) => `Vehicle.Cabin.Light.AmbientLight.Row1.${side}.IsLightOn`);
const WHEEL = "Vehicle.Chassis.SteeringWheel.HeatingCooling";

type CardName = "car" | "event" | "media" | "energy";
const CARDS: readonly CardName[] = ["car", "media", "event", "energy"];

/** What waits for its moment, asked of the assistant whenever it has come to rest. */
const timers = signal<readonly Timer[]>([]);
let stop = () => {};

const page: CentrePage = {
  paths: [
    ...DRAWING_PATHS,
    ...LOCKS,
    ...AMBIENT,
    DOME,
    BOOT,
    WHEEL,
    ASSISTANT,
    ...CHARGE_PATHS,
    ...PLAYING_PATHS,
    ...MAP_PATHS,
  ],
  view(car) {
    const wanted = brand.layout.home.filter((name): name is CardName => CARDS.includes(name as CardName));
    const order = wanted.length ? wanted : CARDS;
    // The car, and the map beside it, is large wherever the brand puts it: before the cards, or behind them.
    const large = car.screen === "centre" && order.includes("car") ? html`<div class="large">${carView(car)}${mapCard(car)}</div>` : nothing;
    return html`<div class="home" data-first=${order[0] ?? nothing} data-screen=${car.screen}>
      ${order[0] === "car" ? large : nothing}
      <div class="beside">${order.filter((name) => name !== "car").map((name) => card(car, name))}</div>
      ${order[0] === "car" ? nothing : large}
      ${shortcuts(car)}
    </div>`;
  },
  opened(car) {
    const { connection, readings } = car;
    const stopTimers = effect(() => {
      if (readings.string(ASSISTANT) !== "IDLE") return;
      connection.call("assistant.timers", {}).then(
        (answer) => (timers.value = answer),
        () => (timers.value = []), // an assistant that does not answer has nothing planned that anybody could tell
      );
    });
    const stopMap = car.screen === "centre" ? followMap(car) : () => {};
    stop = () => {
      stopTimers();
      stopMap();
    };
  },
  closed: () => stop(),
};
export default page;

function card(car: Car, name: Exclude<CardName, "car">): TemplateResult | typeof nothing {
  switch (name) {
    case "event":
      return nextEvent(car);
    case "energy":
      return html`<div class="slot" data-card="energy">${chargeCard(car)}</div>`;
    case "media": {
      const shown = nowPlaying(car);
      return shown === nothing ? nothing : html`<div class="slot" data-card="media">${shown}</div>`;
    }
  }
}

/** The car, calm, and in one line what about it is not. */
function carView(car: Car): TemplateResult {
  const { readings, t } = car;
  const open = OPENINGS.filter(([path]) => readings.boolean(path) === true).map(([, key]) => t(key));
  const known = OPENINGS.every(([path]) => readings.boolean(path) !== null);
  const says = open.length ? t("home.open", { what: open.join(t("home.and")) }) : t(known ? "home.closed" : "home.unknown");
  return html`<section class="card car-view" data-card="car" aria-label=${t("home.car")}>
    <div class="about">
      <h1>${brand.line.title || t("home.car")}</h1>
      <p data-field="openings" data-open=${open.length > 0}>${says}</p>
    </div>
    ${drawing(car)}
  </section>`;
}

function nextEvent({ t }: Car): TemplateResult {
  const next = timers.value[0];
  return html`<section class="card" data-card="event">
    <h2>${t("home.next")}</h2>
    <p class="primary" data-field="next">${next ? next.said : t("home.nothing_next")}</p>
    ${timers.value.length > 1 ? html`<p class="second">${t("home.more", { count: timers.value.length - 1 })}</p>` : nothing}
  </section>`;
}

function shortcuts({ controls, t, screen }: Car): TemplateResult {
  const levels = [
    { value: 0, title: t("common.off") },
    { value: 50, title: "1" },
    { value: 100, title: "2" },
  ];
  const [lock, ...locks] = LOCKS;
  const [ambient, ...ambients] = AMBIENT;
  return html`<section class="shortcuts" data-card="shortcuts" aria-label=${t("home.shortcuts")}>
    ${screen === "centre"
      ? html`${controls.toggle({ path: lock!, title: t("home.doors"), drawing: lockIcon, states: [t("home.locked"), t("home.unlocked")] }, locks)}
        ${controls.toggle({ path: BOOT, title: t("home.boot"), drawing: bootIcon, states: [t("home.is_open"), t("home.is_closed")] })}
        ${brand.has("steering_wheel_heating") ? controls.levels({ path: WHEEL, title: t("home.wheel"), drawing: wheelIcon }, levels) : nothing}`
      : nothing}
    ${controls.toggle({ path: DOME, title: t("home.dome"), drawing: domeIcon })}
    ${brand.has("ambient_light") ? controls.toggle({ path: ambient!, title: t("home.ambient"), drawing: ambientIcon }, ambients) : nothing}
  </section>`;
}
