// Settings of the screens.

import { html } from "lit";
import drawing from "@mdi/svg/svg/cog.svg?raw";
import type { CentrePage } from "../page";

const page: CentrePage = {
  name: "settings",
  drawing,
  paths: [],
  view: (car) => html`<h1 class="page-title">${car.t("common.settings")}</h1>`,
};
export default page;
