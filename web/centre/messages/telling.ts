// What a message says on this screen: its words with what is put into them, its icon, its colour.

import type { ReadonlySignal } from "@preact/signals-core";
import stopIcon from "@mdi/svg/svg/alert-octagon.svg";
import warningIcon from "@mdi/svg/svg/alert.svg";
import noticeIcon from "@mdi/svg/svg/bell.svg";
import infoIcon from "@mdi/svg/svg/information.svg";
import type { Level, Message } from "../../shared/protocol";
import type { Car } from "../car";

export const ICONS: Readonly<Record<Level, string>> = {
  stop: stopIcon,
  warning: warningIcon,
  notice: noticeIcon,
  info: infoIcon,
};

/** As many as a screen lists. */
const LISTED = 100;

/** The car's messages, the most urgent first, then those that are over; null: not known yet. Reactive. */
export function messagesOf(car: Car): ReadonlySignal<Message[] | null> {
  return car.kept("Messages", "cockpit.messages", { limit: LISTED });
}

/** The message that is on the screens now. Reactive. */
export function shownOf(car: Car): Message | null {
  return messagesOf(car).value?.find(({ state }) => state === "shown") ?? null;
}

/** A message in the language of the screens. Reactive. */
export function textOf({ words }: Car, { says, args }: Message): string {
  const put = Object.entries(args).map(([name, value]) => {
    const key = typeof value === "string" && value.startsWith("@") ? value.slice(1) : null;
    return [name, (key && words.find(key)) || value] as const;
  });
  return words.find(says, Object.fromEntries(put)) ?? "";
}
