// The people as cards: one touch and the car is theirs.

import { html, nothing, type TemplateResult } from "lit/html.js";
import guestIcon from "@mdi/svg/svg/account-outline.svg";
import hereIcon from "@mdi/svg/svg/check-circle.svg";
import keyIcon from "@mdi/svg/svg/key-variant.svg";
import lockIcon from "@mdi/svg/svg/lock.svg";
import newIcon from "@mdi/svg/svg/plus.svg";
import valetIcon from "@mdi/svg/svg/room-service-outline.svg";
import { icon } from "../../shared/icon";
import type { Profile, Profiles } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Car } from "../car";
import { ask, wrong } from "./pad";

/** How many colours there are for people, in the order in which they came. */
const COLOURS = 6;

export function nameOf(car: Car, person: Pick<Profile, "name">): string {
  return person.name || car.t("profiles.owner");
}

/** One or two letters to know somebody by; of scripts without spaces the first sign. */
export function initials(name: string): string {
  const first = (word: string) => [...word][0] ?? "";
  const words = name.split(/\s+/).filter(Boolean);
  const [one = "", last = ""] = [words[0], words.length > 1 ? words[words.length - 1] : ""];
  return (first(one) + first(last)).toLocaleUpperCase();
}

export function face(car: Car, person: Profile, known: Profiles): TemplateResult {
  const colour = known.profiles.indexOf(person) % COLOURS;
  return html`<span class="face" data-colour=${colour} aria-hidden="true">${initials(nameOf(car, person))}</span>`;
}

/** Brings a profile into force, and says what became of its settings. */
export async function switchTo(car: Car, profile: string, pin: string): Promise<void> {
  const switched = await car.call("cockpit.switch_profile", { profile, pin });
  if (!switched) return;
  const later = switched.unset.filter(({ again }) => again).length;
  const failed = switched.unset.length - later;
  const set = switched.confirmed.length + switched.moving.length;
  if (later) car.say(car.t("profiles.some_later", { count: later }), "error");
  else if (failed) car.say(car.t("profiles.some_failed", { count: failed }), "error");
  else if (set) car.say(car.t("profiles.all_set", { count: set }));
}

function choose(car: Car, person: Profile): void {
  if (!person.has_pin || person.in_force) {
    void switchTo(car, person.id, "");
    return;
  }
  ask(car.t("profiles.pin_of", { name: nameOf(car, person) }), async (pin) => {
    const said = await wrong(car, person.id, pin);
    if (said === null) void switchTo(car, person.id, pin);
    return said;
  });
}

function card(car: Car, person: Profile, known: Profiles): TemplateResult {
  const name = nameOf(car, person);
  // A PIN is typed with the eyes: not while the car drives.
  const closed = person.has_pin && !person.in_force && car.restricted(Restriction.NO_SETUP);
  return html`<li>
    <button
      class="person"
      type="button"
      data-control="person"
      data-profile=${person.id}
      aria-pressed=${person.in_force}
      aria-label=${person.in_force ? car.t("profiles.in_force", { name }) : car.t("profiles.switch_to", { name })}
      ?disabled=${closed}
      @click=${() => choose(car, person)}
    >
      ${face(car, person, known)}
      <span class="name" data-field="name">${name}</span>
      <span class="signs">
        ${person.in_force ? html`<span class="here">${icon(hereIcon)}${car.t("profiles.here")}</span>` : nothing}
        ${person.has_pin ? icon(lockIcon) : nothing}${person.keys.length ? icon(keyIcon) : nothing}
      </span>
    </button>
  </li>`;
}

interface Other {
  readonly control: string;
  readonly title: string;
  readonly note: string;
  readonly drawing: string;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly press: () => void;
}

function other({ control, title, note, drawing, on, off, press }: Other): TemplateResult {
  return html`<li>
    <button
      class="person other"
      type="button"
      data-control=${control}
      aria-pressed=${on ?? nothing}
      ?disabled=${off ?? false}
      @click=${press}
    >
      <span class="face">${icon(drawing)}</span>
      <span class="name">${title}</span>
      <span class="signs">${note}</span>
    </button>
  </li>`;
}

/** Everybody, then the guest, the valet and somebody new. */
export function people(car: Car, known: Profiles, open: (what: "new" | "valet") => void): TemplateResult {
  const closed = car.restricted(Restriction.NO_SETUP);
  const isGuest = known.kind === "GUEST";
  return html`<ul class="people" data-field="people">
    ${known.profiles.map((person) => card(car, person, known))}
    ${other({
      control: "guest",
      title: car.t("common.guest"),
      note: car.t("profiles.guest_note"),
      drawing: guestIcon,
      on: isGuest,
      press: () => void switchTo(car, "guest", ""),
    })}
    ${other({
      control: "valet",
      title: car.t("common.valet"),
      note: car.t("profiles.valet_note"),
      drawing: valetIcon,
      off: closed || isGuest,
      press: () => open("valet"),
    })}
    ${other({
      control: "new",
      title: car.t("profiles.new"),
      note: closed ? car.t("profiles.when_parked") : car.t("profiles.new_note"),
      drawing: newIcon,
      off: closed || isGuest,
      press: () => open("new"),
    })}
  </ul>`;
}
