// Without a finger: arrow keys and a rotary knob go from one thing to the next, Enter presses it.
//
// Rules that always hold:
// - the order is that of the document; what is inert, hidden or disabled is passed over;
// - up and down always go on; left and right stay with what uses them itself (a slider, a text);
// - a knob on a slider turns the slider only after it was pressed (Enter), and goes on after it is pressed again.

const REACHED = 'a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"])';
/** How far a wheel turns for one detent, in its own pixels. */
const DETENT_PX = 40;

export interface Knob {
  /** The display's knob speaks as a mouse wheel (`?knob=wheel`). */
  readonly byWheel: boolean;
}

/** Moves the focus within `root` by arrow keys and the knob. */
export function moveFocus(root: HTMLElement, knob: Knob): void {
  let adjusted: HTMLInputElement | null = null;
  const adjust = (slider: HTMLInputElement | null) => {
    adjusted?.removeAttribute("data-adjusted");
    adjusted = slider;
    adjusted?.setAttribute("data-adjusted", "");
  };
  root.addEventListener("focusout", () => adjust(null));

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.target as Element;
    if (isSlider(at) && (event.key === "Enter" || (event.key === "Escape" && adjusted))) {
      adjust(adjusted ? null : at);
      event.preventDefault();
      return;
    }
    const forward = wayOf(event.key);
    if (forward === null || adjusted === at || usesItself(at, event.key)) return;
    event.preventDefault();
    go(root, forward);
  });

  if (!knob.byWheel) return;
  let turned = 0;
  root.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault(); // the focus scrolls
      turned += event.deltaY;
      for (; Math.abs(turned) >= DETENT_PX; turned -= Math.sign(turned) * DETENT_PX) {
        if (adjusted) turn(adjusted, turned > 0);
        else go(root, turned > 0);
      }
    },
    { passive: false },
  );
}

/** Forward (true), back (false) or neither: as the eye reads, from the start of a line to its end. */
function wayOf(key: string): boolean | null {
  const isRtl = document.documentElement.dir === "rtl";
  switch (key) {
    case "ArrowDown":
      return true;
    case "ArrowUp":
      return false;
    case "ArrowRight":
      return !isRtl;
    case "ArrowLeft":
      return isRtl;
    default:
      return null;
  }
}

function usesItself(at: Element, key: string): boolean {
  if (at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) return true;
  const isAlong = key === "ArrowLeft" || key === "ArrowRight";
  return at instanceof HTMLInputElement && isAlong && at.type !== "checkbox" && at.type !== "radio";
}

function go(root: HTMLElement, forward: boolean): void {
  const all = [...root.querySelectorAll<HTMLElement>(REACHED)].filter(
    (each) => !each.matches(":disabled") && !each.closest("[inert]") && each.checkVisibility({ visibilityProperty: true }),
  );
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (forward ? 0 : all.length - 1) : (at + (forward ? 1 : -1) + all.length) % all.length;
  document.documentElement.dataset["knob"] = ""; // the focus is shown until a finger comes
  all[next]!.focus();
  all[next]!.scrollIntoView({ block: "nearest", inline: "nearest" });
  addEventListener("pointerdown", () => delete document.documentElement.dataset["knob"], { once: true });
}

function isSlider(element: Element): element is HTMLInputElement {
  return element instanceof HTMLInputElement && element.type === "range";
}

function turn(slider: HTMLInputElement, up: boolean): void {
  if (up) slider.stepUp();
  else slider.stepDown();
  for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
}
