// One layout for every screen: it is drawn in the px of its own screen size and scaled to the one that is there.

/** wide: 15.1" landscape; tall: 12.3" portrait; strip: the passenger's; small: a frame on a desk. */
type Layout = "wide" | "tall" | "strip" | "small";

/** The least size that each layout is drawn for, px. */
const SIZES: Readonly<Record<Layout, readonly [width: number, height: number]>> = {
  wide: [2560, 1440],
  tall: [1200, 1920],
  strip: [1920, 720],
  small: [1480, 920],
};
/** Below this scale the smallest text (26 px) is under 10 px: then less is shown, larger. */
const LEAST_SCALE = 0.385;
/** Wider than this the passenger's screen is a strip. */
const STRIP_ASPECT = 2.2;

/** Keeps `root` filling the window at the scale that its layout needs, which `data-layout` names. */
export function fit(root: HTMLElement): void {
  const resize = () => {
    const { innerWidth: width, innerHeight: height } = window;
    const chosen = layoutFor(width, height, root.dataset["screen"] === "passenger");
    const [least_width, least_height] = SIZES[chosen];
    const scale = Math.min(width / least_width, height / least_height);
    root.dataset["layout"] = chosen;
    root.style.setProperty("zoom", scale.toFixed(5));
    root.style.width = `${width / scale}px`;
    root.style.height = `${height / scale}px`;
  };
  addEventListener("resize", resize);
  resize();
}

function layoutFor(width: number, height: number, isPassengers: boolean): Layout {
  if (width < height) return "tall";
  if (isPassengers && width / height > STRIP_ASPECT) return "strip";
  const [wide, high] = SIZES.wide;
  return Math.min(width / wide, height / high) < LEAST_SCALE ? "small" : "wide";
}
