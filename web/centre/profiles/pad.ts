// The PIN pad: twelve large keys and a row of dots. What is typed is in memory only, and gone when the pad closes.

import "./pad.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import eraseIcon from "@mdi/svg/svg/backspace-outline.svg";
import okIcon from "@mdi/svg/svg/check.svg";
import { icon } from "../../shared/icon";
import type { Car } from "../car";

const LEAST = 4;
const MOST = 12;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** What a PIN is asked for. `done` returns what was wrong with it, or null: then the pad closes. */
interface Question {
  readonly title: string;
  readonly done: (pin: string) => Promise<string | null>;
}

const question = signal<Question | null>(null);
const typed = signal("");
const problem = signal("");
const busy = signal(false);

export const isAsking = (): boolean => question.value !== null;

export function ask(title: string, done: Question["done"]): void {
  close();
  question.value = { title, done };
}

export function close(): void {
  question.value = null;
  typed.value = "";
  problem.value = "";
  busy.value = false;
}

/** Asks for a new PIN twice; `keep` gets it when both are the same. */
export function askNew(car: Car, title: string, keep: (pin: string) => Promise<string | null>): void {
  ask(title, async (first) => {
    ask(car.t("profiles.pin_again"), async (second) => {
      if (second === first) return keep(first);
      askNew(car, title, keep);
      return car.t("profiles.pins_differ");
    });
    return "";
  });
}

/** What to say of a PIN that was not right. */
export async function wrong(car: Car, profile: string, pin: string): Promise<string | null> {
  const check = await car.call("cockpit.check_pin", { profile, pin });
  if (check === undefined) return car.t("common.no_answer");
  if (check.right) return null;
  return check.wait_s > 0
    ? car.t("profiles.pin_wait", { time: span(car, check.wait_s) })
    : car.t("profiles.pin_wrong", { count: check.tries_left });
}

function span(car: Car, seconds: number): string {
  const [value, unit] = seconds < 120 ? ([seconds, "second"] as const) : ([Math.ceil(seconds / 60), "minute"] as const);
  return new Intl.NumberFormat(car.words.locale.value, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

async function enter(): Promise<void> {
  const asked = question.value;
  const pin = typed.value;
  if (!asked || busy.value || pin.length < LEAST) return;
  busy.value = true;
  const said = await asked.done(pin);
  // The answer may itself have opened the next question, which keeps what it said.
  if (question.value === asked) {
    if (said === null) close();
    else {
      typed.value = "";
      problem.value = said;
    }
  } else if (said) problem.value = said;
  busy.value = false;
}

function type(digit: string): void {
  if (typed.value.length < MOST && !busy.value) typed.value += digit;
  problem.value = "";
}

function keys(event: KeyboardEvent): void {
  if (/^\d$/.test(event.key)) type(event.key);
  else if (event.key === "Backspace") typed.value = typed.value.slice(0, -1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && typed.value.length >= LEAST) void enter();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function key(name: string, label: string, press: () => void, content: unknown, off = false): TemplateResult {
  return html`<button
    class="button"
    type="button"
    data-control=${name}
    aria-label=${label}
    ?disabled=${off}
    @click=${press}
  >
    ${content}
  </button>`;
}

/** The pad, over the page; it takes digits from a keyboard too. */
export function pad(car: Car): TemplateResult {
  const asked = question.value;
  const { length } = typed.value;
  const off = busy.value;
  return html`<div class="pad card" role="dialog" aria-modal="true" aria-label=${asked?.title ?? ""} @keydown=${keys}>
    <h1 class="page-title">${asked?.title}</h1>
    <p class="dots" role="img" aria-label=${car.t("profiles.typed", { count: length })} data-field="dots">
      ${Array.from({ length: Math.max(LEAST, length) }, (_, i) => html`<i data-on=${i < length}></i>`)}
    </p>
    <p class="pin-problem" role="status" data-field="pin-problem">${problem.value || nothing}</p>
    <div class="keys">
      ${DIGITS.map((digit) => key(`digit-${digit}`, digit, () => type(digit), digit))}
      ${key("erase", car.t("profiles.erase_digit"), () => (typed.value = typed.value.slice(0, -1)), icon(eraseIcon), !length)}
      ${key("digit-0", "0", () => type("0"), "0")}
      ${key("enter", car.t("profiles.enter"), () => void enter(), icon(okIcon), off || length < LEAST)}
    </div>
    <button class="button quiet" type="button" data-control="cancel" @click=${close}>${car.t("common.cancel")}</button>
  </div>`;
}
