// What the driver's screen may not do now, in the bits of Android's CarUxRestrictions, and how a page is held to it.
//
// Rules that always hold:
// - while nobody says what is restricted, everything is;
// - what is enforced here holds for every page, also for one that knows nothing of it.

import { effect } from "@preact/signals-core";
import type { Readings } from "./readings";

export const RESTRICTIONS_PATH = "Vehicle.Alpenglow.UxRestrictions";

/** The bits that these pages heed; all are in safety/driving_state.py. */
export const Restriction = {
  LIMIT_STRING_LENGTH: 4,
  NO_KEYBOARD: 8,
  NO_VIDEO: 16,
  LIMIT_CONTENT: 32,
  NO_SETUP: 64,
} as const;
/** One of them, or several: "any of these". */
export type Restriction = number;

/** Whether the car's driving state forbids it; the page follows `RESTRICTIONS_PATH`. Reactive. */
export function isRestricted(readings: Readings, restriction: Restriction): boolean {
  const bits = readings.number(RESTRICTIONS_PATH);
  return bits === null || (bits & restriction) !== 0;
}

export interface Law {
  /** Reactive. */
  restricted(restriction: Restriction): boolean;
  /** A text that stands for somebody's voice, which this restriction does not mean. */
  isExempt(field: Element): boolean;
  /** Tells the person that the keyboard, or a film, is closed now. */
  tell(what: "keyboard" | "video"): void;
}

const NAMES = {
  keyboard: Restriction.NO_KEYBOARD,
  video: Restriction.NO_VIDEO,
  lists: Restriction.LIMIT_CONTENT,
  setup: Restriction.NO_SETUP,
} as const;
const SETUP = "[data-setup]";
const FIELDS = "input, textarea, [contenteditable]";
/** On a text field that the host closed, so that it opens no other. */
const SHUT = "data-shut";
/** Inputs that open no keyboard. */
const TOUCHED = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit", "hidden"]);

/** Holds everything below `<html>` to the law, from now on.
 *
 * `<html data-restricted>` names what is forbidden ("keyboard video lists setup"); long lists are cut by style
 * (controls.css), the rest is done here.
 */
export function enforce(law: Law): void {
  const is = (name: keyof typeof NAMES) => law.restricted(NAMES[name]);
  const closedField = (event: Event) => {
    const field = event.composedPath()[0];
    return field instanceof Element && isWritten(field) && is("keyboard") && !law.isExempt(field) ? field : null;
  };
  // At the window and before anybody else, so that no page can pass it by.
  const catchAll = { capture: true, passive: false } as const;
  addEventListener(
    "focusin",
    (event) => {
      const field = closedField(event);
      if (!field) return;
      event.stopImmediatePropagation();
      (field as HTMLElement).blur();
      law.tell("keyboard");
    },
    catchAll,
  );
  for (const type of ["beforeinput", "paste", "drop", "compositionstart"])
    addEventListener(
      type,
      (event) => {
        if (!closedField(event)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      catchAll,
    );
  addEventListener(
    "play",
    ({ target }) => {
      if (target instanceof HTMLVideoElement && is("video")) stop([target], law);
    },
    catchAll,
  );
  // A film that is in no document, drawn onto a canvas, tells no window that it plays.
  const { play } = HTMLVideoElement.prototype;
  HTMLVideoElement.prototype.play = function (this: HTMLVideoElement): Promise<void> {
    if (!is("video")) return play.call(this);
    law.tell("video");
    return Promise.reject(new DOMException("Films are closed while the car drives.", "NotAllowedError"));
  };

  const root = document.documentElement;
  effect(() => {
    const forbidden = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter(is);
    root.dataset["restricted"] = forbidden.join(" ");
    if (forbidden.includes("video")) stop(document.querySelectorAll("video"), law);
    const written = document.activeElement;
    if (forbidden.includes("keyboard") && written && isWritten(written) && !law.isExempt(written)) {
      (written as HTMLElement).blur();
      law.tell("keyboard");
    }
    keepInert(root, forbidden.includes("setup"));
    keepShut(root, law, forbidden.includes("keyboard"));
  });
  new MutationObserver(() => {
    keepInert(root, isRestrictedNow(root, "setup"));
    keepShut(root, law, isRestrictedNow(root, "keyboard"));
  }).observe(root, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["inert", "data-setup", "contenteditable", "readonly", "type"],
  });
  // A finger on a closed field is told why nothing comes of it.
  addEventListener(
    "pointerdown",
    ({ clientX: x, clientY: y }) => {
      const isHit = ({ left, right, top, bottom }: DOMRect) => left <= x && x <= right && top <= y && y <= bottom;
      const fields = [...document.querySelectorAll(`[${SHUT}]`)];
      if (fields.some((field) => isHit(field.getBoundingClientRect()))) law.tell("keyboard");
    },
    { capture: true },
  );
}

function isRestrictedNow(root: HTMLElement, name: keyof typeof NAMES): boolean {
  return root.dataset["restricted"]?.split(" ").includes(name) ?? true;
}

/** Set-up cannot be reached by finger, key or knob. */
function keepInert(root: HTMLElement, restricted: boolean): void {
  for (const part of root.querySelectorAll<HTMLElement>(SETUP)) if (part.inert !== restricted) part.inert = restricted;
}

/** A text field cannot be reached either: not every way of writing says so beforehand. */
function keepShut(root: HTMLElement, law: Law, restricted: boolean): void {
  for (const field of root.querySelectorAll<HTMLElement>(FIELDS)) {
    const shut = restricted && isWritten(field) && !law.isExempt(field);
    if (shut === field.hasAttribute(SHUT) && (!shut || field.inert)) continue;
    field.toggleAttribute(SHUT, shut);
    field.inert = shut;
  }
}

function stop(films: Iterable<HTMLVideoElement>, law: Law): void {
  for (const film of films) {
    if (film.paused) continue;
    film.pause();
    law.tell("video");
  }
}

function isWritten(element: Element): boolean {
  if (element instanceof HTMLInputElement) return !TOUCHED.has(element.type) && !element.readOnly;
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLElement && element.isContentEditable);
}
