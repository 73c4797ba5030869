// Driving: the road ahead with who is on it, and what the assistants do.

import "./drive.css";
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import adaptiveIcon from "@mdi/svg/svg/arrow-expand-horizontal.svg";
import alertIcon from "@mdi/svg/svg/alert.svg";
import cruiseIcon from "@mdi/svg/svg/car-cruise-control.svg";
import holdIcon from "@mdi/svg/svg/speedometer.svg";
import laneIcon from "@mdi/svg/svg/road.svg";
import noteIcon from "@mdi/svg/svg/information-outline.svg";
import { Quality } from "../../shared/readings";
import type { Scale } from "../../shared/units";
import type { Car } from "../car";
import { type Choice, plain } from "../controls";
import type { CentrePage } from "../page";
import { CRUISE, DEPARTURE, LANE, LEAD, LIMIT, OBJECTS, OBSTACLE, SPEED, YAW_RATE } from "./paths";
import { Scene, SCENE_PATHS } from "./scene";
import { SHORT_GAP_MS, type Warning, WARNINGS, warnings } from "./warnings";

const scene = new Scene();

/** What is shown in figures changes with them, not with every frame of the bus. */
interface Figures {
  readonly speed: ReadonlySignal<number | null>;
  readonly distance: ReadonlySignal<number | null>;
  readonly gap: ReadonlySignal<number | null>;
  readonly around: ReadonlySignal<number | null>;
  /** Their names, joined by spaces. */
  readonly warnings: ReadonlySignal<string>;
}
const figures = signal<Figures | null>(null);

function figuresOf(car: Car): Figures {
  const { readings } = car;
  const rounded = (path: string, step: number) =>
    computed(() => {
      const value = readings.number(path);
      return value === null ? null : Math.round(value / step) * step;
    });
  return {
    speed: rounded(SPEED, 1),
    distance: rounded(`${OBSTACLE}.Distance`, 1),
    gap: rounded(`${OBSTACLE}.TimeGap`, 100),
    around: computed(() => (readings.list(OBJECTS) ? scene.others.count : null)),
    warnings: computed(() => warnings(car).join(" ")),
  };
}

/** Speed, limit and what has to be known now, over the picture. */
function over(car: Car, { speed, warnings: names }: Figures): TemplateResult {
  const { units, t, readings } = car;
  const { number, unit } = units.speed(speed.value);
  const limit = readings.number(LIMIT);
  const told = names.value.split(" ").filter(Boolean) as Warning[];
  return html`
    <div class="figures">
      <p class="speed figure" aria-label=${t("drive.speed", { speed: `${number} ${unit}` })}>
        <span class="number" data-field="speed">${number}</span><span class="unit">${unit}</span>
      </p>
      ${limit
        ? html`<p class="limit" role="img" data-field="limit" aria-label=${t("drive.limit", { speed: units.speed(limit).text })}>
            ${units.speed(limit).number}
          </p>`
        : nothing}
    </div>
    <ul class="warnings" role="alert" data-field="warnings">
      ${told.map((name) => {
        const { tone, text } = WARNINGS[name];
        const drawing = tone === "note" ? noteIcon : alertIcon;
        return html`<li data-warning=${name} data-tone=${tone}>${car.icon(`warning_${tone}`, drawing)}<span>${t(text)}</span></li>`;
      })}
    </ul>
  `;
}

/** The one ahead, in figures. */
function ahead(car: Car, { distance, gap, around }: Figures): TemplateResult {
  const { t, units } = car;
  const far = units.near(distance.value);
  const [gap_ms, count] = [gap.value, around.value];
  const isShort = gap_ms !== null && gap_ms < SHORT_GAP_MS;
  const text =
    count === null ? t("drive.unseen") : distance.value === null ? t("drive.free") : t("drive.ahead");
  return html`<section class="card ahead" data-short=${isShort}>
    <h2 data-field="lead">${text}</h2>
    <dl>
      <div>
        <dt>${t("drive.distance")}</dt>
        <dd>
          <span class="figure"
            ><span class="number" data-field="distance">${far.number}</span><span class="unit">${far.unit}</span></span
          >
        </dd>
      </div>
      <div>
        <dt>${t("drive.gap")}</dt>
        <dd>
          <span class="figure"
            ><span class="number" data-field="gap">${units.number(gap_ms === null ? null : gap_ms / 1000, 1)}</span
            ><span class="unit">s</span></span
          >
        </dd>
      </div>
    </dl>
    <p class="around" data-field="around">${count === null ? nothing : t("drive.around", { count })}</p>
  </section>`;
}

function has({ readings }: Car, path: string): boolean {
  return readings.quality(path) !== Quality.UNAVAILABLE;
}

/** What cruise control does, in a word. */
function state({ readings, t, units }: Car): string {
  const on = readings.boolean(`${CRUISE}.IsEnabled`);
  const set = readings.number(`${CRUISE}.SpeedSet`);
  if (on === null) return t("drive.cruise_unknown");
  if (!on) return t("drive.cruise_off");
  if (!readings.boolean(`${CRUISE}.IsActive`) || set === null) return t("drive.cruise_ready");
  return t("drive.cruise_holds", { speed: units.speed(set).text });
}

/** Set speed: in steps of five as it is shown. */
function speedScale({ units }: Car): Scale {
  const { unit } = units.speed(0);
  const factor = unit === "mph" ? 1.609344 : unit === "m/s" ? 3.6 : 1;
  return { ...plain(unit, 5), shown: (kmh) => kmh / factor, car: (shown) => shown * factor };
}

/** How long the gap is: as many bars as steps. */
function bars(count: number): TemplateResult {
  return html`<span class="bars" aria-hidden="true">${Array.from({ length: count }, () => html`<i></i>`)}</span>`;
}

function assistants(car: Car): TemplateResult {
  const { t, controls } = car;
  const toggle = (path: string, title: string, icon: string) =>
    has(car, path) ? controls.toggle({ path, title, drawing: icon }) : nothing;
  const intervals: readonly Choice[] = [1, 2, 3, 4].map((value) => ({
    value,
    title: t("drive.interval", { step: value }),
    content: bars(value),
  }));
  return html`<section class="card assistants" aria-label=${t("drive.assistants")}>
    <h2 data-field="cruise" data-active=${car.readings.boolean(`${CRUISE}.IsActive`) === true}>${state(car)}</h2>
    <div class="toggles">
      ${toggle(`${CRUISE}.IsEnabled`, t("drive.cruise"), cruiseIcon)}
      ${toggle(`${CRUISE}.IsActive`, t("drive.hold"), holdIcon)}
      ${toggle(`${CRUISE}.IsAdaptive`, t("drive.adaptive"), adaptiveIcon)}
      ${toggle(`${DEPARTURE}.IsEnabled`, t("drive.departure"), laneIcon)}
    </div>
    ${has(car, `${CRUISE}.SpeedSet`)
      ? controls.stepper({ path: `${CRUISE}.SpeedSet`, title: t("drive.set"), minimum: 20, maximum: 160, scale: speedScale(car) })
      : nothing}
    ${has(car, `${CRUISE}.AdaptiveIntervalSet`)
      ? controls.choice({ path: `${CRUISE}.AdaptiveIntervalSet`, title: t("drive.keeps") }, intervals)
      : nothing}
  </section>`;
}

const page: CentrePage = {
  paths: [
    SPEED,
    YAW_RATE,
    LIMIT,
    OBJECTS,
    LEAD,
    `${LANE}Width`,
    `${LANE}Offset`,
    `${LANE}Curvature`,
    OBSTACLE,
    CRUISE,
    DEPARTURE,
    ...SCENE_PATHS,
  ],
  view(car) {
    const now = figures.value;
    if (!now) return html``;
    scene.element.ariaLabel = car.t("drive.picture");
    return html`<div class="drive">
      <div class="road">${scene.element}${over(car, now)}</div>
      <div class="beside">${ahead(car, now)} ${assistants(car)}</div>
    </div>`;
  },
  opened(car) {
    figures.value = figuresOf(car);
    scene.start(car);
  },
  closed() {
    scene.stop();
    figures.value = null;
  },
};
export default page;
