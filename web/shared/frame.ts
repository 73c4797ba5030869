// What a page in a frame of the desk tells it about the keyboard, which the desk itself drives by.

/** A text is being written here; it no longer is; the keyboard is given back. */
type Keyboard = "written" | "left" | "returned";

/** Tells a page that shows this one in a frame what becomes of the keyboard; nothing where there is no such page. */
export function tellKeyboard(): void {
  if (parent === window) return;
  const tell = (keyboard: Keyboard) => parent.postMessage({ keyboard }, "*");
  const isText = ({ target }: Event) => target instanceof HTMLInputElement && target.type === "text";
  addEventListener("focusin", (event) => isText(event) && tell("written"));
  addEventListener("focusout", (event) => isText(event) && tell("left"));
  addEventListener("keydown", (event) => event.key === "Escape" && tell("returned"));
}

/** Tells `heard` what a page in a frame of this one says; what other windows send is passed over. */
export function hearKeyboard(heard: (keyboard: Keyboard) => void): void {
  addEventListener("message", ({ source, data }: MessageEvent<{ keyboard?: Keyboard } | null>) => {
    const frames = [...document.querySelectorAll("iframe")];
    if (data?.keyboard && frames.some(({ contentWindow }) => contentWindow === source)) heard(data.keyboard);
  });
}
