// One line over another quantity, drawn by uPlot, which is fetched when the first plot is shown.
//
// What always holds: colours and letters are the theme's at the moment of drawing; nothing is drawn while it is not seen.

import type uPlot from "uplot";

export interface Line {
  /** In the plot's own units, in rising order of x. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A level to compare with; null: none. */
  readonly level: number | null;
  /** The ends of both axes, where they do not follow from the line. */
  readonly from_x: number;
  readonly to_x: number;
  readonly least_y: number;
  readonly most_y: number;
  format_x(value: number): string;
  format_y(value: number): string;
}

const WIDTH = 5;
const AXIS = { width: 112, height: 64, gap: 16 };
const TICKS_PX = { x: 190, y: 64 };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export class Plot {
  /** Put it where the plot shall be; it fills its place. */
  readonly element = document.createElement("div");
  #line: Line | null = null;
  #plot: uPlot | null = null;
  #fetching = false;

  constructor() {
    this.element.className = "plot";
    this.element.setAttribute("aria-hidden", "true"); // what it says stands beside it in words
    new ResizeObserver(() => this.#fit()).observe(this.element);
    new MutationObserver(() => this.#plot?.redraw()).observe(document.documentElement, {
      attributeFilter: ["data-theme", "data-brand", "lang"],
    });
  }

  show(line: Line): void {
    this.#line = line;
    if (this.#plot) this.#plot.setData(table(line));
    else void this.#begin();
  }

  async #begin(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const [{ default: Made }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
      this.#plot = new Made(this.#options(), table(this.#line!), this.element);
      this.#fit();
    } catch {
      this.#fetching = false; // the next data fetch it again
    }
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width && height && this.#plot) this.#plot.setSize({ width, height });
  }

  #options(): uPlot.Options {
    const line = () => this.#line!;
    const font = () => `26px ${getComputedStyle(this.element).fontFamily}`;
    const axis = {
      stroke: () => colour("--text-2"),
      font: font(),
      ticks: { show: false },
      gap: AXIS.gap,
    };
    return {
      width: this.element.clientWidth || 600,
      height: this.element.clientHeight || 300,
      padding: [16, 48, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [line().from_x, line().to_x] },
        y: { range: () => [line().least_y, line().most_y] },
      },
      axes: [
        {
          ...axis,
          size: AXIS.height,
          space: TICKS_PX.x,
          incrs: [1, 2, 5, 10, 20, 50],
          grid: { show: false },
          values: (_, values) => values.map((value) => line().format_x(value)),
        },
        {
          ...axis,
          size: AXIS.width,
          space: TICKS_PX.y,
          grid: { stroke: () => colour("--line"), width: 2 },
          values: (_, values) => values.map((value) => line().format_y(value)),
        },
      ],
      series: [
        {},
        { stroke: () => colour("--accent"), width: WIDTH, fill: () => colour("--accent-soft"), points: { show: false } },
        { stroke: () => colour("--text-2"), width: 3, dash: [14, 12], points: { show: false } },
      ],
    };
  }
}

function table({ x, y, level, from_x, to_x }: Line): uPlot.AlignedData {
  if (level === null || x.length === 0) return [[...x], [...y], x.map(() => null)];
  // The level goes from edge to edge, also where the line does not.
  const [first, last] = [x[0]!, x.at(-1)!];
  const before = first > from_x ? [from_x] : [];
  const after = last < to_x ? [to_x] : [];
  return [
    [...before, ...x, ...after],
    [...before.map(() => null), ...y, ...after.map(() => null)],
    [...before, ...x, ...after].map(() => level),
  ];
}
