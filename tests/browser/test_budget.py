"""The JavaScript of a page stays small: what the built files weigh, gzipped, with everything that they may fetch."""

import gzip
import re
from pathlib import Path

import pytest

from alpenglow.fabric.web import BUILT_PAGES

pytestmark = pytest.mark.browser

_SCRIPT = re.compile(r"""(?:src|href)="\./(assets/[^"]+\.js)\"""")
PARTS = {file.stem for file in (Path(__file__).parents[2] / "web/words/en").glob("*.json")}
_IMPORT = re.compile(r"""["'`](?:\./|assets/)([^"'`/]+\.js)["'`]""")


def scripts(page: str) -> dict[Path, int]:
    """Every script that `page` loads at once or later, with its gzipped size in bytes."""
    html = (BUILT_PAGES / f"{page}.html").read_text(encoding="utf-8")
    waiting = {BUILT_PAGES / found for found in _SCRIPT.findall(html)}
    sizes: dict[Path, int] = {}
    while waiting:
        script = waiting.pop()
        text = script.read_bytes()
        sizes[script] = len(gzip.compress(text, 9))
        waiting |= {script.parent / found for found in _IMPORT.findall(text.decode())} - sizes.keys()
    return sizes


def is_words(script: Path) -> bool:
    """Whether a script has words of a page in one of the languages, and nothing else."""
    return script.name.rpartition("-")[0].split("-")[0] in PARTS and "import" not in script.read_text(encoding="utf-8")


def is_plot(script: Path) -> bool:
    """The library of the energy page's plot, which is fetched when that page is first opened."""
    return script.name.startswith("uPlot")


def packed_kb(files: list[Path]) -> float:
    """Their size when gzipped together, in kB of 1000 bytes: how much code it is, however many files it is cut into."""
    return len(gzip.compress(b"".join(file.read_bytes() for file in sorted(files)), 9)) / 1000


# Words are data, of which a car loads one language in four; they and the plot's library are told apart.
@pytest.mark.parametrize(("page", "most_kb"), [("cluster", 25), ("centre", 90)])
def test_a_page_stays_within_its_budget(page: str, most_kb: int) -> None:
    if not (BUILT_PAGES / f"{page}.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    sizes = scripts(page)
    words, plot = [file for file in sizes if is_words(file)], [file for file in sizes if is_plot(file)]
    code = [file for file in sizes if file not in words and file not in plot]
    total_kb, plot_kb = packed_kb(code), packed_kb(plot)
    largest = sorted(code, key=lambda file: -sizes[file])[:12]
    said = f"{page}: {total_kb:.1f} kB of {most_kb} kB gzipped"
    said += f", {packed_kb(words) / 4:.1f} kB of words a language, {plot_kb:.1f} kB for plots"
    print(f"\n{said}\n" + "\n".join(f"{sizes[file] / 1000:6.1f} kB  {file.name}" for file in largest))
    assert total_kb <= most_kb, said
    assert plot_kb <= 25, said
