// Scenes: several settings under one name, started by a touch; and the place where people make their own.

import "./scenes.css";
import { html } from "lit/html.js";
import { Restriction } from "../../shared/restrictions";
import type { CentrePage } from "../page";
import { editor } from "./editor";
import { edit, leave } from "./state";
import { tiles } from "./tiles";
import { LATITUDE, LONGITUDE } from "./trigger";
import { partsOf } from "./words";

const page: CentrePage = {
  paths: [LATITUDE, LONGITUDE],
  view(car) {
    void partsOf(car); // asked for before the editor is opened
    const open = car.restricted(Restriction.NO_SETUP) || car.profile.value.kind !== "PERSON" ? null : edit.value;
    return html`<div class="scenes-page" data-shown=${open ? "editor" : "tiles"}>
      ${open ? editor(car, open) : tiles(car)}
    </div>`;
  },
  closed: leave,
};
export default page;
