// The lane's dashed lines, passing under the car at the car's own speed; the road stands still where that is unknown.

/** Where the road's lines meet, and the face's lower end of the road. */
const VANISHING_Y = 216.3;
const NEAR_Y = 468;
const CENTRE_X = 960;
/** Distance from the eye to the road's lower end, and what a metre measures there. */
const NEAR_M = 6;
const FAR_M = 129;
const PX_PER_M = 65;

const LANE_HALF_M = 1.75;
const LINE_HALF_M = 0.06;
const DASH_M = 5;
const PERIOD_M = 10;
/** After a pause (hidden page) the road goes on from where it was. */
const LONGEST_STEP_S = 0.1;

export class Road {
  readonly #lines: SVGPathElement;
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #travelled_m = 0;
  #before: number;

  constructor(lines: SVGPathElement, now: number) {
    this.#lines = lines;
    this.#before = now;
    this.#draw();
  }

  /** Moves on to `now` [ms] at `speed_kmh`; negative backwards, null: unknown. */
  step(now: number, speed_kmh: number | null): void {
    const elapsed_s = Math.min(LONGEST_STEP_S, (now - this.#before) / 1000);
    this.#before = now;
    if (!speed_kmh || this.#still.matches) return;
    const moved = this.#travelled_m + (speed_kmh / 3.6) * elapsed_s;
    this.#travelled_m = moved - Math.floor(moved / PERIOD_M) * PERIOD_M;
    this.#draw();
  }

  #draw(): void {
    let d = "";
    for (let from_m = NEAR_M - this.#travelled_m; from_m < FAR_M; from_m += PERIOD_M) {
      const near = Math.max(NEAR_M, from_m);
      const far = Math.min(FAR_M, from_m + DASH_M);
      if (far <= near) continue;
      for (const side of [-1, 1]) {
        const inner = side * (LANE_HALF_M - LINE_HALF_M);
        const outer = side * (LANE_HALF_M + LINE_HALF_M);
        d += `M${at(inner, near)}L${at(inner, far)}L${at(outer, far)}L${at(outer, near)}Z`;
      }
    }
    this.#lines.setAttribute("d", d);
  }
}

/** Point of the face for a point of the road: metres to the right of the car and ahead of the eye. */
function at(right_m: number, ahead_m: number): string {
  const near = NEAR_M / ahead_m;
  const x = CENTRE_X + right_m * PX_PER_M * near;
  return `${x.toFixed(1)} ${(VANISHING_Y + (NEAR_Y - VANISHING_Y) * near).toFixed(1)}`;
}
