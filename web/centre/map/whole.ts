// The map page: where the car is and how far it gets, where to go, the plan with its stops, and guidance.

import "./map.css";
import { batch, effect, untracked } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import centreIcon from "@mdi/svg/svg/crosshairs-gps.svg";
import flatIcon from "@mdi/svg/svg/video-2d.svg";
import minusIcon from "@mdi/svg/svg/minus.svg";
import northIcon from "@mdi/svg/svg/compass-outline.svg";
import overviewIcon from "@mdi/svg/svg/map-search-outline.svg";
import plusIcon from "@mdi/svg/svg/plus.svg";
import reachIcon from "@mdi/svg/svg/map-marker-radius.svg";
import tiltIcon from "@mdi/svg/svg/video-3d.svg";
import type { NavigationPlace } from "../../shared/protocol";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { attribution } from "./attribution";
import { guidingPanel } from "./guiding";
import { areaOf, chargersOf, jamsOf, lines, type Mark, marksOf, wayOf } from "./overlays";
import { press } from "./parts";
import { GUIDANCE_PATHS, LATITUDE, LONGITUDE, PROGRESS, VIEW_PATHS } from "./paths";
import { drawn, fetchPicture, picture, showPicture } from "./picture";
import { placePanel } from "./place";
import { planPanel } from "./plan";
import { hasNone, region } from "./regions";
import { searchPanel } from "./search";
import { area, areaWanted, chargers, choose, chosen, follow, guidance, isGuiding, jams, nameOf, panel, pickedId, reach, shown, trips } from "./state";
import type { MapView, Touch } from "./view";

/** A panel wider than this part of the map lies below it, not beside it (map.css). */
const BELOW = 0.7;

let stops: (() => void)[] = [];

const page: CentrePage = {
  paths: [...VIEW_PATHS, ...GUIDANCE_PATHS],
  view(car) {
    if (hasNone.value) return noMap(car);
    const open = panel.value;
    return html`<div class="map" data-panel=${open} data-drawn=${drawn()}>
      <div class="picture">${picture.value?.element ?? nothing}${told(car)}</div>
      <section class="panel" aria-label=${car.t("map.title")}><div class="scroll">${content(car)}</div></section>
      ${drawn() === "ready" ? looking(car) : nothing} ${attribution()}
    </div>`;
  },
  opened(car) {
    stops = [follow(car), ...picturing(car), keys()];
  },
  closed() {
    for (const stop of stops.splice(0)) stop();
    picture.peek()?.hide();
  },
};
export default page;

function content(car: Car): TemplateResult {
  switch (panel.value) {
    case "guiding":
      return guidingPanel(car);
    case "plan":
      return planPanel(car);
    case "place":
      return placePanel(car, chosen.value!);
    case "search":
      return searchPanel(car);
  }
}

/** No map is no fault: how to get one. */
function noMap({ t }: Car): TemplateResult {
  return html`<section class="no-map" data-field="no_map">
    <h1>${t("map.none")}</h1>
    <p>${t("map.none_why")}</p>
    <p class="commands" dir="ltr">
      <code>alpenglow map fetch europe/andorra</code>
      <code>alpenglow map add FILE.osm.pbf</code>
    </p>
  </section>`;
}

function told({ t, readings }: Car): TemplateResult | typeof nothing {
  switch (drawn()) {
    case "no_webgl":
      return html`<p class="note" role="status" data-field="no_picture">${t("map.no_webgl")}</p>`;
    case "failed":
      return html`<p class="note" role="status" data-field="no_picture">${t("map.failed")}</p>`;
    case "ready":
      return readings.number(LATITUDE) === null || readings.number(LONGITUDE) === null
        ? html`<p class="note small" role="status" data-field="no_position">${t("map.no_position")}</p>`
        : nothing;
    default:
      return html`<p class="note" role="status">${t("common.loading")}</p>`;
  }
}

/** How the map is looked at. */
function looking(car: Car): TemplateResult {
  const { t, units } = car;
  const { follower } = picture.value!;
  const { follows, headingUp, tilted } = follower.camera.value;
  const way = shown.value;
  const control = (name: string, title: string, drawing: string, act: () => void, pressed?: boolean) =>
    press(car, { name, title, drawing, act, bare: true, ...(pressed === undefined ? {} : { pressed }) });
  return html`<div class="looking" role="group" aria-label=${t("map.looking")}>
    ${follows ? nothing : control("recentre", t("map.recentre"), centreIcon, () => follower.recentre())}
    ${way ? control("overview", t("map.overview"), overviewIcon, () => picture.peek()!.fit(way.route.points)) : nothing}
    ${control("zoom-in", t("map.zoom_in"), plusIcon, () => follower.zoom(1))}
    ${control("zoom-out", t("map.zoom_out"), minusIcon, () => follower.zoom(-1))}
    ${control("north", t("map.north_up"), northIcon, () => follower.turn(!headingUp), !headingUp)}
    ${control("tilt", t("map.tilt"), tilted ? flatIcon : tiltIcon, () => follower.tilt(!tilted), tilted)}
    ${control("reach", t("map.reach", { percent: units.percent(10).text }), reachIcon, () => void reach(car, !areaWanted.peek()), areaWanted.value)}
  </div>`;
}

/** Keeps the picture showing what the panels are about. */
function picturing(car: Car): (() => void)[] {
  const ready = () => (drawn() === "ready" ? picture.value : null);
  const put = (act: (view: MapView) => void) =>
    effect(() => {
      const view = ready();
      if (view) act(view);
    });
  let sized: ResizeObserver | null = null;
  return [
    effect(() => {
      const { value } = region;
      if (!value) return;
      fetchPicture();
      const view = picture.value;
      if (!view) return;
      view.touched = (touch) => touched(car, touch);
      untracked(() => showPicture(car, value));
    }),
    put((view) => view.put("route", wayOf(shown.value))),
    put((view) => {
      const others = panel.value === "plan" ? trips.value.filter(({ id }) => id !== shown.value?.id) : [];
      view.put("others", lines(others));
    }),
    put((view) => view.put("jams", jamsOf(jams.value))),
    put((view) => view.put("area", areaOf(area.value))),
    put((view) => view.put("chargers", chargersOf(chargers.value))),
    put((view) => view.put("marks", marksOf(marks()))),
    put((view) => {
      const length = guidance.value?.trip?.route.distance_m ?? 0;
      const isDriven = panel.value === "guiding" && length > 0;
      view.progress(isDriven ? (car.readings.number(PROGRESS) ?? 0) / length : 0);
    }),
    // What was chosen, planned or reached is brought into view; guidance is after the car.
    put((view) => {
      const [one, ways, ring] = [chosen.value, trips.value, area.value];
      untracked(() => {
        if (ways.length) view.fit(ways.flatMap(({ route }) => route.points));
        else if (one) view.fit([[one.position.longitude, one.position.latitude]]);
        else if (ring) view.fit(ring.rings.flat());
      });
    }),
    put((view) => {
      if (isGuiding.value) untracked(() => view.follower.recentre());
    }),
    put((view) => {
      sized ??= new ResizeObserver(() => cover(view));
      const map = view.element.closest(".map");
      for (const each of [map, map?.querySelector(".panel")]) if (each) sized.observe(each);
    }),
    () => sized?.disconnect(),
  ];
}

/** Tells the camera what of the map the panel covers. */
function cover(view: MapView): void {
  const map = view.element.closest<HTMLElement>(".map");
  const beside = map?.querySelector<HTMLElement>(".panel");
  if (!map || !beside) return;
  const isBelow = beside.offsetWidth > map.clientWidth * BELOW;
  const isRtl = getComputedStyle(map).direction === "rtl";
  const side = isBelow ? 0 : beside.offsetWidth;
  view.follower.cover({
    top: 0,
    bottom: isBelow ? Math.min(beside.offsetHeight, map.clientHeight * 0.6) : 0,
    left: isRtl ? 0 : side,
    right: isRtl ? side : 0,
  });
}

function marks(): readonly Mark[] {
  const trip = shown.value;
  if (!trip) {
    const place = chosen.value;
    return place ? [{ kind: "place", text: place.name, at: place.position }] : [];
  }
  return [
    ...trip.via.map((at) => ({ kind: "via", text: "", at }) as const),
    ...trip.stops.map(({ charger, departure_charge }) => {
      const text = `${charger.name} → ${Math.round(departure_charge)} %`;
      return { kind: "charge", text, at: charger.position } as const;
    }),
    { kind: "destination", text: nameOf(trip), at: trip.destination.position },
  ];
}

/** A finger on the map: a charger, another way, a name, or just there. */
function touched(car: Car, { overlay, id, at, name }: Touch): void {
  if (overlay === "others") {
    pickedId.value = id;
    return;
  }
  if (panel.peek() === "plan" || (panel.peek() === "guiding" && overlay !== "chargers")) return;
  const charger = overlay === "chargers" ? chargers.peek().find((each) => each.id === id) : undefined;
  const point: NavigationPlace = {
    id: "",
    name: name || car.t("map.point"),
    kind: "nature",
    category: "",
    where: `${at.latitude.toFixed(5)}, ${at.longitude.toFixed(5)}`,
    position: at,
    distance_m: null,
    detour_s: null,
    charger: null,
  };
  batch(() => choose(charger ?? point));
}

/** + and − zoom, 0 goes back to the car, wherever the focus is but in a text. */
function keys(): () => void {
  const act = (event: KeyboardEvent) => {
    const view = picture.peek();
    if (!view || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).matches("input:not([type=range]), textarea")) return;
    if (event.key === "+" || event.key === "=") view.follower.zoom(1);
    else if (event.key === "-") view.follower.zoom(-1);
    else if (event.key === "0") view.follower.recentre();
  };
  addEventListener("keydown", act);
  return () => removeEventListener("keydown", act);
}
