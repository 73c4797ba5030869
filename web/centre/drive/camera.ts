// Where a point of the road is on the screen: the eye hangs behind and above our car and looks along the road.
//
// Metres: `left` of our own middle, `up` from the road, `ahead` of our front bumper.

/** The eye. High enough to see the gap to the one ahead, far enough back to see who is beside us. */
const BEHIND_M = 17;
const HEIGHT_M = 5.4;
/** What is nearer to the eye than this is cut off. */
const NEAR_M = 2;
/** Of the picture's height: how far down the horizon is, and how far down the road meets our rear bumper. */
const HORIZON = 0.2;
const OWN_REAR = 0.86;
const OWN_LENGTH_M = 4.2;

export class Camera {
  width = 1;
  height = 1;
  horizon = 0;
  #focus = 1;
  #middle = 0;

  /** The picture has another size, px. */
  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.#middle = width / 2;
    this.horizon = height * HORIZON;
    this.#focus = (height * (OWN_REAR - HORIZON) * (BEHIND_M - OWN_LENGTH_M)) / HEIGHT_M;
  }

  /** px of a metre at this distance. */
  scale(ahead: number): number {
    return this.#focus / Math.max(NEAR_M, ahead + BEHIND_M);
  }

  x(left: number, ahead: number): number {
    return this.#middle - left * this.scale(ahead);
  }

  y(up: number, ahead: number): number {
    return this.horizon + (HEIGHT_M - up) * this.scale(ahead);
  }

  /** The nearest part of the road that is on the picture. */
  get nearest(): number {
    return Math.max(NEAR_M, (this.#focus * HEIGHT_M) / (this.height - this.horizon)) - BEHIND_M;
  }

  /** Whether something that ends here is still before the eye. */
  sees(ahead: number): boolean {
    return ahead + BEHIND_M > NEAR_M;
  }
}
