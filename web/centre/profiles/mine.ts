// The profile in force: what it remembers, and how it is set up.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import deleteIcon from "@mdi/svg/svg/delete-outline.svg";
import keyIcon from "@mdi/svg/svg/key-variant.svg";
import lockIcon from "@mdi/svg/svg/lock.svg";
import nameIcon from "@mdi/svg/svg/pencil.svg";
import privacyIcon from "@mdi/svg/svg/shield-lock.svg";
import waitIcon from "@mdi/svg/svg/timer-sand.svg";
import { icon } from "../../shared/icon";
import type { Profile, Profiles } from "../../shared/protocol";
import type { Car } from "../car";
import { ask, askNew, wrong } from "./pad";
import { face, nameOf } from "./people";

const KEY = "Vehicle.Alpenglow.KeyId";
export const MINE_PATHS: readonly string[] = [KEY];

const renaming = signal(false);
const deleting = signal(false);

export function settle(): void {
  renaming.value = deleting.value = false;
}

/** Does something that needs the profile's PIN, where it has one. */
function prove(car: Car, person: Profile, act: (pin: string) => void): void {
  if (!person.has_pin) {
    act("");
    return;
  }
  ask(car.t("profiles.pin_of", { name: nameOf(car, person) }), async (pin) => {
    const said = await wrong(car, person.id, pin);
    if (said === null) queueMicrotask(() => act(pin)); // after the pad has closed: it may be opened again
    return said;
  });
}

function rename(car: Car, person: Profile, name: string): void {
  prove(car, person, (pin) => {
    void car.call("cockpit.change_profile", { profile: person.id, name, pin }).then((done) => {
      if (done) renaming.value = false;
    });
  });
}

function setPin(car: Car, person: Profile): void {
  prove(car, person, (old) =>
    askNew(car, car.t("profiles.pin_new"), async (pin) => {
      const done = await car.call("cockpit.set_pin", { profile: person.id, pin, old });
      if (done !== undefined) car.say(car.t("profiles.pin_set"));
      return null;
    }),
  );
}

function dropPin(car: Car, person: Profile): void {
  prove(car, person, (old) => void car.call("cockpit.set_pin", { profile: person.id, pin: "", old }));
}

function link(car: Car, person: Profile, key: number, linked: boolean): void {
  prove(car, person, (pin) => void car.call("cockpit.link_key", { profile: person.id, key, linked, pin }));
}

function remove(car: Car, person: Profile): void {
  prove(car, person, (pin) => {
    deleting.value = false;
    void car.call("cockpit.delete_profile", { profile: person.id, pin });
  });
}

function line(control: string, drawing: string, title: string, press: () => void, note = "", off = false): TemplateResult {
  return html`<button class="button line" type="button" data-control=${control} ?disabled=${off} @click=${press}>
    ${icon(drawing)}<span>${title}</span>${note ? html`<small>${note}</small>` : nothing}
  </button>`;
}

/** The keys of the profile, and the one that is near, if it is not among them. */
function keyLines(car: Car, person: Profile): TemplateResult[] {
  const near = car.readings.number(KEY) ?? 0;
  const lines = person.keys.map((key) =>
    line(`unlink-${key}`, keyIcon, car.t("profiles.unlink_key", { key }), () => link(car, person, key, false)),
  );
  if (!near) return [...lines, line("link", keyIcon, car.t("profiles.link_key"), () => {}, car.t("profiles.no_key"), true)];
  if (person.keys.includes(near)) return lines;
  return [...lines, line("link", keyIcon, car.t("profiles.link_this_key", { key: near }), () => link(car, person, near, true))];
}

/** A field for a name with a button to keep it. */
export function nameField(car: Car, value: string, keep: (name: string) => void, cancel: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const name = new FormData(event.target as HTMLFormElement).get("name");
    if (typeof name === "string" && name.trim()) keep(name);
  };
  return html`<form class="naming" @submit=${submit}>
    <input
      class="field"
      name="name"
      maxlength="40"
      autocomplete="off"
      data-control="name"
      aria-label=${car.t("profiles.name")}
      placeholder=${car.t("profiles.name")}
      .value=${value}
    />
    <button class="button primary" type="submit" data-control="keep-name">${car.t("common.save")}</button>
    <button class="button quiet" type="button" data-control="drop-name" @click=${cancel}>${car.t("common.cancel")}</button>
  </form>`;
}

function waiting(car: Car, known: Profiles): TemplateResult | typeof nothing {
  if (!known.waiting.length) return nothing;
  return html`<p class="waiting" role="status" data-field="waiting">
    ${icon(waitIcon)}<span>${car.t("profiles.waiting", { count: known.waiting.length })}</span>
  </p>`;
}

function deletion(car: Car, person: Profile): TemplateResult {
  if (!deleting.value) {
    return line("delete", deleteIcon, car.t("profiles.delete"), () => (deleting.value = true));
  }
  return html`<div class="sure" role="group" aria-label=${car.t("profiles.delete")}>
    <p>${car.t("profiles.delete_sure", { name: nameOf(car, person) })}</p>
    <button class="button danger" type="button" data-control="delete-now" @click=${() => remove(car, person)}>
      ${car.t("common.delete")}
    </button>
    <button class="button" type="button" data-control="delete-not" @click=${() => (deleting.value = false)}>
      ${car.t("common.cancel")}
    </button>
  </div>`;
}

export function mine(car: Car, known: Profiles, person: Profile): TemplateResult {
  return html`<section class="mine card" aria-label=${nameOf(car, person)}>
    <header>
      ${face(car, person, known)}
      <div>
        <h1 class="page-title" data-field="mine">${nameOf(car, person)}</h1>
        <p>${car.t("profiles.remembers", { count: person.settings })}</p>
      </div>
    </header>
    ${waiting(car, known)}
    <div class="setup" data-setup>
      ${renaming.value
        ? nameField(car, person.name, (name) => rename(car, person, name), () => (renaming.value = false))
        : line("rename", nameIcon, car.t("profiles.rename"), () => (renaming.value = true))}
      ${line("pin", lockIcon, car.t(person.has_pin ? "profiles.pin_change" : "profiles.pin_protect"), () => setPin(car, person))}
      ${person.has_pin ? line("no-pin", lockIcon, car.t("profiles.pin_remove"), () => dropPin(car, person)) : nothing}
      ${keyLines(car, person)}
      ${line("privacy", privacyIcon, car.t("profiles.privacy"), () => car.go("privacy"))}
      ${person.id === "owner" ? nothing : deletion(car, person)}
    </div>
  </section>`;
}
