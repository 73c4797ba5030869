// The picture of the road: our lane, the others on it, and us, sixty times a second without a graphics card.
//
// Rules that always hold:
// - a frame is painted only when something in it has moved, and none while the page is not open;
// - what the car does not know is not drawn: no lane lines without a camera, nobody without a radar;
// - colours and fonts are read when theme or brand change (colours.ts), never while drawing.

import { effect } from "@preact/signals-core";
import { frameCounter } from "../../shared/measure";
import type { Car } from "../car";
import { Camera } from "./camera";
import { type Colours, followColours } from "./colours";
import { Others } from "./others";
import { CRUISE, LANE, LEAD, OBJECTS, OBSTACLE, SPEED, YAW_RATE } from "./paths";
import { type Lamps, OWN_LENGTH_M, Vehicles } from "./vehicles";
import { SHORT_GAP_MS } from "./warnings";

/** Where the car does not know the lane, its width is guessed (Europe builds 3.25 to 3.75 m). */
const LANE_M = 3.5;
const GUESS_M = 2;
const LINE_HALF_M = 0.07;
const DASH_M = 4;
const PERIOD_M = 10;
const SEEN_M = 150;
/** Road users fade out towards the end of what the radar reaches. */
const FADES_FROM_M = 110;
/** Points at which a bending road is drawn, m ahead; a straight one needs its ends alone. */
const BENDS_AT_M = [0, 8, 16, 26, 38, 52, 70, 92, 118, SEEN_M] as const;
/** The view of the bend follows what the camera says within this time. */
const SETTLE_S = 0.25;
/** After a pause (hidden page) the road goes on from where it was. */
const LONGEST_STEP_S = 0.1;

const BRAKES = "Vehicle.Body.Lights.Brake.IsActive";
const INDICATOR = (side: "Left" | "Right") => `Vehicle.Body.Lights.DirectionIndicator.${side}.IsSignaling`;
export const SCENE_PATHS: readonly string[] = [BRAKES, INDICATOR("Left"), INDICATOR("Right")];

export class Scene {
  readonly element = document.createElement("canvas");
  readonly #pen = this.element.getContext("2d", { alpha: false })!;
  readonly #camera = new Camera();
  readonly #vehicles = new Vehicles(this.#pen, this.#camera);
  readonly others = new Others();
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #haze = document.createElement("canvas");
  #colours: Colours | null = null;
  #stop: (() => void) | null = null;
  #car: Car | null = null;
  /** px of this canvas for one of the page. */
  #ratio = 1;
  #travelled_m = 0;
  #curvature = 0;
  #offset = 0;
  #label = "";
  #labelWidth = 0;
  #isStale = true; // the picture is not what is now

  constructor() {
    this.element.className = "picture";
    this.element.setAttribute("role", "img");
    this.#haze.width = 1;
  }

  /** Begins to draw what `car` sees. */
  start(car: Car): void {
    this.stop();
    this.#car = car;
    const sizes = new ResizeObserver(([entry]) => entry && this.#resize(entry));
    sizes.observe(this.element, { box: "device-pixel-content-box" });
    const ends = [
      () => sizes.disconnect(),
      followColours((colours) => this.#dress(colours)),
      effect(() => this.#look(car)),
      effect(() => this.#say(car)),
    ];
    const count = frameCounter();
    let before = performance.now();
    let next = requestAnimationFrame(function frame(this: Scene, now: number) {
      count(now);
      const dt_s = Math.min(LONGEST_STEP_S, Math.max(0, (now - before) / 1000));
      before = now;
      this.#step(car, now / 1000, dt_s);
      next = requestAnimationFrame(frame.bind(this));
    }.bind(this));
    this.#stop = () => {
      cancelAnimationFrame(next);
      for (const end of ends) end();
    };
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.others.clear();
  }

  #resize(entry: ResizeObserverEntry): void {
    const size = entry.devicePixelContentBoxSize[0];
    if (!size || !size.inlineSize || !size.blockSize) return;
    this.element.width = size.inlineSize;
    this.element.height = size.blockSize;
    this.#ratio = size.blockSize / Math.max(1, entry.contentRect.height);
    this.#camera.resize(size.inlineSize, size.blockSize);
    this.#labelWidth = 0;
    this.#mist();
  }

  #dress(colours: Colours): void {
    this.#colours = colours;
    this.#labelWidth = 0;
    this.#mist();
  }

  /** The far end of the road lies in haze; made once, since gradients are slow to fill. */
  #mist(): void {
    const pen = this.#haze.getContext("2d");
    const colours = this.#colours;
    this.#isStale = true;
    if (!pen || !colours) return;
    this.#haze.height = 64;
    const fill = pen.createLinearGradient(0, 0, 0, 64);
    fill.addColorStop(0, colours.sky);
    fill.addColorStop(1, colours.clear);
    pen.clearRect(0, 0, 1, 64);
    pen.fillStyle = fill;
    pen.fillRect(0, 0, 1, 64);
  }

  /** Another scan, or none any more. */
  #look({ readings }: Car): void {
    const scan = readings.list(OBJECTS);
    const lead = readings.of(LEAD).peek().value;
    if (scan) this.others.take(scan, typeof lead === "number" ? lead : null, performance.now() / 1000);
    else this.others.clear();
    this.#isStale = true;
  }

  /** The line above the one ahead: distance and gap. */
  #say({ readings, units }: Car): void {
    const distance = readings.number(`${OBSTACLE}.Distance`);
    const gap = readings.number(`${OBSTACLE}.TimeGap`);
    const near = distance === null ? "" : units.near(Math.round(distance)).text;
    const label = near && gap !== null ? `${near}  ·  ${units.number(gap / 1000, 1)} s` : near;
    if (label.replace(/\d/g, "0") !== this.#label.replace(/\d/g, "0")) this.#labelWidth = 0; // figures are as wide as each other
    this.#label = label;
  }

  #step({ readings }: Car, now_s: number, dt_s: number): void {
    const speed_ms = (readings.number(SPEED) ?? 0) / 3.6;
    if (speed_ms && !this.#still.matches) {
      const moved = this.#travelled_m + speed_ms * dt_s;
      this.#travelled_m = moved - Math.floor(moved / PERIOD_M) * PERIOD_M;
      this.#isStale = true;
    }
    const yaw = readings.number(YAW_RATE);
    const turns = yaw !== null && speed_ms > 3 ? (yaw * Math.PI) / 180 / speed_ms : 0;
    const settled = 1 - Math.exp(-dt_s / SETTLE_S);
    const bend = (readings.number(`${LANE}Curvature`) ?? turns) - this.#curvature;
    const drift = (readings.number(`${LANE}Offset`) ?? 0) - this.#offset;
    this.#curvature += bend * settled;
    this.#offset += drift * settled;
    if (!this.others.isEmpty || Math.abs(bend) > 1e-6 || Math.abs(drift) > 1e-3) this.#isStale = true;
    const lamps = this.#lamps();
    if (lamps.braking !== this.#shown.braking || lamps.left !== this.#shown.left || lamps.right !== this.#shown.right) this.#isStale = true;
    if (!this.#isStale || !this.#colours) return;
    const seen = this.others.step(now_s, dt_s);
    this.#isStale = false;
    this.#shown = lamps;
    this.#paint(this.#colours, seen, lamps);
  }

  #shown: Lamps = { braking: false, left: false, right: false };

  #lamps(): Lamps {
    const { readings } = this.#car!;
    const brakes = readings.string(BRAKES);
    return {
      braking: brakes !== null && brakes !== "INACTIVE",
      left: readings.boolean(INDICATOR("Left")) === true,
      right: readings.boolean(INDICATOR("Right")) === true,
    };
  }

  #paint(colours: Colours, seen: ReturnType<Others["step"]>, lamps: Lamps): void {
    const pen = this.#pen;
    const { width, height, horizon } = this.#camera;
    pen.fillStyle = colours.sky;
    pen.fillRect(0, 0, width, Math.ceil(horizon));
    pen.fillStyle = colours.ground;
    pen.fillRect(0, Math.floor(horizon), width, height - Math.floor(horizon));
    this.#lane(colours);
    const { lead } = this.others;
    const isShort = this.#isShort();
    if (lead && lead.presence > 0) this.#gap(colours, lead.ahead, lead.left, isShort);
    pen.drawImage(this.#haze, 0, Math.floor(horizon) - 1, width, (height - horizon) * 0.22);
    let isOwnDrawn = false;
    for (const other of seen) {
      if (!isOwnDrawn && other.ahead < -OWN_LENGTH_M) {
        this.#vehicles.own(colours, lamps);
        isOwnDrawn = true;
      }
      const far = Math.min(1, Math.max(0, (SEEN_M - other.ahead) / (SEEN_M - FADES_FROM_M)));
      pen.globalAlpha = other.presence * far;
      const paint = other !== lead ? colours.other : isShort ? colours.near : colours.lead;
      if (far > 0) this.#vehicles.other(other.kind, other.left, other.ahead, this.#curvature, paint, colours);
      pen.globalAlpha = 1;
    }
    if (!isOwnDrawn) this.#vehicles.own(colours, lamps);
    if (lead && lead.presence > 0 && lead.ahead < SEEN_M) this.#write(colours, lead.kind, lead.left, lead.ahead, isShort);
  }

  #isShort(): boolean {
    const { readings } = this.#car!;
    const gap = readings.number(`${OBSTACLE}.TimeGap`);
    return readings.boolean(`${OBSTACLE}.IsWarning`) === true || (gap !== null && gap < SHORT_GAP_MS);
  }

  /** Our lane, as far as the camera sees it; else the way that we go. */
  #lane(colours: Colours): void {
    const { readings } = this.#car!;
    const width = readings.number(`${LANE}Width`);
    const half = (width ?? GUESS_M) / 2;
    const isHeld = readings.boolean(`${CRUISE}.IsActive`) === true;
    const pen = this.#pen;
    pen.fillStyle = isHeld ? colours.held : colours.lane;
    this.#band(half, -half, this.#camera.nearest, SEEN_M);
    pen.fill();
    pen.fillStyle = width === null ? colours.guess : colours.line;
    pen.beginPath();
    for (let from = -PERIOD_M * 2 - this.#travelled_m; from < SEEN_M; from += PERIOD_M) {
      const start = Math.max(this.#camera.nearest, from);
      const end = Math.min(SEEN_M, from + DASH_M);
      if (end <= start) continue;
      for (const side of [half, -half]) this.#strip(side + LINE_HALF_M, side - LINE_HALF_M, start, end);
    }
    pen.fill();
  }

  /** From us to the one ahead: a bar at the road that says how much of the gap there is. */
  #gap(colours: Colours, ahead: number, left: number, isShort: boolean): void {
    const pen = this.#pen;
    const half = (this.#car!.readings.number(`${LANE}Width`) ?? LANE_M) / 2 - 0.45;
    const end = Math.min(ahead - 0.8, SEEN_M);
    if (end < 1.5) return;
    const deep = Math.min(1.1, end * 0.1);
    pen.fillStyle = isShort ? colours.danger : colours.accent;
    pen.beginPath();
    const middle = left - this.#middle(ahead);
    this.#strip(middle + half, middle - half, end - deep, end);
    pen.fill();
  }

  /** Where our lane's middle is, m to our left. */
  #middle(ahead: number): number {
    return 0.5 * this.#curvature * ahead * ahead * (ahead > 0 ? 1 : 0) - this.#offset;
  }

  /** A part of the road between two lines along the lane. */
  #strip(left: number, right: number, start: number, end: number): void {
    const pen = this.#pen;
    const camera = this.#camera;
    const [near, far] = [this.#middle(start), this.#middle(end)];
    pen.moveTo(camera.x(near + left, start), camera.y(0, start));
    pen.lineTo(camera.x(far + left, end), camera.y(0, end));
    pen.lineTo(camera.x(far + right, end), camera.y(0, end));
    pen.lineTo(camera.x(near + right, start), camera.y(0, start));
  }

  #band(left: number, right: number, start: number, end: number): void {
    const pen = this.#pen;
    const camera = this.#camera;
    const isStraight = Math.abs(this.#curvature) < 1e-6;
    const along = isStraight ? [start, end] : [start, ...BENDS_AT_M];
    pen.beginPath();
    for (const at of along) pen.lineTo(camera.x(this.#middle(at) + left, at), camera.y(0, at));
    for (const at of along.reverse()) pen.lineTo(camera.x(this.#middle(at) + right, at), camera.y(0, at));
  }

  #write(colours: Colours, kind: number, left: number, ahead: number, isShort: boolean): void {
    if (!this.#label) return;
    const pen = this.#pen;
    const camera = this.#camera;
    const size = Math.round(32 * this.#ratio);
    if (!this.#labelWidth) {
      pen.font = `560 ${size}px ${colours.font}`;
      this.#labelWidth = pen.measureText(this.#label).width;
    }
    const wide = this.#labelWidth + size * 1.3;
    const high = size * 1.7;
    const x = Math.min(camera.width - wide - size, Math.max(size, camera.x(left, ahead) - wide / 2));
    const y = Math.max(size, camera.y(this.#vehicles.heightOf(kind), ahead) - high - size * 0.5);
    pen.fillStyle = isShort ? colours.danger : colours.label;
    pen.beginPath();
    pen.roundRect(x, y, wide, high, high / 2);
    pen.fill();
    pen.font = `560 ${size}px ${colours.font}`;
    pen.fillStyle = isShort ? colours.onDanger : colours.onLabel;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.direction = "ltr"; // figures and units, in every language
    pen.fillText(this.#label, x + size * 0.65, y + high / 2 + size * 0.04);
  }
}
