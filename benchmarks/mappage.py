"""The map page in Chromium: from its style to the last tile, name and symbol, with nothing of it fetched before.

Software rendering on a computer without a graphics processor, which also runs the car: no frame rate is claimed.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.maps import andorra_in, lend
from tests.running import Stack

from benchmarks.table import Row, at_most, quantile

_OPENED = 5
_WIDE = {"width": 2560, "height": 1440}
_DRAWN_MS = 60_000
_SINCE = """(from) => {
  const at = (name) => performance.getEntriesByName(name)[0].startTime;
  return at("map:idle") - (from ? at(from) : 0);
}"""


def run() -> list[Row]:
    """Open the page anew several times; the medians."""
    data = Path(os.environ.get("ALPENGLOW_SHARED", Path(__file__).parent.parent.parent / "shared")) / "data"
    if not (data / "maps" / "andorra.osm.pbf").is_file():
        print(f"  left out: no map in {data}", file=sys.stderr)
        return []
    path = os.environ.get("ALPENGLOW_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        lend(andorra_in(folder / "maps", data), folder / "state")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        with Stack(folder) as stack:
            took = [_open(browser, stack.centre_url) for _ in range(_OPENED)]
        browser.close()
    style, fetched, opened = (sorted(each[at] for each in took) for at in range(3))
    return [
        at_most("map page: style to idle, median", quantile(style, 0.5), 2500, "ms", f"longest {style[-1]:.0f} ms"),
        Row("… with fetching and reading MapLibre", quantile(fetched, 0.5), "ms"),
        Row("… from the request for the page, empty cache", quantile(opened, 0.5), "ms"),
    ]


def _open(browser: Browser, url: str) -> tuple[float, float, float]:
    """Milliseconds to the finished map: from its style, from when it was asked for, from the page's request."""
    context = browser.new_context(viewport=_WIDE)
    page = context.new_page()
    page.goto(f"{url}#map")
    page.locator('.map-view[data-drawn="true"]').wait_for(state="attached", timeout=_DRAWN_MS)
    style, fetched, opened = (float(page.evaluate(_SINCE, name)) for name in ("map:style", "map:start", ""))
    context.close()
    return style, fetched, opened
