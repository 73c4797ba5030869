// What a message says on this screen: its words with what is put into them, its icon, its colour.

import type { ReadonlySignal } from "@preact/signals-core";
import stopIcon from "@mdi/svg/svg/alert-octagon.svg?raw";
import warningIcon from "@mdi/svg/svg/alert.svg?raw";
import noticeIcon from "@mdi/svg/svg/bell.svg?raw";
import infoIcon from "@mdi/svg/svg/information.svg?raw";
import type { Level, Message } from "../../shared/protocol";
import type { Part } from "../../shared/words";
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

/** A message in the language of the screens; "" while its words are on their way. Reactive. */
export function textOf({ words }: Car, { says, args }: Message): string {
  const put = Object.entries(args).map(([name, value]) => {
    const key = typeof value === "string" && value.startsWith("@") ? value.slice(1) : null;
    return [name, (key && words.find(key)) || value] as const;
  });
  return words.find(says, Object.fromEntries(put)) ?? "";
}

/** Fetches the words of all these messages: other parts tell in their own. */
export function fetchWords(car: Car, messages: readonly Message[]): void {
  const keys = messages.flatMap(({ says, args }) => [says, ...Object.values(args)]);
  const parts = keys.flatMap((key) => (typeof key === "string" ? (/^@?([a-z]+)\./.exec(key)?.[1] ?? []) : []));
  void car.words.load(...([...new Set(parts)] as Part[]));
}
