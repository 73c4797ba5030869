// What the plugins beside this file make of an import.

declare module "@mdi/svg/svg/*.svg" {
  /** The drawing's name in the sprite of icons. */
  const name: string;
  export default name;
}

declare module "virtual:icon-sprite" {
  /** The sprite's address. */
  const address: string;
  export default address;
}

declare module "virtual:words" {
  /** Where each language's words are. */
  const addresses: Readonly<Record<"ar" | "de" | "en" | "zh", string>>;
  export default addresses;
}
