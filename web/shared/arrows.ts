// Arrows for manoeuvres and lanes, as paths in a square of 48 to be stroked, not filled.

import type { ManeuverKind } from "./protocol";

/** Degrees to the right of straight on. */
const TURNS: Readonly<Record<string, number>> = { slight: 45, "": 90, sharp: 135 };

/** From below, with a bend, towards `degrees` to the right of up. */
function turn(degrees: number): string {
  const [right, up] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  // The bend of a sharp turn is above and beside, so that its head keeps clear of where it came from.
  const [x, y, length] = up < -0.1 ? [24 - 9 * right, 13, 25] : [24 - 8 * right, 26 - 4 * Math.abs(right), 20];
  const at = (far: number) => `${(x + right * far).toFixed(1)} ${(y - up * far).toFixed(1)}`;
  return `M${x.toFixed(1)} 44V${(y + 6).toFixed(1)}Q${x.toFixed(1)} ${y.toFixed(1)} ${at(6)}L${at(length)}` + head(x + right * length, y - up * length, degrees);
}

/** An arrow's head at its end. */
function head(x: number, y: number, degrees: number): string {
  const side = (turned: number) => {
    const angle = ((degrees + turned) * Math.PI) / 180;
    return `${(x + 10 * Math.sin(angle)).toFixed(1)} ${(y - 10 * Math.cos(angle)).toFixed(1)}`;
  };
  return `M${side(-140)}L${x.toFixed(1)} ${y.toFixed(1)} ${side(140)}`;
}

const fork = (side: 1 | -1) => {
  const x = 24 - 7 * side;
  return `M${x} 44V34Q${x} 29 ${x + 4 * side} 25L${x + 16 * side} 11` + head(x + 16 * side, 11, 40 * side);
};

const SHAPES: Readonly<Partial<Record<ManeuverKind, string>>> = {
  u_turn: "M34 44V19a9 9 0 0 0-18 0V34" + head(16, 35, 180),
  merge: "M14 44V38Q14 32 24 24V6" + head(24, 6, 0),
  roundabout: "M24 44V33A10 10 0 1 0 24 13V4" + head(24, 4, 0),
  ferry: "M7 29H41L36 39H12ZM14 29V19H34V29M24 19V11",
  via: "M24 15a9 9 0 1 0 .1 0Z",
  charge: "M27 5 13 26H23L20 43 35 21H25Z",
  arrive: "M15 44V6H36L30 14 36 22H15",
};

/** The arrow of a manoeuvre. */
export function arrow(kind: string): string {
  const shape = SHAPES[kind as ManeuverKind];
  if (shape) return shape;
  const [, how = "", side] = /^(?:(\w+)_)?(left|right)$/.exec(kind) ?? [];
  if (!side) return turn(0);
  const way = side === "left" ? -1 : 1;
  const degrees = TURNS[how];
  return degrees === undefined ? fork(way) : turn(degrees * way);
}

/** The road that is not taken, to be drawn fainter; "" where there is none to see. */
export function other(kind: string): string {
  const [, side] = /^(?:keep|exit|ramp)_(left|right)$/.exec(kind) ?? [];
  if (side) return `M${side === "left" ? 31 : 17} 44V6`;
  if (kind === "merge") return "M34 44V38Q34 32 26 26";
  return kind === "roundabout" ? "M24 13a10 10 0 0 0 0 20" : "";
}

export interface Lane {
  /** Where it leads, one arrow each. */
  readonly arrows: readonly string[];
  /** To be in for the next manoeuvre. */
  readonly isRight: boolean;
}

/** A lane as navigation writes it: "left", "through|right", with "!" in front of one to be in. */
export function laneOf(written: string): Lane {
  const isRight = written.startsWith("!");
  const ways = written.replace("!", "").split("|").filter(Boolean);
  return { arrows: (ways.length ? ways : ["through"]).map((way) => arrow(way === "reverse" ? "u_turn" : way)), isRight };
}
