// What a page of the centre display is. One folder a page, whose `page.ts` has it as its default export.

import type { TemplateResult } from "lit/html.js";
import type { Car } from "./car";

export interface CentrePage {
  /** Signals that are followed while it is open. */
  readonly paths: readonly string[];
  /** All of it is set-up: it is closed while the car's driving state forbids that. */
  readonly setup?: boolean;
  /** Not shown to guests and valets. */
  readonly personal?: boolean;
  /** Reactive: drawn again whenever a signal that it read has changed. */
  view(car: Car): TemplateResult;
  opened?(car: Car): void;
  closed?(): void;
}
