"""A running car and a real Chromium for the page tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from alpenglow.fabric.web import BUILT_PAGES
from tests.running import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The simulated car, standing in P; one for all tests of a file."""
    if not (BUILT_PAGES / "cluster.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test if it logs an error."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, device_scale_factor=1)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go."""
    folder = Path(__file__).parents[2] / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
