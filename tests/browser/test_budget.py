"""The JavaScript of a page stays small: what the built files weigh, gzipped, with everything that they may fetch."""

import gzip
import json
import re
from pathlib import Path

import pytest

from alpenglow.fabric.web import BUILT_PAGES

pytestmark = pytest.mark.browser

WORDS = Path(__file__).parents[2] / "web/words"
_SCRIPT = re.compile(r"""(?:src|href)="\./(assets/[^"]+\.js)\"""")
_IMPORT = re.compile(r"""["'`](?:\./|assets/)([^"'`/]+\.js)["'`]""")


@pytest.fixture(autouse=True)
def built() -> None:
    if not (BUILT_PAGES / "centre.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")


# Fetched when a map is first shown, on its page or on home, and never in a car without one.
MAP = ("whole-", "card-")
MAP_LIBRARY = "library-"


def scripts(page: str, without: tuple[str, ...] = ()) -> dict[Path, int]:
    """Every script that `page` loads at once or later, with its gzipped size in bytes.

    Those whose names begin as `without` says, and what these alone load, are left out.
    """
    html = (BUILT_PAGES / f"{page}.html").read_text(encoding="utf-8")
    waiting = {BUILT_PAGES / found for found in _SCRIPT.findall(html)}
    sizes: dict[Path, int] = {}
    while waiting:
        script = waiting.pop()
        sizes[script] = weight(script)
        imported = _IMPORT.findall(script.read_text(encoding="utf-8"))
        waiting |= {script.parent / found for found in imported if not found.startswith(without)} - sizes.keys()
    return sizes


def weight(file: Path) -> int:
    """Bytes, gzipped."""
    return len(gzip.compress(file.read_bytes(), 9))


@pytest.mark.parametrize(("page", "most_kb"), [("cluster", 25), ("centre", 90)])
def test_a_page_stays_within_its_budget(page: str, most_kb: int) -> None:
    sizes = scripts(page, without=MAP)
    total_kb = sum(sizes.values()) / 1000
    said = f"{page}: {total_kb:.1f} kB of {most_kb} kB gzipped"
    print(f"\n{said}\n" + "\n".join(f"{sizes[file] / 1000:6.1f} kB  {file.name}" for file in sorted(sizes)))
    assert total_kb <= most_kb, said


def test_the_map_stays_within_its_budget() -> None:
    all_of_it = scripts("centre")
    of_map = {file: size for file, size in all_of_it.items() if file not in scripts("centre", without=MAP)}
    library_kb = sum(size for file, size in of_map.items() if file.name.startswith(MAP_LIBRARY)) / 1000
    own_kb = sum(of_map.values()) / 1000 - library_kb
    (worker,) = BUILT_PAGES.glob("assets/maplibre-gl-worker-*.mjs")
    worker_kb = weight(worker) / 1000
    said = f"map: {own_kb:.1f} kB of our own, MapLibre {library_kb:.0f} kB and its worker {worker_kb:.0f} kB"
    print(f"\n{said}")
    assert library_kb > 0, "MapLibre is not a file of its own"
    assert own_kb <= 22, said
    assert library_kb <= 300, said


def test_words_are_data_of_which_a_page_fetches_one_language() -> None:
    texts = [script.read_text(encoding="utf-8") for script in scripts("centre")]
    for language in sorted(folder.name for folder in WORDS.iterdir()):
        (file,) = BUILT_PAGES.glob(f"assets/words-{language}-*.json")
        said = json.loads(file.read_text(encoding="utf-8"))
        for part in (WORDS / language).glob("*.json"):
            assert said[part.stem] == json.loads(part.read_text(encoding="utf-8"))
        assert not [
            line for line in said["messages"].values() if len(line) > 20 and any(line in text for text in texts)
        ]
        print(f"words in {language}: {weight(file) / 1000:.1f} kB")


def test_no_icon_weighs_on_the_scripts() -> None:
    (sprite,) = BUILT_PAGES.glob("assets/icons-*.svg")
    paths = re.findall(r' d="([^"]+)"', sprite.read_text(encoding="utf-8"))
    print(f"{len(paths)} icons: {weight(sprite) / 1000:.1f} kB")
    for script in scripts("centre"):
        text = script.read_text(encoding="utf-8")
        assert not [path for path in paths if len(path) > 60 and path in text], script.name
