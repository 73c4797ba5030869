"""Brand packs: what is right is shown, what is wrong is said with its place, and what is malicious gets nowhere."""

import json
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpenglow.fabric.brand.base import BASE_NAME, BRANDS, base
from alpenglow.fabric.brand.colour import contrast, too_faint
from alpenglow.fabric.brand.drawing import DrawingProblem, path_data, read_drawing
from alpenglow.fabric.brand.look import LineFacts
from alpenglow.fabric.brand.pack import base_pack, read_pack
from alpenglow.fabric.brand.shelf import Shelf
from alpenglow.fabric.brand.starting import starting_pack
from alpenglow.fabric.brand.style import stylesheet
from alpenglow.fabric.line import LINES, LineFault, lacking, line_facts, line_platform, plain_facts, read_table
from alpenglow.signals import load_catalogue

PAGE = '<!doctype html><html lang="en"><head><title>x</title></head><body></body></html>'
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20v20z"/></svg>'
MAKES = ("ardente", "lyng", "pomelo")

type Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a pack: its brand.toml, and files by name."""

    def write(toml: str, **icons: str) -> Path:
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        (folder / "brand.toml").write_text(f'title = "Mine"\n{toml}')
        for name, content in icons.items():
            (folder / "icons").mkdir(exist_ok=True)
            (folder / "icons" / f"{name}.svg").write_text(content)
        return folder

    return write


def problems(folder: Path) -> list[str]:
    pack, found = read_pack(folder)
    assert (pack is None) == bool(found)
    return found


# -- what there is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKES)
def test_the_makes_that_come_along_are_in_order(name: str) -> None:
    assert problems(BRANDS / name) == []


def test_the_makes_differ_in_more_than_their_colours() -> None:
    packs = [base_pack(), *(read_pack(BRANDS / name)[0] for name in MAKES)]
    for of in (
        lambda p: p.gauge,
        lambda p: p.tokens.type["text"],
        lambda p: p.tokens.shape["radius_m"],
        lambda p: p.words["en"]["mode.SPORT"],
        lambda p: str(p.sounds["welcome"]),
        lambda p: str(p.icons.get("home")),
        lambda p: str(p.layout.home),
    ):
        assert len({of(pack) for pack in packs if pack}) == 4


def test_the_base_can_be_read_day_and_night() -> None:
    own = base()
    for theme, colours in (("day", own.day), ("night", own.night)):
        assert list(too_faint(colours, own.fixed[theme])) == []
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_base_is_what_the_pages_show_without_a_brand() -> None:
    css = (Path(__file__).parents[2] / "web" / "shared" / "theme.css").read_text()
    night, day = css.split(':root[data-theme="day"] {', 1)
    names = {"danger": "red", "caution": "amber", "ok": "green", "glow": "brand-glow", "accent": "brand-accent"}
    own = base()
    for theme, text in (("night", night), ("day", day)):
        for role, colour in {**getattr(own, theme), **own.fixed[theme]}.items():
            name = names.get(role, role.replace("_", "-"))
            if role == "accent":
                assert f"--{name}-{theme}: {colour};" in css, role
            elif role == "glow":
                assert f"--{name}: {colour};" in css, role
            elif role != "accent_soft":  # a mixture there
                assert f"--{name}: {colour};" in text, (theme, role)


def test_words_that_a_make_may_choose_are_the_pages_own() -> None:
    words = Path(__file__).parents[2] / "web" / "words"
    for language, own in base().words.items():
        for key, word in own.items():
            part, _, name = key.partition(".")
            if part != "mode":  # the cluster has no words of its own
                assert json.loads((words / language / f"{part}.json").read_text())[name] == word
        assert own.keys() == base().words["en"].keys()


def test_a_new_pack_is_in_order_as_it_is_and_with_everything_uncommented(write: Write) -> None:
    folder = write("")
    text = starting_pack("mine")
    (folder / "brand.toml").write_text(text)
    assert problems(folder) == []
    (folder / "icons").mkdir()
    for name in base().icons:
        (folder / "icons" / f"{name}.svg").write_text(ICON)
    (folder / "brand.toml").write_text("\n".join(line.removeprefix("# ") for line in text.splitlines()[2:]))
    assert problems(folder) == []
    assert set(tomllib.loads((folder / "brand.toml").read_text())["icons"]) == set(base().icons)


# -- what a pack says --------------------------------------------------------------------------------------------------


def test_a_pack_overrides_single_entries_and_keeps_the_rest(write: Write) -> None:
    pack, _ = read_pack(
        write(
            """
            [night]
            accent = "#FFD166"
            [cluster]
            gauge = "bars"
            [icons]
            climate = "fan.svg"
            [words.en]
            "mode.SPORT" = "Vif"
            """,
            fan=ICON,
        )
    )
    assert pack is not None
    assert (pack.tokens.night["accent"], pack.tokens.night["bg"]) == ("#ffd166", base().night["bg"])
    assert (pack.gauge, pack.layout.dock) == ("bars", base().centre.dock)
    assert pack.icons["climate"].paths[0].d == "M2 2h20v20z"
    assert (pack.words["en"]["mode.SPORT"], pack.words["de"]["mode.SPORT"]) == ("Vif", "Sport")
    assert "--accent:#ffd166;" in stylesheet(pack.tokens)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (
            '[night]\nacent = "#ffffff"',
            "night.acent: there is no 'acent' to override; did you mean 'accent'?",
        ),
        ('[nigth]\nbg = "#000000"', "brand.toml: nigth: there is no 'nigth' to override; did you mean 'night'?"),
        ('[night]\naccent = "red"', "brand.toml: night.accent: 'red' is not a colour; write it as #rrggbb"),
        ('[day]\ntext = "#dddddd"', "brand.toml: day.text: on surface its contrast is 1.36 : 1, and must be 4.5"),
        ('[day]\nsurface = "#777777"', "danger is not a brand's to choose, so change surface"),
        ('[night]\ndanger = "#00ff00"', "there is no 'danger' to override"),
        ("[shape]\nradius_s = 99", "brand.toml: shape.radius_s: 99 is not a number from 0 to 32"),
        ("[shape]\nradius_s = nan", "is not a number"),
        ("[shape]\nradius_s = true", "is not a number"),
        ("[motion]\nease = [0.0, 1.0]", "the four numbers of a cubic Bézier"),
        ('[type]\ntext = "Comic"', "'Comic' is not there; choose from Inter"),
        ('[type]\ntext = "Nunito"\nwidth = 70', "brand.toml: type.width: Nunito comes in 100 to 100 %"),
        ('[cluster]\ngauge = "moon"', "choose from dials, arc, bars, digits"),
        ('[centre]\nhome = ["car", "car"]', "names something twice"),
        ('[centre]\nhome = ["casino"]', "'casino' is not there"),
        ('[icons]\nwarp = "fan.svg"', "there is no 'warp' to override"),
        ('[icons]\nclimate = "fan.svg"', "brand.toml: icons.climate: there is no icons/fan.svg"),
        ("[sounds]\ndanger = []", "a danger must be heard: at least one note with gain 0.35"),
        ("[sounds]\ncaution = [{ frequency_hz = 500, duration_ms = 20, gain = 0.9 }]", "at least 200 ms of sound"),
        (
            "[sounds]\ninfo = [{ frequency_hz = 20000, duration_ms = 20, gain = 0.1 }]",
            "20000 is not from 80",
        ),
        ("[sounds]\ninfo = [{ frequency_hz = 500, duration_ms = 20, gain = 0.1, file = 'x' }]", "unknown field"),
        ('[words.en]\n"mode.SPORT" = "Sporty and fast"', "15 characters, and there is room for 10"),
        ('[words.fr]\n"mode.SPORT" = "Vif"', "there is no 'fr' to override"),
        ('[words.en]\n"refusal.moving" = "Go on"', "there is no 'refusal.moving' to override"),
        ("[words]\nen = 3", "must be a table"),
        ("night = 3", "must be a table [night]"),
        ("[[night]]", "must be a table [night]"),
        ("scripts = 1", "there is no 'scripts' to override"),
        ('title = "Other"', "Cannot overwrite"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(write: Write, toml: str, says: str) -> None:
    found = problems(write(toml))
    assert any(says in line for line in found), found


def test_all_that_is_wrong_is_said_at_once(write: Write) -> None:
    found = problems(write('[night]\naccent = "red"\nbg = 3\n[cluster]\ngauge = 1\n[icons]\nhome = "../x.svg"'))
    assert {line.split(": ")[1] for line in found} == {"night.accent", "night.bg", "cluster.gauge", "icons.home"}


# -- malicious packs ---------------------------------------------------------------------------------------------------

_XMLNS = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"'


@pytest.mark.parametrize(
    "svg",
    [
        f"<svg {_XMLNS}><script>alert(1)</script></svg>",
        f'<svg {_XMLNS} onload="alert(1)"><path d="M0 0h1"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" onclick="alert(1)"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" style="background:url(http://evil.example)"/></svg>',
        f"<svg {_XMLNS}><style>@import url(http://evil.example)</style></svg>",
        f'<svg {_XMLNS}><image href="http://evil.example/x.png"/></svg>',
        f'<svg {_XMLNS} xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="http://evil.example#x"/></svg>',
        f'<svg {_XMLNS}><a href="javascript:alert(1)"><path d="M0 0h1"/></a></svg>',
        f"<svg {_XMLNS}><foreignObject><body>x</body></foreignObject></svg>",
        f'<svg {_XMLNS}><animate attributeName="d" to="M0 0"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1&quot;/&gt;&lt;script&gt;alert(1)&lt;/script&gt;"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" transform="url(#x)"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" transform="translate(1) evil(1)"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" fill-rule="url(#x)"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1" fill="url(http://evil.example)"/></svg>',
        f"<svg {_XMLNS}><text>hello</text></svg>",
        f'<svg {_XMLNS}>hello<path d="M0 0h1"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h1"/><svg {_XMLNS}/></svg>',
        '<!DOCTYPE svg [<!ENTITY x "y">]><svg/>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>',
        '<?xml-stylesheet href="http://evil.example/x.css"?><svg/>',
        '<svg viewBox="0 0 24 24" xmlns="http://evil.example"><path d="M0 0h1"/></svg>',
        f"<svg {_XMLNS}/>",
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"><path d="M0 0h1"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 1"><path d="M0 0h1"/></svg>',
        f'<svg {_XMLNS}><path d="M0 0h{"9" * 5000}"/></svg>',
        f'<svg {_XMLNS}><path d="{"M0 0h1" * 4000}"/></svg>',
        f"<svg {_XMLNS}>" + '<path d="M0 0h1"/>' * 60 + "</svg>",
        f"<svg {_XMLNS}>" + "<g>" * 40 + '<path d="M0 0h1"/>' + "</g>" * 40 + "</svg>",
        f'<svg {_XMLNS}><path d="M0 0h1" transform="{"a" * 9000}"/></svg>',
        "<svg",
        "",
        "\x00\x01",
        "GIF89a",
    ],
)
def test_an_icon_that_is_more_than_paths_is_refused(svg: str) -> None:
    with pytest.raises(DrawingProblem):
        read_drawing(svg.encode())


def test_the_bomb_of_a_billion_laughs_is_refused_before_it_goes_off(write: Write) -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "lol">{entities}]><svg {_XMLNS}><path d="&a9;"/></svg>'
    found = problems(write('[icons]\nhome = "home.svg"', home=bomb))
    assert found == ["icons/home.svg: a document type is not taken; an icon is svg, g and path alone"]


@pytest.mark.parametrize(
    "name",
    ["../../../../etc/passwd", "/etc/passwd", "..", "icons/../x.svg", "http://evil.example/x.svg", "x.svg\x00", "X.SVG",
     "data:image/svg+xml,x", ".svg", "a" * 99 + ".svg", ["x.svg"], {"file": "x.svg"}, 7],
)  # fmt: skip
def test_no_icon_comes_from_outside_the_folder(write: Write, name: object) -> None:
    value = json.dumps(name).replace("\\u0000", "\\u0000") if not isinstance(name, dict) else '{ file = "x.svg" }'
    found = problems(write(f"[icons]\nhome = {value}"))
    assert found
    assert "icons.home" in found[0]


@pytest.mark.parametrize("which", ["brand.toml", "icons", "icons/home.svg", "the pack"])
def test_links_are_not_followed(write: Write, tmp_path: Path, which: str) -> None:
    folder = write('[icons]\nhome = "home.svg"', home=ICON)
    target = folder if which == "the pack" else folder / which
    elsewhere = tmp_path / "elsewhere" / target.name
    elsewhere.parent.mkdir()
    target.rename(elsewhere)
    target.symlink_to(elsewhere)
    assert any("link" in line for line in problems(folder))


def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(write: Write) -> None:
    folder = write('[icons]\nhome = "home.svg"', home=ICON)
    (folder / "icons" / "home.svg").unlink()
    os.mkfifo(folder / "icons" / "home.svg")
    assert problems(folder) == ["icons/home.svg: not a file"]


def test_what_is_too_large_is_refused(write: Write) -> None:
    folder = write('[icons]\nhome = "home.svg"', home=ICON + " " * 40_000)
    (folder / "brand.toml").write_text((folder / "brand.toml").read_text() + "#" * 20_000)
    assert problems(folder) == ["icons/home.svg: larger than 32 KiB"]
    (folder / "brand.toml").write_text("#" * 70_000)
    assert problems(folder) == ["brand.toml: larger than 64 KiB"]


def test_a_file_that_nothing_names_is_said(write: Write) -> None:
    assert "no icon is drawn by it" in problems(write("", home=ICON))[0]


@pytest.mark.parametrize(
    "content",
    [
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 9000,
        "\x00",
        '"\ud800"',
        "a" * 60_000,
        "[shape]\nradius_s = 0x" + "f" * 9000,
    ],
)
def test_a_toml_that_is_made_to_hurt_is_one_line(write: Write, content: str) -> None:
    folder = write("")
    (folder / "brand.toml").write_bytes(content.encode("utf-8", "surrogatepass"))
    found = problems(folder)
    assert found
    assert all(len(line) < 400 and "\n" not in line for line in found)


@pytest.mark.parametrize(
    "title", ["", " ", "x" * 40, "a\u202eb", "a\u0000b", "a\nb", "a\u200bb", "\u0301\u0301\u0301", 3, ["x"]]
)
def test_a_title_shows_as_it_is_written(tmp_path: Path, title: Any) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brand.toml").write_text(f"title = {json.dumps(title)}\n")
    assert problems(tmp_path / "mine")


@pytest.mark.parametrize("name", ["Mine", "my brand", "mine.old", BASE_NAME, "x" * 40, "-x"])
def test_a_packs_folder_has_a_plain_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "brand.toml").write_text('title = "Mine"')
    assert problems(tmp_path / name)


def test_markup_in_a_title_or_word_stays_text_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brand.toml").write_text(
        'title = "</script><script>alert(1)//"\n[words.en]\n"common.comfort" = "</style><b>"\n'
    )
    warned: list[str] = []
    page = shelf(tmp_path, warned).dress(PAGE, "mine")
    assert warned == []
    assert page.count("<script") == page.count("</script>") == 1
    assert page.count("<style") == page.count("</style>") == 1
    look = json.loads(re.search(r'id="brand">(.*?)</script>', page)[1])  # type: ignore[index]
    assert look["title"] == "</script><script>alert(1)//"
    assert look["words"]["en"]["common.comfort"] == "</style><b>"


# -- anything at all ---------------------------------------------------------------------------------------------------

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)
_NUMBER = st.floats(-9000, 9000).map(lambda value: f"{value:.3f}")


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, float):
        return repr(value).replace("inf", "inf")
    return json.dumps(value) if value is not None else '""'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(
            [*("type", "shape", "motion", "day", "night", "cluster", "centre", "icons", "sounds", "words")]
        ),
        st.dictionaries(
            st.sampled_from(
                ["text", "radius_s", "ease", "bg", "gauge", "dock", "home", "danger", "en", "x", "capitals"]
            ),
            _values,
            max_size=4,
        )
        | _values,
        max_size=5,
    )
)
def test_whatever_a_pack_says_it_is_shown_or_said_to_be_wrong(tmp_path: Path, table: dict[str, Any]) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    text = 'title = "Mine"\n' + "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
    (folder / "brand.toml").write_bytes(text.encode("utf-8", "replace"))
    pack, found = read_pack(folder)
    if pack is None:
        assert found
        assert all("\n" not in line for line in found)
    else:
        assert re.fullmatch(r"[^<>\\]*", stylesheet(pack.tokens))


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789.,-+eE \n<>\"'&;()", max_size=60))
def test_path_data_is_written_anew_from_checked_parts_or_refused(data: str) -> None:
    try:
        written = path_data(data)
    except DrawingProblem:
        return
    assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9.eE +-]+", written)
    assert path_data(written) == written


@given(st.lists(st.tuples(st.sampled_from("LlTt"), _NUMBER, _NUMBER), max_size=10))
def test_good_path_data_is_taken(steps: list[tuple[str, str, str]]) -> None:
    assert path_data("M0 0" + "".join(f"{c}{x},{y}" for c, x, y in steps)).startswith("M0 0")


@given(st.binary(max_size=300))
def test_whatever_is_called_an_icon_is_drawn_or_refused(content: bytes) -> None:
    for text in (content, f"<svg {_XMLNS}>".encode() + content + b"</svg>"):
        try:
            drawing = read_drawing(text)
        except DrawingProblem:
            continue
        assert drawing.paths


# -- the shelf: brands by name -----------------------------------------------------------------------------------------


def shelf(own: Path | None = None, warned: list[str] | None = None, facts: LineFacts | None = None) -> Shelf:
    return Shelf(facts or plain_facts("aurora"), own, (warned if warned is not None else []).append)


def test_an_empty_name_is_the_lines_brand() -> None:
    assert shelf(facts=line_facts(LINES / "vidde")).find("").name == "lyng"
    assert shelf().find("").name == BASE_NAME


def test_an_unknown_or_broken_brand_is_the_base_and_the_log_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "brand.toml").write_text('title = "B"\n[night]\nbg = "no"\nline = "no"\n')
    warned: list[str] = []
    there = shelf(tmp_path, warned)
    for name in ("nobody", "broken", "../lyng", "nobody", "broken", "x" * 5000):
        assert there.find(name).name == BASE_NAME
    assert len(warned) == 4
    assert "brand broken: brand.toml: night.bg" in warned[1]
    assert all(len(line) < 300 for line in warned)
    assert "broken" not in {brand.name for brand in there.names()}


def test_a_pack_that_is_mended_is_there_without_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "brand.toml").write_text('title = "Mine"\nnight = 3\n')
    there = shelf(tmp_path)
    assert there.find("mine").name == BASE_NAME
    (folder / "brand.toml").write_text('title = "Mine"\n[night]\nglow = "#123456"\n')
    assert "--brand-glow:#123456" in there.css("mine")


def test_the_cars_own_brand_is_not_replaced_by_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "lyng").mkdir()
    (tmp_path / "lyng" / "brand.toml").write_text('title = "Fake"')
    warned: list[str] = []
    assert shelf(tmp_path, warned).find("lyng").title == "Lyng"
    assert [brand.title for brand in shelf(tmp_path, warned).names()].count("Lyng") == 1
    assert "give this one another name" in warned[0]


def test_a_page_comes_with_its_brand() -> None:
    page = shelf().dress(PAGE, "pomelo")
    look = json.loads(re.search(r'id="brand">(.*?)</script>', page)[1])  # type: ignore[index]
    assert (look["name"], look["gauge"], look["layout"]["dock"]) == ("pomelo", "digits", "floating")
    assert [brand["name"] for brand in look["brands"]] == [BASE_NAME, *MAKES]
    assert "Nunito Variable" in page
    assert page.index("brand-tokens") < page.index("</head>")


# -- lines -------------------------------------------------------------------------------------------------------------


def line(folder: Path, toml: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "line.toml").write_text(toml)
    return folder


def test_a_line_takes_over_what_it_extends_and_says_the_rest_itself(tmp_path: Path) -> None:
    line(tmp_path / "a", 'title = "A"\noverlays = ["o.tsv"]\n[vehicle]\nsource = "simulation"\ncar = "a.toml"\n'
                         '[[bus]]\nname = "can0"\ndbc = "a.dbc"\nmapping = "a.json"\n')  # fmt: skip
    b = line(tmp_path / "b", 'title = "B"\nextends = "../a"\n[vehicle]\ncar = "b.toml"\n')
    c = line(tmp_path / "c", 'extends = "../b"\nfeatures = ["sunroof"]\n')
    table = read_table(c)
    assert table["title"] == "B"
    assert table["vehicle"] == {"source": "simulation", "car": str(tmp_path / "b" / "b.toml")}
    assert table["bus"][0]["dbc"] == str(tmp_path / "a" / "a.dbc")
    assert table["overlays"] == [str(tmp_path / "a" / "o.tsv")]
    assert read_table(b)["vehicle"]["car"] == "b.toml"
    assert line_facts(c).features == ["sunroof"]
    assert "massage" in line_facts(b).features


def test_a_line_outside_can_extend_one_that_comes_along(tmp_path: Path) -> None:
    mine = line(tmp_path / "mine", 'title = "Mine"\nextends = "pip"\nbrand = "ardente"\n')
    facts = line_facts(mine)
    assert (facts.title, facts.brand, facts.displays[1].layout) == ("Mine", "ardente", "portrait")
    assert Path(read_table(mine)["bus"][0]["dbc"]).is_file()
    assert line_platform(mine) == "laptop"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('extends = "../mine"', "extends itself"),
        ('extends = "../nobody"', "No such file"),
        ("extends = 3", "extends must be"),
        ('features = ["masage"]', "there is no 'masage'; did you mean 'massage'?"),
        ('[[displays]]\nname = "x"', "page"),
        ('[[displays]]\nname="x"\npage="centre"\ninches=9\nwidth=0\nheight=9\nlayout="wide"', "its size"),
        ("[", "line.toml"),
    ],
)
def test_a_wrong_line_says_where(tmp_path: Path, toml: str, says: str) -> None:
    with pytest.raises(LineFault, match=re.escape(says)) as caught:
        line_facts(line(tmp_path / "mine", toml))
    assert "line.toml" in str(caught.value)


def test_what_a_car_lacks_is_named_by_its_signals() -> None:
    catalogue = load_catalogue(LINES / "aurora" / "overlay.tsv")
    missing = lacking(LINES / "pip", catalogue)
    assert "Vehicle.Cabin.Sunroof.Position" in missing
    assert "Vehicle.Cabin.Seat.Row1.DriverSide.Massage.Level" in missing
    assert "Vehicle.Chassis.SteeringWheel.HeatingCooling" not in missing
    assert lacking(LINES / "aurora", catalogue) == frozenset()
    for feature in base().features.values():
        for pattern in feature.signals:
            assert catalogue.match(pattern)


@pytest.mark.parametrize("name", ["aurora", "falcata", "vidde", "pip"])
def test_each_line_of_the_line_up_binds_a_brand_that_is_there(name: str) -> None:
    facts = line_facts(LINES / name)
    assert facts.brand in {brand.name for brand in shelf().names()}
    assert {"cluster", "centre"} <= {display.page for display in facts.displays}


def test_each_icon_that_pages_ask_for_by_name_is_a_brands_to_draw() -> None:
    web = Path(__file__).parents[2] / "web"
    asked = {
        name
        for file in (web / "centre").rglob("*.ts")
        for name in re.findall(r"""car\.icon\(\s*"([a-z_]+)",""", file.read_text())
    }
    assert len(asked) > 10
    assert asked <= base().icons.keys()
