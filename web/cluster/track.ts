// The line along which a gauge shows its value: an arc around a point, or a level line.

import { svg, type SVGTemplateResult } from "lit/html.js";

export interface Scale {
  readonly from: number;
  readonly to: number;
}

export function fraction(scale: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - scale.from) / (scale.to - scale.from)));
}

export interface Track {
  /** Path between two values; empty where they are equal. */
  path(scale: Scale, one: number, other: number): string;
  /** `transform` that takes the needle, drawn at the scale's beginning, to a value. */
  needle(scale: Scale, value: number): string;
  /** Path of a short stroke outside the line, at a value. */
  beside(scale: Scale, value: number): string;
  /** Small marks, and figures `step` apart. */
  marks(scale: Scale, step: number): SVGTemplateResult;
}

/** Values of the marks: every half step, `major` where a figure stands. */
function* steps(scale: Scale, step: number): Generator<{ value: number; major: boolean }> {
  for (let value = Math.ceil(scale.from / step) * step; value <= scale.to + 1e-6; value += step / 2) {
    yield { value, major: Math.abs(value / step - Math.round(value / step)) < 1e-6 };
  }
}

const figure = (value: number, x: number, y: number) =>
  svg`<text class=${value < 0 ? "figure below" : "figure"} x=${x} y=${y + 9}>${Math.abs(Math.round(value))}</text>`;

const mark = (major: boolean, x0: number, y0: number, x1: number, y1: number) =>
  svg`<line class=${major ? "mark major" : "mark"} x1=${x0} y1=${y0} x2=${x1} y2=${y1} />`;

export interface Round {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Angle of the scale's beginning, clockwise from the right, and how far it goes round. */
  readonly start_deg: number;
  readonly sweep_deg: number;
  /** From the line to its marks, and to the middle of its figures. */
  readonly marksAt: number;
  readonly figuresAt: number;
}

export function round({ x, y, radius, start_deg, sweep_deg, marksAt, figuresAt }: Round): Track {
  const degrees = (scale: Scale, value: number) => start_deg + sweep_deg * fraction(scale, value);
  const point = (from: number, angle_deg: number): [number, number] => {
    const angle = (angle_deg * Math.PI) / 180;
    return [x + from * Math.cos(angle), y + from * Math.sin(angle)];
  };
  return {
    path(scale, one, other) {
      const from = degrees(scale, Math.min(one, other));
      const to = degrees(scale, Math.max(one, other));
      if (to - from < 0.01) return "";
      const [x0, y0] = point(radius, from);
      const [x1, y1] = point(radius, to);
      const large = to - from > 180 ? 1 : 0;
      return `M${x0.toFixed(2)} ${y0.toFixed(2)}A${radius} ${radius} 0 ${large} 1 ${x1.toFixed(2)} ${y1.toFixed(2)}`;
    },
    needle: (scale, value) => `rotate(${degrees(scale, value).toFixed(2)} ${x} ${y})`,
    beside(scale, value) {
      const angle = degrees(scale, value);
      const [x0, y0] = point(radius + 12, angle);
      const [x1, y1] = point(radius + 24, angle);
      return `M${x0} ${y0}L${x1} ${y1}`;
    },
    marks(scale, step) {
      const parts: SVGTemplateResult[] = [];
      for (const { value, major } of steps(scale, step)) {
        const angle = degrees(scale, value);
        parts.push(mark(major, ...point(radius - marksAt, angle), ...point(radius - marksAt - (major ? 12 : 6), angle)));
        if (major) parts.push(figure(value, ...point(radius - figuresAt, angle)));
      }
      return svg`${parts}`;
    },
  };
}

export interface Level {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly marksAt: number;
  readonly figuresAt: number;
}

export function level({ x, y, length, marksAt, figuresAt }: Level): Track {
  const at = (scale: Scale, value: number) => x + length * fraction(scale, value);
  return {
    path(scale, one, other) {
      const from = at(scale, Math.min(one, other));
      const to = at(scale, Math.max(one, other));
      return to - from < 0.05 ? "" : `M${from.toFixed(2)} ${y}H${to.toFixed(2)}`;
    },
    needle: (scale, value) => `translate(${(at(scale, value) - x).toFixed(2)} 0)`,
    beside: (scale, value) => `M${at(scale, value)} ${y - 24}v12`,
    marks(scale, step) {
      const parts: SVGTemplateResult[] = [];
      for (const { value, major } of steps(scale, step)) {
        const place = at(scale, value);
        parts.push(mark(major, place, y + marksAt, place, y + marksAt + (major ? 12 : 6)));
        if (major) parts.push(figure(value, place, y + figuresAt));
      }
      return svg`${parts}`;
    },
  };
}
