// What a scene sets: each with its value, what would become of it now, and the list of what else there is.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import plusIcon from "@mdi/svg/svg/plus.svg";
import removeIcon from "@mdi/svg/svg/close.svg";
import type { Action, Foreseen, SceneThing, Value } from "../../shared/protocol";
import type { Car } from "../car";
import { segments } from "../controls";
import { add, type Edit, remove, setTo, show } from "./state";
import { step } from "./trigger";
import { actionName, partsOf, placeName, refusalOf, thingName, thingOf, valueName } from "./words";

export function actions(car: Car, { scene, foreseen, adds }: Edit): TemplateResult {
  if (adds) return things(car, scene.actions);
  return html`<ul class="scene-sets" role="list" data-long aria-label=${car.t("scenes.actions")}>
      ${repeat(
        scene.actions,
        ({ path }) => path,
        (action, index) => row(car, action, foreseen?.actions[index]),
      )}
    </ul>
    <button class="button add" type="button" data-control="add" @click=${() => show({ adds: true })}>
      ${car.icon("add", plusIcon)}<span>${car.t("scenes.add")}</span>
    </button>`;
}

function row(car: Car, action: Action, foreseen: Foreseen | undefined): TemplateResult {
  const name = actionName(car, action);
  return html`<li data-action=${action.path}>
    <span class="name">${name}</span>
    ${value(car, action, thingOf(car, action.path), name)}
    <button
      class="button quiet icon-only"
      type="button"
      data-control="remove"
      aria-label=${car.t("scenes.remove", { name })}
      @click=${() => remove(action.path)}
    >
      ${car.icon("remove", removeIcon)}
    </button>
    ${foreseen ? html`<p class="foreseen" data-foreseen=${foreseen.state}>${outlook(car, foreseen)}</p>` : nothing}
  </li>`;
}

function value(car: Car, { path, value }: Action, thing: SceneThing | undefined, name: string): TemplateResult {
  const text = valueName(car, path, value);
  if (thing?.form === "number" && typeof value === "number") {
    const move = (by: number) => () =>
      setTo(path, Math.min(thing.maximum, Math.max(thing.minimum, (Math.round(value / thing.step) + by) * thing.step)));
    return step(car, name, text, move(-1), move(1));
  }
  if (!thing) return html`<span class="fixed">${text}</span>`;
  const choices: readonly Value[] = thing.form === "switch" ? [true, false] : thing.choices;
  return segments(name, value, choices.map((each) => [each, valueName(car, path, each)] as const), (each) => setTo(path, each));
}

/** What would become of it now. */
function outlook(car: Car, { path, before, value, state, rule, says }: Foreseen): string {
  switch (state) {
    case "changes":
      return car.t("scenes.changes", { before: valueName(car, path, before), after: valueName(car, path, value) });
    case "same":
      return car.t("scenes.same");
    case "lacks":
      return car.t("common.no_provider");
    default:
      return refusalOf(car, rule, says);
  }
}

/** Everything else that this car can be asked for, one line a kind of thing, a button a place. */
function things(car: Car, set: readonly Action[]): TemplateResult {
  const taken = new Set(set.map(({ path }) => path));
  const byName = new Map<string, SceneThing[]>();
  for (const thing of partsOf(car).things)
    if (!taken.has(thing.path)) byName.set(thing.name, [...(byName.get(thing.name) ?? []), thing]);
  return html`<ul class="scene-things" role="list" data-long aria-label=${car.t("scenes.add")}>
    ${[...byName.values()].map(
      (places) =>
        html`<li>
          <span class="name">${thingName(car, places[0]!)}</span>
          <span class="places">
            ${places.map(
              (thing) =>
                html`<button
                  class="button"
                  type="button"
                  data-thing=${thing.path}
                  aria-label=${actionName(car, { path: thing.path, value: false, says: "" })}
                  @click=${() => add(thing.path, first(car, thing))}
                >
                  ${placeName(car, thing) || car.icon("add", plusIcon)}
                </button>`,
            )}
          </span>
        </li>`,
    )}
  </ul>`;
}

/** As the car is now where that can be chosen, so that it need only be changed a little. */
function first(car: Car, { path, form, minimum, maximum, step, choices }: SceneThing): Value {
  const now = car.readings.of(path).peek().value;
  if (form === "switch") return now !== true;
  if (form === "choice") return choices.find((choice) => choice === now) ?? choices[0] ?? "";
  const middle = typeof now === "number" ? now : (minimum + maximum) / 2;
  return Math.min(maximum, Math.max(minimum, Math.round(middle / step) * step));
}
