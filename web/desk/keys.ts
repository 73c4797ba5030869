// The keyboard: which key works what, as one table that the help shows too.

export interface Key {
  /** As a person reads it. */
  readonly shown: readonly string[];
  readonly title: string;
  readonly group: "Drive" | "Lights and signals" | "Desk";
}

/** What keys work; `code` is the place of a key, so that it is the same on every keyboard layout, `key` its letter. */
export interface Actions {
  hold(name: "accelerator" | "brake" | "left" | "right" | "horn" | "flash", down: boolean): void;
  gentle(down: boolean): void;
  press(name: Press): void;
  /** Whether D means the lever rather than the wheel. */
  driveByD(): boolean;
}

export type Press =
  | "P" | "R" | "N" | "D"
  | "parking_brake" | "ready" | "left" | "right" | "hazard" | "lights" | "high_beam" | "wiper"
  | "help" | "close"; // prettier-ignore

export const KEYS: readonly Key[] = [
  { shown: ["W", "↑"], title: "Accelerator", group: "Drive" },
  { shown: ["S", "↓"], title: "Brake", group: "Drive" },
  { shown: ["Shift"], title: "Held with a pedal: press gently", group: "Drive" },
  { shown: ["A", "←"], title: "Steer left", group: "Drive" },
  { shown: ["D", "→"], title: "Steer right", group: "Drive" },
  { shown: ["P", "R", "N", "D"], title: "Gear lever; D when standing and not in D", group: "Drive" },
  { shown: ["Shift", "D"], title: "Gear lever to D, always", group: "Drive" },
  { shown: ["K"], title: "Parking brake", group: "Drive" },
  { shown: ["I"], title: "Power on or off", group: "Drive" },
  { shown: ["Q"], title: "Indicate left", group: "Lights and signals" },
  { shown: ["E"], title: "Indicate right", group: "Lights and signals" },
  { shown: ["H"], title: "Hazard lights", group: "Lights and signals" },
  { shown: ["L"], title: "Light switch: next position", group: "Lights and signals" },
  { shown: ["B"], title: "High beam", group: "Lights and signals" },
  { shown: ["F"], title: "Flash, while held", group: "Lights and signals" },
  { shown: ["V"], title: "Wipers: next position", group: "Lights and signals" },
  { shown: ["X"], title: "Horn, while held", group: "Lights and signals" },
  { shown: ["?"], title: "This help", group: "Desk" },
  { shown: ["Esc"], title: "Close the help; feet off the pedals", group: "Desk" },
];

const HOLDS: Readonly<Record<string, Parameters<Actions["hold"]>[0]>> = {
  w: "accelerator",
  arrowup: "accelerator",
  s: "brake",
  arrowdown: "brake",
  a: "left",
  arrowleft: "left",
  d: "right",
  arrowright: "right",
  x: "horn",
  f: "flash",
};

const PRESSES: Readonly<Record<string, Press>> = {
  p: "P",
  r: "R",
  n: "N",
  k: "parking_brake",
  i: "ready",
  q: "left",
  e: "right",
  h: "hazard",
  l: "lights",
  b: "high_beam",
  v: "wiper",
  "?": "help",
  escape: "close",
};

/** Connects the keyboard; returns what forgets the keys held (their release may go to another window). */
export function listen(actions: Actions): () => void {
  const held = new Map<string, Parameters<Actions["hold"]>[0]>(); // by place, since Shift changes the letter

  addEventListener("keydown", (event) => {
    if (event.key === "Shift") actions.gentle(true);
    if (event.ctrlKey || event.metaKey || event.altKey || wanted(event)) return;
    const key = event.key.toLowerCase();
    if (event.repeat) {
      if (held.has(event.code)) event.preventDefault();
      return;
    }
    if (key === "d" && (event.shiftKey || actions.driveByD())) {
      actions.press("D");
      return;
    }
    const hold = HOLDS[key];
    if (hold) {
      event.preventDefault(); // arrows would scroll
      held.set(event.code, hold);
      actions.hold(hold, true);
      return;
    }
    const press = PRESSES[key];
    if (press) actions.press(press);
  });

  addEventListener("keyup", (event) => {
    if (event.key === "Shift") actions.gentle(false);
    const hold = held.get(event.code);
    if (!hold) return;
    held.delete(event.code);
    if (![...held.values()].includes(hold)) actions.hold(hold, false);
  });

  return () => held.clear();
}

/** Whether the thing in focus needs this key itself. */
function wanted(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLInputElement)) return false;
  return target.type !== "range" || event.key.startsWith("Arrow");
}
