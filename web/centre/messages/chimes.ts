// Chimes: what is told is heard once, on one screen, in the brand's notes.
//
// What always holds: before somebody has touched the page browsers keep it silent, and it leaves the chime to others;
// the car says which screen plays and when, so that no two chimes are heard at once.

import { effect, untracked } from "@preact/signals-core";
import { brand } from "../../shared/brand";
import type { Level, Note } from "../../shared/protocol";
import type { Car } from "../car";
import { shownOf } from "./telling";

/** The brand's cue for a level; what only informs is not heard. */
const CUES: Readonly<Partial<Record<Level, string>>> = { stop: "danger", warning: "caution", notice: "info" };
/** The car leaves 1.5 s for a chime (cockpit/messages/queue.py); a longer one is cut short. */
const LONGEST_S = 1.4;
const FADE_S = 0.02;

let context: AudioContext | null = null;

/** Keeps listening to what is told; called once. */
export function chime(car: Car): void {
  if (car.screen !== "centre") return;
  const wake = () => {
    context ??= new AudioContext();
    void context.resume();
  };
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, wake, { capture: true, passive: true });
  let heard = "";
  effect(() => {
    const message = shownOf(car);
    if (!message || message.id === heard) return;
    heard = message.id;
    if (CUES[message.level]) untracked(() => void claim(car, message.id));
  });
}

async function claim(car: Car, message: string): Promise<void> {
  if (context?.state !== "running") return;
  try {
    const { cue, wait_s } = await car.connection.call("cockpit.claim_chime", { message });
    const notes = brand.sound(CUES[cue as Level] ?? "");
    if (cue) play(context, notes, context.currentTime + wait_s);
  } catch {
    // no connection: the page shows that, and what could be told is not known any more
  }
}

function play(audio: AudioContext, notes: readonly Note[], from: number): void {
  for (const { frequency_hz, start_ms, duration_ms, gain, wave } of notes) {
    const begins = start_ms / 1000;
    const ends = Math.min(begins + duration_ms / 1000, LONGEST_S);
    if (begins >= ends) continue;
    const source = audio.createOscillator();
    const level = audio.createGain();
    source.type = wave;
    source.frequency.value = frequency_hz;
    // A hard edge is heard as a click.
    level.gain.setValueAtTime(0, from + begins);
    level.gain.linearRampToValueAtTime(gain, from + Math.min(begins + FADE_S, ends));
    level.gain.setValueAtTime(gain, from + Math.max(begins + FADE_S, ends - FADE_S));
    level.gain.linearRampToValueAtTime(0, from + ends);
    source.connect(level).connect(audio.destination);
    source.start(from + begins);
    source.stop(from + ends);
  }
}
