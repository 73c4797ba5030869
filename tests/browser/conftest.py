"""A running car and a real Chromium for the page tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from alpenglow.fabric.web import BUILT_PAGES
from tests.cockpit.riding import Rider
from tests.running import Stack

expect.set_options(timeout=20_000)  # ms; nothing is measured, a loaded machine is no failure


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The simulated car, standing in P; one for all tests of a file."""
    if not (BUILT_PAGES / "cluster.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def rider(stack: Stack) -> Iterator[Rider]:
    """Somebody in the car, which has woken and stands in P."""
    with Rider(stack) as rider:
        rider.ready()
        yield rider


@pytest.fixture
def driving(rider: Rider) -> Iterator[Rider]:
    """The car drives at about 40 km/h; it stands in P again afterwards."""
    rider.drive(40)
    yield rider
    rider.park()


@pytest.fixture
def night_drive(rider: Rider) -> Iterator[Rider]:
    """The car drives in the dark with its lights on; it stands in P by day afterwards."""
    rider.controls(light_switch="AUTO")
    rider.world(daylight=0)
    rider.drive(40)
    yield rider
    rider.park()
    rider.world(daylight=80)
    rider.until(lambda: (rider.value("Vehicle.Exterior.LightIntensity") or 0) > 50)


# Playwright keeps an event loop running in this thread, so it has to end before other rooms' async tests begin.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium: $ALPENGLOW_CHROMIUM, the one on the path, else Playwright's own."""
    path = os.environ.get("ALPENGLOW_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(
        executable_path=path or None,
        # As root Chromium needs --no-sandbox; the rest keeps it from asking the network for things.
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a file: the pages keep nothing in the browser, and what one has loaded is loaded."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, device_scale_factor=1)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test if it logs an error."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    for each in context.pages:
        each.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go."""
    folder = Path(__file__).parents[2] / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
