// The shapes of road users: a few flat faces each, seen from behind and above.

import type { Camera } from "./camera";
import type { Colours, Paint } from "./colours";

interface Shape {
  /** m */
  readonly length: number;
  readonly width: number;
  /** The body's upper edge, and that of what stands on it. */
  readonly belt: number;
  readonly height: number;
  /** Clearance under the body. */
  readonly floor: number;
  /** What stands on the body, as shares of the length: its foot and its roof; null: nothing does. */
  readonly cabin: { readonly foot: readonly [number, number]; readonly roof: readonly [number, number] } | null;
  /** The roof's width as a share of the body's. */
  readonly taper: number;
}

const CAR: Shape = {
  length: 4.5,
  width: 1.84,
  belt: 0.92,
  height: 1.48,
  floor: 0.22,
  cabin: { foot: [0.04, 0.72], roof: [0.18, 0.5] },
  taper: 0.76,
};
const TRUCK: Shape = { length: 12, width: 2.5, belt: 3.7, height: 3.7, floor: 0.7, cabin: null, taper: 1 };
const TWO_WHEELER: Shape = {
  length: 2.2,
  width: 0.7,
  belt: 0.85,
  height: 1.65,
  floor: 0.3,
  cabin: { foot: [0.25, 0.62], roof: [0.36, 0.54] },
  taper: 0.62,
};
const PERSON: Shape = { length: 0.45, width: 0.55, belt: 1.75, height: 1.75, floor: 0, cabin: null, taper: 1 };
/** What the radar cannot name is drawn as a plain block, so that nobody takes it for more than that. */
const UNKNOWN: Shape = { length: 3.6, width: 1.7, belt: 1.3, height: 1.3, floor: 0.2, cabin: null, taper: 1 };

/** By the number of the kind in Vehicle.Alpenglow.Perception.Objects. */
const SHAPES: readonly Shape[] = [UNKNOWN, CAR, TRUCK, TWO_WHEELER, PERSON];
export const OWN_LENGTH_M = 4.17;
const OWN: Shape = { ...CAR, length: OWN_LENGTH_M, width: 1.8, belt: 0.95, height: 1.56, cabin: { foot: [0.02, 0.76], roof: [0.13, 0.56] } };

/** What the lamps at the rear do. */
export interface Lamps {
  readonly braking: boolean;
  readonly left: boolean;
  readonly right: boolean;
}
/** A point of a body: share of its length from the rear, metres to the left of its middle, metres up → px. */
type Place = (share: number, side: number, up: number) => readonly [number, number];
const DARK: Lamps = { braking: false, left: false, right: false };

/** Draws with one context and camera. */
export class Vehicles {
  readonly #pen: CanvasRenderingContext2D;
  readonly #camera: Camera;
  /** px of the rounding of edges; 0: sharp. */
  #edge = 0;

  constructor(pen: CanvasRenderingContext2D, camera: Camera) {
    this.#pen = pen;
    this.#camera = camera;
  }

  /** One of the others, its rear at (`left`, `ahead`), pointing along a road that bends by `curvature`. */
  other(kind: number, left: number, ahead: number, curvature: number, paint: Paint, colours: Colours): void {
    const shape = SHAPES[kind] ?? UNKNOWN;
    if (this.#camera.sees(ahead + shape.length)) this.#draw(shape, left, ahead, curvature * Math.max(0, ahead), paint, colours, DARK);
  }

  /** Ourselves. */
  own(colours: Colours, lamps: Lamps): void {
    this.#draw(OWN, 0, -OWN_LENGTH_M, 0, colours.own, colours, lamps);
  }

  /** The height of the others' roofs, m. */
  heightOf(kind: number): number {
    return (SHAPES[kind] ?? UNKNOWN).height;
  }

  #draw(shape: Shape, left: number, ahead: number, turn: number, paint: Paint, colours: Colours, lamps: Lamps): void {
    const camera = this.#camera;
    const half = shape.width / 2;
    const isRearSeen = camera.sees(ahead);
    const at: Place = (share, side, up) => {
      const far = ahead + share * shape.length;
      const beside = left + side + share * shape.length * turn;
      return [camera.x(beside, far), camera.y(up, far)];
    };
    const { belt, floor, height, cabin, taper } = shape;
    const seenSide = left > 0 ? -half : half; // of a car to our left its right side is seen
    const sill = cabin ? floor + (belt - floor) * 0.3 : floor + 0.3;
    const [nose, slim] = cabin ? [belt * 0.82, 0.88] : [belt, 1]; // a car's bonnet falls, a block's top does not
    this.#edge = 0;
    this.#face(colours.shadow, at(-0.02, half * 1.05, 0), at(1.02, half * 1.05, 0), at(1.02, -half * 1.05, 0), at(-0.02, -half * 1.05, 0));
    if (floor > 0) this.#wheels(shape, colours, seenSide, isRearSeen, at);
    // Edges are as round as a finger's breadth at that distance.
    this.#edge = Math.min(half, 0.07) * 2 * camera.scale(Math.max(ahead, -8));
    this.#face(paint.side, at(0.01, seenSide, sill), at(0.99, seenSide * slim, sill), at(0.99, seenSide * slim, nose), at(0.7, seenSide, belt), at(0.01, seenSide, belt));
    this.#face(paint.skirt, at(0.01, seenSide, floor), at(0.99, seenSide * slim, floor), at(0.99, seenSide * slim, sill), at(0.01, seenSide, sill));
    this.#face(paint.top, at(0.01, half, belt), at(0.7, half, belt), at(0.99, half * slim, nose), at(0.99, -half * slim, nose), at(0.7, -half, belt), at(0.01, -half, belt));
    if (isRearSeen) this.#rear(shape, paint, colours, lamps, sill, at);
    if (!cabin) return;
    const [foot, front] = cabin.foot;
    const [roof, brow] = cabin.roof;
    const above = half * taper;
    for (const side of [-seenSide, seenSide]) // what of the far one is hidden is painted over
      this.#face(paint.glass, at(foot, side * 0.94, belt), at(front, side * 0.9, belt), at(brow, side * taper, height), at(roof, side * taper, height));
    this.#face(paint.glass, at(foot, half * 0.92, belt), at(roof, above, height), at(roof, -above, height), at(foot, -half * 0.92, belt));
    this.#face(paint.top, at(roof, above, height), at(brow, above * 0.94, height), at(brow, -above * 0.94, height), at(roof, -above, height));
  }

  #wheels({ width, floor }: Shape, { tyre }: Colours, seenSide: number, isRearSeen: boolean, at: Place): void {
    const half = width / 2;
    for (const share of [0.8, 0.2])
      this.#face(tyre, at(share - 0.07, seenSide, 0), at(share + 0.07, seenSide, 0), at(share + 0.07, seenSide, floor * 1.6), at(share - 0.07, seenSide, floor * 1.6));
    if (!isRearSeen) return;
    for (const side of [-1, 1])
      this.#face(tyre, at(0.03, side * half * 0.98, 0), at(0.03, side * half * 0.7, 0), at(0.03, side * half * 0.7, floor * 1.4), at(0.03, side * half * 0.98, floor * 1.4));
  }

  /** The back: body, bumper, and the lamps, which are a band across a car and blocks on whatever is tall. */
  #rear({ width, belt, floor, cabin }: Shape, paint: Paint, colours: Colours, lamps: Lamps, sill: number, at: Place): void {
    const half = width / 2;
    this.#face(paint.rear, at(0, half, sill), at(0, half * 0.98, belt), at(0, -half * 0.98, belt), at(0, -half, sill));
    this.#face(paint.skirt, at(0, half, floor), at(0, half, sill), at(0, -half, sill), at(0, -half, floor));
    this.#edge = 0;
    const top = cabin ? belt * 0.9 : Math.min(belt * 0.9, 1.15);
    const low = top - (cabin ? 0.17 : 0.24);
    const band = lamps.braking ? colours.lit : paint.lamp;
    if (cabin) this.#face(band, at(0, half * 0.9, top), at(0, -half * 0.9, top), at(0, -half * 0.9, top - 0.06), at(0, half * 0.9, top - 0.06));
    for (const side of [1, -1]) {
      const isSigned = side > 0 ? lamps.left : lamps.right;
      this.#face(isSigned ? colours.indicator : band, at(0, side * half * 0.98, low), at(0, side * half * 0.98, top), at(0, side * half * 0.6, top), at(0, side * half * 0.72, low));
    }
  }

  #face(colour: string, ...points: readonly (readonly [number, number])[]): void {
    const pen = this.#pen;
    pen.fillStyle = colour;
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.closePath();
    pen.fill();
    if (this.#edge < 1.5) return;
    pen.lineWidth = this.#edge;
    pen.lineJoin = "round";
    pen.strokeStyle = colour;
    pen.stroke();
  }
}
