// Home: the car at rest, and what people reach for first.

import { html } from "lit";
import drawing from "@mdi/svg/svg/home-variant.svg?raw";
import type { CentrePage } from "../page";

const page: CentrePage = {
  name: "home",
  drawing,
  paths: [],
  view: (car) => html`<h1 class="page-title">${car.t("common.home")}</h1>`,
};
export default page;
