"""The examples of docs/add-a-signal.md run, in their order, as a reader would run them."""

import re
from pathlib import Path
from typing import Any

import pytest

from alpenglow.fabric import Fabric, load_identities
from alpenglow.signals import Quality, load_catalogue

PAGE = Path(__file__).parents[2] / "docs" / "add-a-signal.md"


async def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("my.tsv").write_text(re.findall(r"```tsv\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(example, PAGE.name, "exec"), names)
    said = capsys.readouterr().out
    assert "Vehicle.Cabin.HVAC.AmbientAirTemperature sensor float Celsius" in said
    assert said.splitlines()[-1] in text  # the message that the page promises

    fabric = Fabric("vehicle", load_catalogue(Path("my.tsv")), load_identities())
    assert names["air_is_stuffy"](fabric) is None
    names["tell_air"](fabric, 1600)
    assert names["air_is_stuffy"](fabric) is True
    names["tell_air"](fabric, None)
    assert names["air_is_stuffy"](fabric) is None
    assert fabric.read("Vehicle.Cabin.AirQuality.CO2").quality is Quality.INVALID
    assert fabric.catalogue["Vehicle.Speed"].age_limit_s == 0.2


def test_the_refusal_that_the_page_quotes_is_the_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.tsv").write_text("# mine\nVehicle.Toy\tsenser\tint8\n")
    with pytest.raises(ValueError) as caught:
        load_catalogue(Path("my.tsv"))
    assert f"`{caught.value}`" in PAGE.read_text(encoding="utf-8")
