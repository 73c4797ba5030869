// The map. Its parts are a file of their own, fetched when it is first opened: who never looks at it does not pay for it.

import { signal } from "@preact/signals-core";
import { html } from "lit/html.js";
import type { Car } from "../car";
import type { CentrePage } from "../page";
import { GUIDANCE_PATHS, VIEW_PATHS } from "./paths";

const whole = signal<CentrePage | null>(null);
const failed = signal(false);
let isOpen = false;

const page: CentrePage = {
  paths: [...VIEW_PATHS, ...GUIDANCE_PATHS],
  view(car) {
    if (whole.value) return whole.value.view(car);
    return html`<p class="closed" role="status">${car.t(failed.value ? "common.page_failed" : "common.loading")}</p>`;
  },
  opened(car) {
    isOpen = true;
    if (whole.peek()) whole.peek()!.opened!(car);
    else void fetchWhole(car);
  },
  closed() {
    isOpen = false;
    whole.peek()?.closed!();
  },
};
export default page;

async function fetchWhole(car: Car): Promise<void> {
  try {
    const fetched = (await import("./whole")).default;
    if (whole.peek()) return;
    failed.value = false;
    whole.value = fetched;
    if (isOpen) fetched.opened!(car);
  } catch (error) {
    console.warn("the map page could not be fetched:", error);
    failed.value = true; // it is fetched again when it is opened again
  }
}
