"""`alpenglow brand`: what a person who re-brands a car sees."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.running import Stack, alpenglow


def test_the_brands_are_listed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brand.toml").write_text('title = "Mine"')
    (tmp_path / "sad").mkdir()
    (tmp_path / "sad" / "brand.toml").write_text('title = "Sad"\nnight = 3')
    listed = alpenglow("brand", "list", "--folder", str(tmp_path)).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["alpenglow", "ardente", "lyng", "pomelo", "mine", "sad"]
    assert "1 to mend" in listed[-1]


def test_a_new_brand_is_in_order_from_its_first_minute(tmp_path: Path) -> None:
    made = alpenglow("brand", "new", "fjord", "--folder", str(tmp_path))
    assert made.returncode == 0
    assert str(tmp_path / "fjord" / "brand.toml") in made.stdout
    checked = alpenglow("brand", "check", str(tmp_path / "fjord"))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "Fjord is in order" in checked.stdout


def test_a_brand_begins_as_a_copy_of_another(tmp_path: Path) -> None:
    assert alpenglow("brand", "new", "fjord", "--from", "lyng", "--folder", str(tmp_path)).returncode == 0
    assert (tmp_path / "fjord" / "icons" / "home.svg").is_file()
    assert "13 icons" in alpenglow("brand", "check", str(tmp_path / "fjord")).stdout


def test_all_that_is_wrong_is_said_at_once_and_in_the_exit_status(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brand.toml").write_text(
        'title = "Mine"\n[night]\nacent = "#ffffff"\ntext = "#111111"\n[icons]\nhome = "home.svg"\n'
    )
    checked = alpenglow("brand", "check", str(tmp_path / "mine"))
    assert checked.returncode == 1
    for says in ("did you mean 'accent'?", "night.text: on bg its contrast is", "there is no icons/home.svg"):
        assert says in checked.stderr
    assert checked.stderr.splitlines()[-1].endswith("to mend")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["new", "Fjord!"], "is no name for a brand"),
        (["new", "alpenglow"], "is no name for a brand"),
        (["new", "lyng"], "there is a brand 'lyng' already"),
        (["new", "fjord", "--from", "nobody"], "there is no brand 'nobody'"),
        (["new", "there"], "is there already"),
        (["check", "nowhere"], "brand.toml: No such file"),
        (["list", "--folder", "nowhere"], "there is no such folder"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "there").mkdir()
    if arguments[0] == "new":
        arguments = [*arguments, "--folder", str(tmp_path)]
    done = alpenglow("brand", *arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "fjord").exists()


def test_a_line_brings_its_brand_its_displays_and_only_what_its_car_has(tmp_path: Path) -> None:
    with Stack(tmp_path, "--line", "pip") as stack:
        origin = stack.cluster_url.rsplit("/", 1)[0]
        with urllib.request.urlopen(f"{origin}/brand.json", timeout=10) as answer:
            look = json.load(answer)
        assert (look["name"], look["line"]["title"]) == ("pomelo", "Pip")
        assert [(display["page"], display["layout"]) for display in look["line"]["displays"]] == [
            ("cluster", "wide"),
            ("centre", "portrait"),
        ]
        heated, roof = "Vehicle.Chassis.SteeringWheel.HeatingCooling", "Vehicle.Cabin.Sunroof.Position"
        assert stack.run("signals", "set", heated, "50").returncode == 0
        refused = stack.run("signals", "set", roof, "50")
        assert refused.returncode == 1
        assert "unavailable" in stack.run("signals", "get", roof).stdout
