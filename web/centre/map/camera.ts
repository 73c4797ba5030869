// Where the map is looked at from: after the car, heading-up or north-up, flat or tilted; or where somebody has moved it.
//
// Between two positions the car glides. On a computer that draws slowly (no graphics processor) it steps instead.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Map as MapLibre, MapOptions, Marker } from "maplibre-gl";
import type { Region } from "../../shared/protocol";

export interface Camera {
  /** The car stays in view; false: somebody has moved the map, or all of a way is shown. */
  readonly follows: boolean;
  /** Up is where the car heads; false: north. */
  readonly headingUp: boolean;
  readonly tilted: boolean;
}

type Point = readonly [longitude: number, latitude: number];
type Box = readonly [west: number, south: number, east: number, north: number];

const TILT_DEG = 52;
/** Zoom for a car that stands, by itself. */
const NEAR_ZOOM = 16;
/** While guiding: closer when slow, since turns come one after the other, and far when fast. */
const ZOOMS = [
  { to_kmh: 30, zoom: 17.2 },
  { to_kmh: 60, zoom: 16.6 },
  { to_kmh: 90, zoom: 15.8 },
  { to_kmh: Infinity, zoom: 15 },
] as const;
/** Nobody keeps a map that they moved while they drive: it goes back to the car. */
const BACK_MS = 20_000;
/** Slower than this between two frames is a computer without a graphics processor. */
const SLOW_FRAME_MS = 60;
const GLIDE_MS = { least: 60, most: 1200 } as const;
/** Further than this at once is no driving: it is somewhere else. */
const JUMP_DEG = 0.01;
const ZOOM_STEP = 1;
/** Part of the way to the wanted zoom that is gone per frame. */
const ZOOM_EASE = 0.06;

export class Follower {
  readonly #camera = signal<Camera>({ follows: true, headingUp: true, tilted: false });
  #map: MapLibre | null = null;
  #marker: Marker | null = null;
  #inset = { top: 0, right: 0, bottom: 0, left: 0 };
  #region: Region | null = null;
  /** What is shown whole, until somebody moves the map. */
  #looked: [box: Box, margin_px: number] | null = null;
  #at: Point | null = null;
  #heading = 0;
  #from: { at: Point; heading: number } | null = null;
  #to: { at: Point; heading: number } | null = null;
  #moved_ms = 0;
  #glide_ms = 0;
  #speed_kmh = 0;
  #guides = false;
  #zoomedBy = 0;
  #frame = 0;
  #slow = 0;
  #isMoving = false;
  #back: ReturnType<typeof setTimeout> | undefined;

  get camera(): ReadonlySignal<Camera> {
    return this.#camera;
  }

  /** Where a map of `region` begins. */
  begin(region: Region): Partial<MapOptions> {
    this.#region = region;
    const to = this.#to;
    if (to && this.#isOnMap(to.at)) {
      this.#set({ follows: true });
      return { center: [...to.at], zoom: this.#zoom, bearing: this.#bearing(to.heading), pitch: this.#pitch };
    }
    this.#set({ follows: false });
    const { west, south, east, north } = region;
    return { bounds: [west, south, east, north], fitBoundsOptions: { padding: this.#inset } };
  }

  #isOnMap([x, y]: Point): boolean {
    const region = this.#region;
    return region !== null && region.west <= x && x <= region.east && region.south <= y && y <= region.north;
  }

  take(map: MapLibre, marker: Marker): void {
    [this.#map, this.#marker] = [map, marker];
    this.#isMoving = false;
    map.on("dragstart", ({ originalEvent }) => originalEvent && this.release());
    map.on("rotatestart", ({ originalEvent }) => originalEvent && this.release());
    map.on("zoomend", ({ originalEvent }) => {
      if (originalEvent && this.#camera.peek().follows) this.#zoomedBy += map.getZoom() - this.#zoom;
    });
    this.#place();
  }

  /** The car is at `at` (null: nobody knows), seen from a car that does `speed_kmh`. */
  move(at: Point | null, heading: number | null, speed_kmh: number, guides: boolean): void {
    const [zoom, guided] = [this.#zoom, this.#guides];
    [this.#speed_kmh, this.#guides] = [speed_kmh, guides];
    if (!at) {
      this.#to = this.#from = this.#at = null;
      this.#marker?.remove();
      this.#isMoving = false;
      return;
    }
    const to = { at, heading: heading ?? this.#heading };
    const last = this.#to;
    const isNews = !last || last.at[0] !== at[0] || last.at[1] !== at[1] || last.heading !== to.heading;
    if (!isNews && zoom === this.#zoom && guided === guides) return; // said again: nothing to draw
    const now = performance.now();
    const isFar = !this.#at || Math.hypot(at[0] - this.#at[0], at[1] - this.#at[1]) > JUMP_DEG;
    this.#glide_ms = isFar || this.#slow > 3 ? 0 : Math.min(GLIDE_MS.most, Math.max(GLIDE_MS.least, now - this.#moved_ms));
    this.#from = isFar ? to : { at: this.#at!, heading: this.#heading };
    this.#to = to;
    this.#moved_ms = now;
    this.#wake();
  }

  /** The page is closed: nothing moves until the next position. */
  rest(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#back);
    this.#frame = 0;
  }

  /** What covers the edges of the map, px. */
  cover(inset: { top: number; right: number; bottom: number; left: number }): void {
    if (JSON.stringify(inset) === JSON.stringify(this.#inset)) return;
    this.#inset = inset;
    if (this.#looked && !this.#camera.peek().follows) this.look(...this.#looked); // the panel grew over it
    this.#wake();
  }

  /** After the car again; where that is not on this map, all of the map. */
  recentre(): void {
    clearTimeout(this.#back);
    this.#zoomedBy = 0;
    const region = this.#region;
    if (region && !(this.#to && this.#isOnMap(this.#to.at))) this.look([region.west, region.south, region.east, region.north], 0);
    else this.#set({ follows: true });
  }

  turn(headingUp: boolean): void {
    this.#set({ headingUp });
    if (!this.#camera.peek().follows && !headingUp) this.#map?.easeTo({ bearing: 0 });
  }

  tilt(tilted: boolean): void {
    this.#set({ tilted });
    if (!this.#camera.peek().follows) this.#map?.easeTo({ pitch: this.#pitch });
  }

  zoom(steps: number): void {
    if (!this.#camera.peek().follows) {
      this.#looked = null;
      this.#map?.easeTo({ zoom: this.#map.getZoom() + steps * ZOOM_STEP, duration: this.#slow > 3 ? 0 : 200 });
      return;
    }
    this.#zoomedBy += steps * ZOOM_STEP;
    this.#wake();
  }

  /** Shows all within [west, south, east, north], and stays there. */
  look(box: Box, margin_px: number): void {
    const [west, south, east, north] = box;
    this.release();
    this.#looked = [box, margin_px];
    this.#map?.setPadding(this.#inset); // what is asked for below comes on top of it
    this.#map?.fitBounds([west, south, east, north], {
      padding: margin_px,
      bearing: 0,
      pitch: 0,
      maxZoom: 16,
      duration: this.#slow > 3 ? 0 : 500,
    });
  }

  /** Somebody has moved the map: it stays where they put it, while they drive for a while. */
  release(): void {
    clearTimeout(this.#back);
    this.#looked = null;
    if (this.#guides) this.#back = setTimeout(() => this.recentre(), BACK_MS);
    this.#set({ follows: false });
  }

  #set(change: Partial<Camera>): void {
    this.#camera.value = { ...this.#camera.peek(), ...change };
    this.#wake();
  }

  get #pitch(): number {
    return this.#camera.peek().tilted ? TILT_DEG : 0;
  }

  get #zoom(): number {
    const own = this.#guides ? ZOOMS.find(({ to_kmh }) => Math.abs(this.#speed_kmh) < to_kmh)!.zoom : NEAR_ZOOM;
    return Math.min(19, Math.max(5, own + this.#zoomedBy));
  }

  #bearing(heading: number): number {
    return this.#camera.peek().headingUp ? heading : 0;
  }

  #wake(): void {
    if (this.#frame || !this.#map) return;
    this.#frame = requestAnimationFrame((now) => this.#step(now, now));
  }

  #step(now: number, before: number): void {
    this.#frame = 0;
    if (now !== before) this.#slow = now - before > SLOW_FRAME_MS ? Math.min(20, this.#slow + 1) : Math.max(0, this.#slow - 0.5);
    if (!this.#place()) return;
    this.#frame = requestAnimationFrame((next) => this.#step(next, now));
  }

  /** Puts the car where it is by now, and the map around it. Whether it goes on. */
  #place(): boolean {
    const [map, from, to] = [this.#map, this.#from, this.#to];
    if (!map || !from || !to) return false;
    const share = this.#glide_ms ? Math.min(1, (performance.now() - this.#moved_ms) / this.#glide_ms) : 1;
    const turn = ((to.heading - from.heading + 540) % 360) - 180;
    this.#at = [from.at[0] + (to.at[0] - from.at[0]) * share, from.at[1] + (to.at[1] - from.at[1]) * share];
    this.#heading = from.heading + turn * share;
    this.#marker?.setLngLat([...this.#at]).setRotation(this.#heading);
    if (!this.#isMoving) {
      this.#marker?.addTo(map);
      this.#isMoving = true;
    }
    let isThere = share >= 1;
    if (this.#camera.peek().follows && !map.isZooming()) {
      const { top, right, bottom, left } = this.#inset;
      const wanted = this.#zoom;
      const zoom = map.getZoom();
      const near = Math.abs(wanted - zoom) < 0.01 || this.#slow > 3;
      isThere &&= near;
      const ahead = this.#camera.peek().headingUp && this.#guides ? map.getContainer().clientHeight * 0.3 : 0;
      map.jumpTo({
        center: [...this.#at],
        bearing: this.#bearing(this.#heading),
        pitch: this.#pitch,
        zoom: near ? wanted : zoom + (wanted - zoom) * ZOOM_EASE,
        padding: { top: top + ahead, right, bottom, left },
      });
    }
    return !isThere;
  }
}
