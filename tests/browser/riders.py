"""What the tests of the centre's pages share: somebody in the car, and a page opened as a driver opens it."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

WIDE = (1280, 720)  # the layout of 2560 x 1440, scaled: a quarter of the pixels to paint
SOON_MS = 20_000  # nothing is measured; a loaded machine is no failure


def at(page: Page, path: str) -> Locator:
    """What shows a signal on the open page, without the bar below it."""
    return page.locator(f'.stage [data-path="{path}"]')


def open_page(page: Page, stack: Any, name: str, size: tuple[int, int] = WIDE, **settings: str) -> Page:
    """Open a page of the centre display and wait until it is drawn."""
    page.set_default_timeout(SOON_MS)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    url = urlsplit(stack.centre_url)
    query = "&".join([*filter(None, [url.query]), *(f"{key}={value}" for key, value in settings.items())])
    page.goto(urlunsplit(url._replace(query=query, fragment=name)))
    expect(page.locator(f'.stage[data-page="{name}"][data-connection="live"]')).to_be_visible(timeout=SOON_MS)
    return page


def another(page: Page, stack: Any, name: str) -> Page:
    """The same page on a second screen."""
    return open_page(page.context.new_page(), stack, name)


def without(page: Page, paths: Iterable[str]) -> None:
    """Let the page see a car in which nobody has ever spoken of these signals.

    The simulated car has everything, so the answers of its server are edited on their way to the page.
    """
    gone = set(paths)

    def edit(message: str | bytes) -> str | bytes:
        told = json.loads(message)
        for values in [told.get("values")]:
            for path in gone.intersection(values or ()):
                values[path] = [None, 3, -1]
        return json.dumps(told)

    def route(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(edit(message)))
        socket.on_message(server.send)

    page.route_web_socket("**/ws*", route)
