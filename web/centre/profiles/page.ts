// Profiles: who is in the car. One touch changes it for somebody else; what is set up is set up while parked.

import "./profiles.css";
import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import warnIcon from "@mdi/svg/svg/alert-circle-outline.svg";
import { icon } from "../../shared/icon";
import type { Profiles } from "../../shared/protocol";
import { Restriction } from "../../shared/restrictions";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { mine, MINE_PATHS, nameField, settle } from "./mine";
import { close as closePad, isAsking, pad } from "./pad";
import { people } from "./people";
import { driving, handOver, lastDrive } from "./valet";

const open = signal<"" | "new" | "valet">("");

function create(car: Car, name: string): void {
  void car.call("cockpit.create_profile", { name }).then((made) => {
    if (!made) return;
    open.value = "";
    car.say(car.t("profiles.made", { name: made.name }));
  });
}

function aside(car: Car, known: Profiles): TemplateResult | typeof nothing {
  const person = known.profiles.find(({ in_force }) => in_force);
  if (open.value === "valet") return handOver(car, person, () => (open.value = ""));
  if (open.value === "new") {
    return html`<section class="card fresh" data-setup aria-label=${car.t("profiles.new")}>
      <h1 class="page-title">${car.t("profiles.new")}</h1>
      <p>${car.t("profiles.new_explained")}</p>
      ${nameField(car, "", (name) => create(car, name), () => (open.value = ""))}
    </section>`;
  }
  if (person) return html`${mine(car, known, person)}${lastDrive(car, known)}`;
  return html`<section class="card guest" aria-label=${car.t("common.guest")}>
    <h1 class="page-title">${car.t("profiles.guest_title")}</h1>
    <p>${car.t("profiles.guest_explained")}</p>
  </section>`;
}

function trouble(car: Car, known: Profiles): TemplateResult | typeof nothing {
  const text = known.notice ? car.t("profiles.set_aside") : known.keeps ? "" : car.t("profiles.not_kept");
  return text ? html`<p class="trouble" role="alert" data-field="trouble">${icon(warnIcon)}<span>${text}</span></p>` : nothing;
}

function view(car: Car): TemplateResult {
  const known = car.kept("Profiles", "cockpit.profiles", {}).value;
  if (!known) return html`<p class="empty" role="status">${car.t("common.loading")}</p>`;
  // A PIN is typed with the eyes: a pad that is open closes when the car sets off.
  if (isAsking() && !car.restricted(Restriction.NO_SETUP)) return html`<div class="profiles asking">${pad(car)}</div>`;
  if (known.kind === "VALET") return html`<div class="profiles alone">${driving(car, known)}</div>`;
  return html`<div class="profiles" ?data-open=${open.value !== ""}>
    <section aria-label=${car.t("profiles.who")}>
      <h1 class="page-title">${car.t("profiles.who")}</h1>
      ${trouble(car, known)} ${people(car, known, (what) => (open.value = what))}
    </section>
    <div class="beside">${aside(car, known)}</div>
  </div>`;
}

const page: CentrePage = {
  paths: MINE_PATHS,
  view,
  closed() {
    closePad();
    settle();
    open.value = "";
  },
};
export default page;
