// The picture of the map. There is one, which goes from page to page: its tiles, its place and what lies on it stay.
//
// Rules that always hold:
// - nothing of MapLibre is fetched before a map is shown for the first time;
// - a computer that cannot draw it (no WebGL) is told of, and everything that is not the picture works without it;
// - while nothing moves and nobody touches it, nothing is drawn.

import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre, MapMouseEvent, Marker } from "maplibre-gl";
import type { Position, Region } from "../../shared/protocol";
import type { Car } from "../car";
import { type Camera, Follower } from "./camera";
import { followColours, type MapColours } from "./colours";
import { faces } from "./fonts";
import { type Graphics, graphics } from "./graphics";
import { images } from "./images";
import { driven, NOTHING, type Overlay, SOURCES, TOUCHED } from "./overlays";
import { HEADING, LATITUDE, LONGITUDE, SPEED, STATE } from "./paths";
import { mapStyle } from "./style";

export type Drawn = "waiting" | "loading" | "ready" | "no_webgl" | "failed";

/** What a finger met on the map. */
export interface Touch {
  readonly at: Position;
  /** What lies there: its overlay and its id; else the map itself, with the name that is written there. */
  readonly overlay: Overlay | null;
  readonly id: string;
  readonly name: string;
}

/** A long way around the world, in px at the edges of the view, when all of something is to be seen. */
const MARGIN_PX = 110;
const TOUCH_PX = 28;
/** A computer without a graphics processor draws so many pixels in a time that people wait; more, and the map is coarser. */
const SOFTWARE_PIXELS = 1.1e6;
const LAYERS_WITH_NAMES = ["places", "pois", "peaks"];

export class MapView {
  /** Put where the map is to be seen; it fills what it stands in. */
  readonly element: HTMLElement;
  readonly follower: Follower;
  readonly #drawn = signal<Drawn>("waiting");
  readonly #data = new Map<Overlay, FeatureCollection>();
  #map: MapLibre | null = null;
  #marker: Marker | null = null;
  #tiles = "";
  #language = "";
  #colours: MapColours | null = null;
  #share = 0;
  #graphics: Graphics | null = null;
  #stops: (() => void)[] = [];
  #turn = 0;
  /** Called for each touch that is not a gesture. */
  touched: (touch: Touch) => void = () => {};

  constructor() {
    this.element = document.createElement("div");
    this.element.className = "map-view";
    this.follower = new Follower();
  }

  get drawn(): ReadonlySignal<Drawn> {
    return this.#drawn;
  }

  get camera(): ReadonlySignal<Camera> {
    return this.follower.camera;
  }

  /** Shows a region from now on; its element is in the document. */
  async show(car: Car, region: Region): Promise<void> {
    const turn = ++this.#turn;
    this.#hold(car);
    const tiles = `pmtiles://${address(region.tiles)}`;
    const language = car.words.language.value;
    if (this.#map && this.#tiles === tiles) {
      this.#map.resize();
      return this.#restyle();
    }
    this.#map?.remove();
    this.#map = null;
    [this.#tiles, this.#language] = [tiles, language];
    this.#graphics ??= graphics();
    if (this.#graphics === "none") {
      this.#drawn.value = "no_webgl";
      return;
    }
    this.#drawn.value = "loading";
    performance.mark("map:start");
    try {
      const [{ Map: Library, Marker }, pictures] = await Promise.all([import("./library"), images(this.#colours!)]);
      if (turn !== this.#turn || !this.element.isConnected) {
        if (turn === this.#turn) this.#drawn.value = "waiting";
        return;
      }
      performance.mark("map:style");
      const map = new Library({
        container: this.element,
        style: this.#style(),
        attributionControl: false, // ours stands beside the map, on every screen and always open
        keyboard: false, // keys go from control to control; the page has its own for the map
        pixelRatio: this.#pixelRatio(),
        fadeDuration: 0,
        maxPitch: 60,
        minZoom: 4,
        maxZoom: 19,
        renderWorldCopies: false,
        refreshExpiredTiles: false,
        validateStyle: import.meta.env.DEV,
        clickTolerance: 8,
        ...this.follower.begin(region),
      });
      this.#map = map;
      const canvas = map.getCanvas();
      canvas.tabIndex = -1;
      canvas.removeAttribute("role");
      canvas.ariaHidden = "true";
      map.once("style.load", () => {
        for (const [name, { data, options }] of pictures) map.addImage(name, data, options);
        for (const each of SOURCES) this.#fill(each);
      });
      map.once("idle", () => {
        performance.mark("map:idle");
        this.element.dataset["drawn"] = "true";
      });
      map.on("click", (event) => this.#touch(event));
      map.on("error", ({ error }) => console.warn("map:", error.message));
      this.#marker = new Marker({ element: carMark(), rotationAlignment: "map", pitchAlignment: "map" });
      this.follower.take(map, this.#marker);
      this.#drawn.value = "ready";
    } catch (error) {
      this.#drawn.value = "failed";
      this.#tiles = ""; // it is tried again when a page shows the map anew
      console.warn("the map could not be drawn:", error);
    }
  }

  /** Follows nothing any more: the page that showed it is closed. */
  hide(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.follower.rest();
  }

  /** Puts something over the map. */
  put(overlay: Overlay, data: FeatureCollection): void {
    if (this.#data.get(overlay) === data) return;
    this.#data.set(overlay, data);
    this.#fill(overlay);
  }

  /** How much (0…1) of the way lies behind. */
  progress(share: number): void {
    if (share === this.#share || (share !== 0 && Math.abs(share - this.#share) < 0.002)) return;
    this.#share = share;
    this.#paintWay();
  }

  /** Shows all of these points, [longitude, latitude]. */
  fit(points: readonly (readonly [number, number])[]): void {
    if (points.length === 0) return;
    const x = points.map(([longitude]) => longitude);
    const y = points.map(([, latitude]) => latitude);
    const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
    const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
    this.follower.look([least(x), least(y), most(x), most(y)], MARGIN_PX);
  }

  #fill(overlay: Overlay): void {
    const source = this.#map?.getSource(overlay) as GeoJSONSource | undefined;
    void source?.setData(this.#data.get(overlay) ?? NOTHING);
  }

  #style() {
    return mapStyle(this.#colours!, this.#tiles, this.#language, faces());
  }

  /** The screen's own pixels: the page is scaled as a whole, and more of them than there are would cost and not be seen. */
  #pixelRatio(): number {
    const { width } = this.element.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.element;
    const ratio = devicePixelRatio * (width / (clientWidth || width) || 1);
    if (this.#graphics !== "software") return ratio;
    return Math.min(ratio, Math.sqrt(SOFTWARE_PIXELS / Math.max(1, clientWidth * clientHeight)));
  }

  #hold(car: Car): void {
    this.hide();
    const { readings } = car;
    this.#stops.push(
      followColours((colours) => {
        const isNew = this.#colours !== null;
        this.#colours = colours;
        if (isNew) void this.#restyle();
      }),
      effect(() => {
        const language = car.words.language.value;
        if (language === this.#language) return;
        this.#language = language;
        void this.#restyle();
      }),
      effect(() => {
        const [latitude, longitude] = [readings.number(LATITUDE), readings.number(LONGITUDE)];
        const isGuiding = ["GUIDING", "REROUTING"].includes(readings.string(STATE) ?? "");
        const at = latitude === null || longitude === null ? null : ([longitude, latitude] as const);
        this.follower.move(at, readings.number(HEADING), readings.number(SPEED) ?? 0, isGuiding);
      }),
    );
    const sized = new ResizeObserver(() => this.#map?.setPixelRatio(this.#pixelRatio()));
    sized.observe(this.element);
    this.#stops.push(() => sized.disconnect());
  }

  async #restyle(): Promise<void> {
    const map = this.#map;
    const colours = this.#colours;
    if (!map || !colours) return;
    const pictures = await images(colours);
    if (colours !== this.#colours || map !== this.#map) return;
    map.setStyle(this.#style(), {
      transformStyle: (before, next) => {
        for (const name of SOURCES) if (before?.sources[name]) next.sources[name] = before.sources[name];
        return next;
      },
    });
    for (const [name, { data }] of pictures) if (map.hasImage(name)) map.updateImage(name, data);
    this.#paintWay();
  }

  #paintWay(): void {
    if (this.#map?.getLayer("route") && this.#colours)
      this.#map.setPaintProperty("route", "line-gradient", driven(this.#colours, this.#share));
  }

  #touch({ point, lngLat }: MapMouseEvent): void {
    const map = this.#map!;
    const { x, y } = point;
    const around: [[number, number], [number, number]] = [
      [x - TOUCH_PX, y - TOUCH_PX],
      [x + TOUCH_PX, y + TOUCH_PX],
    ];
    for (const layer of TOUCHED) {
      const id = map.queryRenderedFeatures(around, { layers: [layer] })[0]?.properties["id"];
      if (typeof id === "string") return this.touched({ at: position(lngLat), overlay: layer, id, name: "" });
    }
    const named = map.queryRenderedFeatures(around, { layers: LAYERS_WITH_NAMES })[0];
    const name = String(named?.properties["name"] ?? "");
    const at = named?.geometry.type === "Point" ? (named.geometry.coordinates as [number, number]) : null;
    this.touched({ at: at ? { longitude: at[0], latitude: at[1] } : position(lngLat), overlay: null, id: "", name });
  }
}

function position({ lng, lat }: { lng: number; lat: number }): Position {
  return { longitude: lng, latitude: lat };
}

/** A file below the pages' server, with the token that this page came with. */
function address(path: string): string {
  const url = new URL(`/${path}`, location.href);
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  return url.href;
}

function carMark(): HTMLElement {
  const mark = document.createElement("div");
  mark.className = "map-car";
  mark.innerHTML = `<svg viewBox="-50 -50 100 100" aria-hidden="true"><circle r="46"/><path d="M0-32 22 26 0 14-22 26Z"/></svg>`;
  return mark;
}

/** The one map of this screen. */
export const view = new MapView();
