// The signals page: every signal of the car, live.

import "./signals.css";
import { computed, effect, signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit/html.js";
import chevronIcon from "@mdi/svg/svg/chevron-right.svg";
import searchIcon from "@mdi/svg/svg/magnify.svg";
import { Actuation } from "../shared/actuation";
import { Connection } from "../shared/connection";
import { icon } from "../shared/icon";
import type { SignalInfo } from "../shared/protocol";
import { QUALITY_NAMES } from "../shared/readings";
import { followTheme } from "../shared/theme";
import { live } from "../shared/view";
import { detail } from "./detail";
import { age, unit, valueText as text } from "./format";
import { type Branch, type KindFilter, Store, treeOf } from "./store";
import { Trace } from "./trace";

const ROW_PX = 48;
const OVERSCAN = 6;
const KINDS: readonly (readonly [KindFilter, string])[] = [
  ["all", "All"],
  ["sensor", "Sensors"],
  ["actuator", "Actuators"],
  ["attribute", "Attributes"],
];

const connection = new Connection();
const { readings } = connection;
const store = new Store(connection);
const actuation = new Actuation(connection);
const trace = new Trace();
const tree = computed(() => treeOf(store.catalogue.value));
const opened = signal<ReadonlySet<string>>(new Set(["Vehicle"]));
const scroll = signal({ top: 0, height: 800 });
const clock = signal(performance.now()); // ages and the trace move with it
setInterval(() => (clock.value = performance.now()), 200);

followTheme(readings);

const root = document.getElementById("signals")!;
root.innerHTML = `
  <header></header>
  <nav class="tree" aria-label="Branches"></nav>
  <main class="list" tabindex="-1"><div class="rows" role="listbox" aria-label="Signals"></div></main>
  <aside class="detail" aria-label="The chosen signal"></aside>`;
const part = (selector: string) => root.querySelector<HTMLElement>(selector)!;
const list = part(".list");

live(part("header"), header);
live(part(".tree"), () => html`<ul>${branch(tree.value)}</ul>`);
live(part(".rows"), rows);
live(part(".detail"), () =>
  detail(store.info(store.selected.value), readings, trace, actuation, clock.value),
);

const measure = () => (scroll.value = { top: list.scrollTop, height: list.clientHeight });
list.addEventListener("scroll", measure, { passive: true });
new ResizeObserver(measure).observe(list);

effect(() => {
  void [store.text.value, store.kind.value, store.branch.value, store.onlyLive.value];
  list.scrollTop = 0;
});
effect(() => {
  const [first, last] = range();
  store.look(store.shown.value.slice(first, last).map((info) => info.path));
});
effect(() => trace.record(readings, store.selected.value));

/** The rows on screen, with a few beyond either edge. */
function range(): [first: number, last: number] {
  const { top, height } = scroll.value;
  const first = Math.max(0, Math.floor(top / ROW_PX) - OVERSCAN);
  return [first, first + Math.ceil(height / ROW_PX) + 2 * OVERSCAN];
}

function choose(path: string): void {
  store.selected.value = path;
  const [first, last] = range();
  store.look(store.shown.peek().slice(first, last).map((info) => info.path));
}

function rows(): TemplateResult {
  const shown = store.shown.value;
  const [first, last] = range();
  part(".rows").style.height = `${Math.max(1, shown.length) * ROW_PX}px`;
  part(".rows").dataset["count"] = String(shown.length);
  if (shown.length === 0)
    return html`<p class="empty">
      ${store.catalogue.value.length === 0 ? "Waiting for the car …" : "No signal fits."}
    </p>`;
  return html`${shown.slice(first, last).map((info, i) => row(info, first + i, shown.length))}`;
}

function row(info: SignalInfo, index: number, count: number): TemplateResult {
  const reading = readings.of(info.path).value;
  const chosen = store.selected.value === info.path;
  const rest = info.path.slice(store.branch.value.length + 1);
  const cut = rest.lastIndexOf(".") + 1;
  return html`<button
    class="row"
    type="button"
    role="option"
    aria-selected=${chosen}
    aria-posinset=${index + 1}
    aria-setsize=${count}
    data-path=${info.path}
    data-quality=${QUALITY_NAMES[reading.quality]}
    style="top: ${index * ROW_PX}px"
    title=${info.description || info.path}
    @click=${() => choose(info.path)}
    @keydown=${step}
  >
    <span class="name"><span class="before">${rest.slice(0, cut).replaceAll(".", " › ")}</span
      ><span class="leaf">${rest.slice(cut)}</span></span
    >
    <span class="value">${text(reading.value)}</span>
    <span class="unit">${unit(info.unit)}</span>
    <span class="quality">${QUALITY_NAMES[reading.quality]}</span>
    <span class="age">${age(reading.heard_ms, clock.value)}</span>
  </button>`;
}

/** Up and down go from row to row. */
function step(event: KeyboardEvent): void {
  const way = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (way === 0) return;
  event.preventDefault();
  const path = (event.currentTarget as HTMLElement).dataset["path"];
  const shown = store.shown.peek();
  const next = shown[shown.findIndex((info) => info.path === path) + way];
  const target = next && root.querySelector<HTMLElement>(`.row[data-path="${next.path}"]`);
  if (!target) return;
  choose(next.path);
  target.scrollIntoView({ block: "nearest" });
  target.focus();
}

function header(): TemplateResult {
  const provided = store.provided.value;
  return html`
    <h1>Signals</h1>
    <label class="search">
      ${icon(searchIcon)}<span class="visually-hidden">Search</span>
      <input
        class="field"
        type="text"
        inputmode="search"
        placeholder="Search names and descriptions"
        autocomplete="off"
        spellcheck="false"
        data-control="search"
        .value=${store.text.value}
        @input=${(event: Event) => (store.text.value = (event.target as HTMLInputElement).value)}
      />
    </label>
    <fieldset class="segments" aria-label="Kind">
      ${KINDS.map(
        ([kind, title]) =>
          html`<button
            class="button"
            type="button"
            data-kind=${kind}
            aria-pressed=${store.kind.value === kind}
            @click=${() => (store.kind.value = kind)}
          >
            ${title}
          </button>`,
      )}
    </fieldset>
    <button
      class="button"
      type="button"
      data-control="only_live"
      aria-pressed=${store.onlyLive.value}
      title="Only what this car has said something about"
      @click=${() => (store.onlyLive.value = !store.onlyLive.value)}
    >
      Provided${provided === null ? nothing : html` <span class="muted">${provided}</span>`}
    </button>
    <p class="count" role="status" data-state=${connection.state.value}>
      ${connection.state.value === "silent" ? "No connection to the car" : `${store.shown.value.length} shown`}
    </p>
  `;
}

function branch({ path, name, count, branches }: Branch): TemplateResult {
  const open = opened.value.has(path);
  const toggle = () => {
    const next = new Set(opened.peek());
    if (!next.delete(path)) next.add(path);
    opened.value = next;
  };
  return html`<li>
    <div class="node" data-current=${store.branch.value === path}>
      ${branches.length > 0
        ? html`<button
            class="twist"
            type="button"
            aria-expanded=${open}
            aria-label="${open ? "Close" : "Open"} ${name}"
            @click=${toggle}
          >
            ${icon(chevronIcon)}
          </button>`
        : html`<span class="twist"></span>`}
      <button
        class="branch"
        type="button"
        data-branch=${path}
        aria-pressed=${store.branch.value === path}
        @click=${() => {
          store.branch.value = path;
          if (!open && branches.length > 0) toggle();
        }}
      >
        <span>${name}</span><span class="muted">${count}</span>
      </button>
    </div>
    ${open && branches.length > 0 ? html`<ul>${branches.map(branch)}</ul>` : nothing}
  </li>`;
}
