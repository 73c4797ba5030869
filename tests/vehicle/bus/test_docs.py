"""`docs/add-a-car.md` is true: its car loads, decodes and takes a command, and its line is a line."""

import re
import tomllib
from pathlib import Path

import msgspec

from alpenglow.signals import Catalogue, Quality
from alpenglow.vehicle.dbc import parse_dbc
from alpenglow.vehicle.decoder import Decoder
from alpenglow.vehicle.encoder import Encoder, Packer
from alpenglow.vehicle.line import Line
from alpenglow.vehicle.mapping import parse_mapping

PAGE = (Path(__file__).parents[3] / "docs/add-a-car.md").read_text()


def block(language: str) -> str:
    [text] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)
    return str(text)


def test_the_example_car_works(catalogue: Catalogue) -> None:
    dbc = parse_dbc(block("dbc").encode(), "car.dbc")
    assert not dbc.warnings
    mapping = parse_mapping(block("json").encode(), "car.map.json", dbc, catalogue)
    buses, mappings = {"can0": dbc}, {"can0": mapping}
    decoder, encoder = Decoder(buses, mappings, catalogue), Encoder(buses, mappings, catalogue)
    frames = [
        Packer("can0", dbc.by_name["BRAKE_1"], mapping).pack({"WheelFL": 50.0, "WheelFR": 52.0}),
        Packer("can0", dbc.by_name["BODY_1"], mapping).pack({"Lever": 3, "DoorFL": 1}),
    ]
    samples = decoder.feed_all(frames)
    assert {s.quality for s in samples} == {Quality.VALID}
    values = {catalogue.signals[s.index].path: s.value for s in samples}
    assert values == {
        "Vehicle.Speed": 51.0,
        "Vehicle.Chassis.Axle.Row1.Wheel.Left.Speed": 50.0,
        "Vehicle.Powertrain.Transmission.CurrentGear": 127,
        "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen": True,
    }
    [(bus, frame)] = encoder.write("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", 40)
    assert (bus, frame.can_id, frame.data) == ("can0", 513, b"\x28\x00")


def test_the_example_line_is_one() -> None:
    line = msgspec.convert(tomllib.loads(block("toml")), Line)
    assert line.bus[0].interface == "socketcan"
    assert line.radar is not None
    assert line.radar.bus == line.bus[1].name
