// The car from above, front up: its openings as they are now. Sides are those of the car, in every language.

import { svg, type TemplateResult } from "lit/html.js";
import type { Car } from "../car";
import { BONNET, BOOT, DOORS, FLAP, FRONT_BOOT, MIRRORS, type Opening, openness, pathOf, ROOF, SHADES, WINDOWS } from "./openings";
import { targetOf } from "./motion";

const LIGHTS = "Vehicle.Body.Lights";
export const DRAWING_PATHS: readonly string[] = [
  `${LIGHTS}.Beam.Low.IsOn`,
  `${LIGHTS}.Beam.High.IsOn`,
  `${LIGHTS}.Parking.IsOn`,
  `${LIGHTS}.Brake.IsActive`,
];

const BODY =
  "M500 34C592 34 650 52 666 124L679 262C684 340 684 700 679 786L668 902C660 950 598 968 500 968S340 950 332 902L321 786C316 700 316 340 321 262L334 124C350 52 408 34 500 34Z";
const BONNET_LID = "M500 52C580 52 630 66 646 128L656 262C600 246 400 246 344 262L354 128C370 66 420 52 500 52Z";
const WINDSCREEN = "M352 318C420 286 580 286 648 318L612 404C560 388 440 388 388 404Z";
const REAR_GLASS = "M390 716C440 728 560 728 610 716L634 792C570 812 430 812 366 792Z";
const BOOT_LID = "M356 822C430 842 570 842 644 822L636 896C626 928 580 940 500 940S374 928 364 896Z";
const HEADLAMPS = ["M346 116C352 84 366 70 396 60L388 90C368 100 358 112 352 136Z", "M654 116C648 84 634 70 604 60L612 90C632 100 642 112 648 136Z"];
const REAR_LAMPS = ["M340 880C344 912 356 932 384 944L380 920C362 912 354 900 350 872Z", "M660 880C656 912 644 932 616 944L620 920C638 912 646 900 650 872Z"];
/** How far a door swings open, degrees. */
const SWING = 62;

export function drawing(car: Car): TemplateResult {
  const at = (opening: Opening) => {
    const path = pathOf(car, opening);
    return path === null ? 0 : (openness(car, path) ?? 0);
  };
  const wish = (opening: Opening) => {
    const path = pathOf(car, opening);
    return path === null ? null : targetOf(path);
  };
  const on = (leaf: string) => car.readings.boolean(`${LIGHTS}.${leaf}`) === true;
  const brakes = car.readings.string(`${LIGHTS}.Brake.IsActive`);
  const front = on("Beam.High.IsOn") || on("Beam.Low.IsOn") ? "beam" : on("Parking.IsOn") ? "parking" : "off";
  const rear = brakes !== null && brakes !== "INACTIVE" ? "brake" : front === "off" ? "off" : "parking";
  return svg`<svg class="plan-drawing" viewBox="0 0 1000 1000" aria-hidden="true">
    ${DOORS.map((opening, index) => doorLeaf(index, at(opening), wish(opening)))}
    ${MIRRORS.map((opening, index) => {
      const fold = at(opening) > 0;
      const x = index ? 1 : -1;
      return svg`<path class="part" data-open=${fold}
        d=${`M${500 + x * 176} 336l${x * (fold ? 14 : 44)} ${fold ? 40 : -8}l${x * 4} 26l${x * (fold ? -14 : -48)} ${fold ? -22 : 12}z`} />`;
    })}
    <path class="body" d=${BODY} />
    ${HEADLAMPS.map((d) => svg`<path class="lamp-glass" data-lit=${front} d=${d} />`)}
    ${REAR_LAMPS.map((d) => svg`<path class="lamp-glass rear" data-lit=${rear} d=${d} />`)}
    <path class="part" data-open=${at(BONNET) > 0 || at(FRONT_BOOT) > 0} d=${BONNET_LID}
      transform=${lift(Math.max(at(BONNET), at(FRONT_BOOT)), 150, -1)} />
    <path class="glass" d=${WINDSCREEN} />
    <rect class="roof" x="388" y="404" width="224" height="312" rx="26" />
    ${roofGlass(at(ROOF), at(SHADES[0]!))}
    <path class="glass" data-drawn=${at(SHADES[1]!) > 0} d=${REAR_GLASS} />
    ${WINDOWS.map((opening, index) => windowGlass(index, at(opening), wish(opening)))}
    <path class="part" data-open=${at(BOOT) > 0} d=${BOOT_LID} transform=${lift(at(BOOT), 870, 1)} />
    <path class="part flap" data-open=${at(FLAP) > 0} d=${at(FLAP) > 0 ? "M326 190l-34 -22l-10 16l40 26z" : "M322 184h14v40h-14z"} />
  </svg>` as unknown as TemplateResult;
}

/** A lid seen from above moves towards its hinge's far end and gets shorter. */
function lift(percent: number, middle: number, way: 1 | -1): string {
  const part = percent / 100;
  return `translate(0 ${way * part * 46 + middle * part * 0.35}) scale(1 ${1 - part * 0.35})`;
}

function doorLeaf(index: number, percent: number, target: number | null): TemplateResult {
  const side = index % 2 ? 1 : -1;
  const top = index < 2 ? 356 : 556;
  const hinge = 500 + side * 178;
  const leaf = `M${hinge} ${top}h${-side * 30}v192h${side * 30}z`;
  const swing = (part: number) => `rotate(${(-side * SWING * part) / 100} ${hinge} ${top})`;
  return svg`<g>
    ${target !== null ? svg`<path class="going" d=${leaf} transform=${swing(target)} />` : null}
    <path class="part" data-open=${percent > 0} d=${leaf} transform=${swing(percent)} />
  </g>` as unknown as TemplateResult;
}

function windowGlass(index: number, percent: number, target: number | null): TemplateResult {
  const x = index % 2 ? 622 : 336;
  const [y, height] = index < 2 ? [380, 160] : [562, 160];
  const part = (share: number) => (height * share) / 100;
  return svg`<g>
    <rect class="glass" x=${x} y=${y} width="42" height=${height} rx="8" />
    ${percent > 0 ? svg`<rect class="gap" x=${x} y=${y} width="42" height=${part(percent)} rx="8" />` : null}
    ${target !== null ? svg`<rect class="going" x=${x} y=${y} width="42" height=${Math.max(4, part(target))} rx="8" />` : null}
  </g>` as unknown as TemplateResult;
}

function roofGlass(percent: number, drawn: number): TemplateResult {
  const height = 250;
  return svg`<g>
    <rect class="glass" x="408" y="426" width="184" height=${height} rx="16" />
    ${drawn > 0 ? svg`<rect class="blind" x="408" y="426" width="184" height=${(height * drawn) / 100} rx="16" />` : null}
    ${percent > 0 ? svg`<rect class="gap" x="408" y="426" width="184" height=${(height * percent) / 100} rx="16" />` : null}
    ${percent < 0 ? svg`<rect class="gap" x="408" y="652" width="184" height="24" rx="12" />` : null}
  </g>` as unknown as TemplateResult;
}
