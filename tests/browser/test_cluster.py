"""The cluster page: what the car says is what the driver reads, and what nobody says is not shown."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from websockets.sync.client import ClientConnection, connect

from alpenglow.signals import load_catalogue

pytestmark = pytest.mark.browser

NATIVE = {"width": 1920, "height": 720}
ON_THE_DESK = {"width": 900, "height": 340}
NO_SPEED = re.compile("^– –$")
TELLTALES = "Vehicle.Alpenglow.Telltale."
BRAND = "Vehicle.Alpenglow.Cockpit.Brand"
FACES = {"alpenglow": "dials", "ardente": "arc", "lyng": "bars", "pomelo": "digits"}

BOXES = """(selector) => [...document.querySelectorAll(selector)].map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return { name: e.dataset.telltale ?? e.dataset.field ?? e.id, x, y, width, height };
})"""


class Cluster:
    """The page as a driver sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("html")

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[data-field="{name}"]')

    def telltale(self, name: str) -> Locator:
        return self.page.locator(f'[data-telltale="{name}"]')

    @property
    def message(self) -> Locator:
        return self.field("message")


class Car:
    """The simulated car's services, called as the desk page calls them."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._id = 0

    def call(self, service: str, **args: Any) -> Any:
        self._id += 1
        self._socket.send(json.dumps({"op": "call", "id": self._id, "service": service, "args": args}))
        while True:
            answer = json.loads(self._socket.recv(timeout=10))
            if answer.get("id") == self._id:
                assert answer["op"] == "result", answer["error"]["message"]
                return answer["result"]

    def controls(self, **changes: Any) -> None:
        self.call("vehicle.set_controls", changes=changes)

    def world(self, **changes: Any) -> None:
        self.call("vehicle.set_world", changes=changes)

    def fault(self, name: str, active: bool = True) -> None:
        self.call("vehicle.inject_fault", fault=name, active=active)

    def leave_as_found(self, before: dict[str, Any]) -> None:
        for fault in self.call("vehicle.simulation")["faults"]:
            if fault["active"]:
                self.fault(fault["id"], False)
        self.controls(**{**before["controls"], "accelerator": 0.0, "brake": 1.0})
        self.world(**before["world"])

    def accelerate(self, page: Page, until: Callable[[], bool]) -> None:
        """Press the accelerator, again and again as a desk does, until the page shows what it shall."""
        deadline = time.monotonic() + 15
        while not until():
            assert time.monotonic() < deadline, "the car does not get there"
            self.controls(brake=0.0, accelerator=0.6)
            page.wait_for_timeout(100)


@pytest.fixture
def car(stack: Any) -> Iterator[Car]:
    address = urlsplit(stack.desk_url)
    with connect(urlunsplit(("ws", address.netloc, "/ws", address.query, ""))) as socket:
        car = Car(socket)
        before = car.call("vehicle.simulation")
        yield car
        car.leave_as_found(before)


@pytest.fixture
def cluster(page: Page, stack: Any) -> Cluster:
    page.set_viewport_size(NATIVE)
    page.goto(stack.cluster_url)
    cluster = Cluster(page)
    expect(cluster.field("speed")).to_have_text(re.compile(r"^\d+$"))
    return cluster


# -- the car drives, the cluster shows it ------------------------------------------------------------------------------


def test_driving_off_shows_gear_speed_and_power(cluster: Cluster, car: Car) -> None:
    car.controls(ready=True, brake=1.0, gear="D", parking_brake=False)
    expect(cluster.field("gear")).to_have_attribute("data-value", "D")
    expect(cluster.telltale("Ready")).to_have_attribute("data-state", "ON")
    car.accelerate(cluster.page, lambda: int(cluster.field("speed").text_content() or 0) >= 30)
    expect(cluster.page.locator("#power-dial")).to_have_attribute("data-mode", "drive")
    # What the painted digits say is what was received, to the nearest whole number.
    shown, received = cluster.page.evaluate(
        """() => new Promise((done) => {
          const { dataset } = document.documentElement;
          new MutationObserver((_, observer) => {
            observer.disconnect();
            done([document.querySelector('[data-field="speed"]').textContent, dataset.speed]);
          }).observe(document.documentElement, { attributeFilter: ["data-seq"] });
        })"""
    )
    assert abs(float(shown) - float(received)) <= 0.5
    car.controls(accelerator=0.0, brake=1.0)
    expect(cluster.page.locator("#power-dial")).to_have_attribute("data-mode", "regen")
    expect(cluster.field("speed")).to_have_text("0")


@pytest.mark.parametrize(
    ("telltale", "control"),
    [
        ("ParkingBrake", {"parking_brake": True}),
        ("DippedBeam", {"light_switch": "BEAM"}),
        ("PositionLights", {"light_switch": "POSITION"}),
        ("DoorOpen", {"door_rear_left": True}),
        ("Belt", {"occupant_front_left": True, "belt_front_left": False, "ready": True}),
    ],
)
def test_a_telltale_follows_its_cause(cluster: Cluster, car: Car, telltale: str, control: dict[str, Any]) -> None:
    car.controls(**control)
    expect(cluster.telltale(telltale)).to_have_attribute("data-state", re.compile("^(ON|FLASHING)$"))
    expect(cluster.telltale(telltale)).to_be_visible()


def test_an_indicator_flashes_and_goes_out(cluster: Cluster, car: Car) -> None:
    car.controls(ready=True, indicators="LEFT")
    expect(cluster.telltale("TurnLeft")).to_be_visible()
    expect(cluster.telltale("TurnLeft")).to_be_hidden()
    expect(cluster.telltale("TurnLeft")).to_be_visible()
    expect(cluster.telltale("TurnRight")).to_be_hidden()
    car.controls(indicators="OFF")
    expect(cluster.telltale("TurnLeft")).to_have_attribute("data-state", "OFF")


def test_night_and_day_follow_the_light_outside(cluster: Cluster, car: Car) -> None:
    car.world(daylight=2.0)
    expect(cluster.root).to_have_attribute("data-theme", "night")
    car.world(daylight=90.0)
    expect(cluster.root).to_have_attribute("data-theme", "day")


def test_speed_limit_sign_shows_only_a_known_limit(cluster: Cluster, car: Car) -> None:
    car.world(speed_limit=70)
    expect(cluster.field("speed-limit")).to_be_visible()
    expect(cluster.field("speed-limit")).to_have_text("70")
    car.world(speed_limit=0)
    expect(cluster.field("speed-limit")).to_be_hidden()


def test_frost_warning_at_three_degrees(cluster: Cluster, car: Car) -> None:
    car.world(outside_temperature=3.0)
    expect(cluster.field("temperature")).to_have_text("3 °C")
    expect(cluster.field("frost")).to_be_visible()
    car.world(outside_temperature=9.0)
    expect(cluster.field("frost")).to_be_hidden()


@pytest.mark.parametrize(
    ("fault", "field", "dashes"),
    [("speed_sensor", "speed", "– –"), ("soc_sensor", "soc", "– %"), ("outside_sensor", "temperature", "– °C")],
)
def test_a_dead_sensor_is_dashes_until_it_is_repaired(
    cluster: Cluster, car: Car, fault: str, field: str, dashes: str
) -> None:
    live = re.compile(r"\d")
    expect(cluster.field(field)).to_have_text(live)
    car.fault(fault)
    expect(cluster.field(field)).to_have_text(dashes)
    car.fault(fault, False)
    expect(cluster.field(field)).to_have_text(live)


@pytest.mark.parametrize(
    ("fault", "telltale"),
    [("abs", "ABS"), ("esc", "ESC"), ("airbag", "Airbag"), ("brake_fluid", "Brake"), ("ev_system", "EVSystem")],
)
def test_a_fault_lights_its_telltale_and_its_repair_puts_it_out(
    cluster: Cluster, car: Car, fault: str, telltale: str
) -> None:
    expect(cluster.telltale(telltale)).to_be_hidden()
    car.fault(fault)
    expect(cluster.telltale(telltale)).to_be_visible()
    car.fault(fault, False)
    expect(cluster.telltale(telltale)).to_be_hidden()


# -- a cut line between car and page: the real server, and nothing of it gets through ---------------------------------


@pytest.fixture
def line(page: Page) -> Callable[[bool], None]:
    """The real connection with a switch in it: `line(False)` lets nothing of the server through."""
    passing = [True]

    def through(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda message: route.send(message) if passing[0] else None)

    page.route_web_socket(re.compile("/ws"), through)

    def switch(on: bool) -> None:
        passing[0] = on

    return switch


def test_a_silent_car_is_dashes_and_comes_back_without_a_reload(line: Callable[[bool], None], cluster: Cluster) -> None:
    cluster.page.evaluate("window.sameDocument = true")
    line(False)
    expect(cluster.field("speed")).to_have_text(NO_SPEED)
    expect(cluster.message).to_have_text("No connection to the car")
    expect(cluster.field("gear")).to_have_attribute("data-value", "–")
    expect(cluster.field("soc")).to_have_text("– %")
    expect(cluster.field("odometer")).to_have_text("– km")
    expect(cluster.page.locator('[data-telltale]:not([data-state="UNKNOWN"])')).to_have_count(0)
    expect(cluster.page.locator("#speed-needle")).to_be_hidden()
    line(True)
    expect(cluster.field("speed")).to_have_text(re.compile(r"^\d+$"))
    expect(cluster.message).not_to_have_text("No connection to the car")
    assert cluster.page.evaluate("window.sameDocument")


# -- messages that the simulated car does not send on request, made by hand ------------------------------------------


class Sender:
    """Stands for the safety process where a test needs a state that the simulated car cannot be brought to."""

    def __init__(self, page: Page, url: str) -> None:
        self._route: WebSocketRoute | None = None
        self._seq = 0
        page.route_web_socket(re.compile("/ws"), self._accept)
        page.goto(url)
        expect(page.locator("#face")).to_be_visible()

    def _accept(self, route: WebSocketRoute) -> None:
        self._route = route
        route.on_message(self._answer)

    def _answer(self, message: str | bytes) -> None:
        # Each message that is painted is followed by an empty one, so that the page does not take this for a silence.
        if json.loads(message)["op"] == "ack":
            self._send({})

    def _send(self, values: dict[str, Any]) -> int:
        assert self._route is not None
        self._seq += 1
        self._route.send(json.dumps({"op": "values", "seq": self._seq, "time": 0, "values": values, "missed": 0}))
        return self._seq

    def say(self, page: Page, **values: Any) -> None:
        """Show these readings, path → value or None for stale, and wait until they are painted."""
        seq = self._send({path: [value, 1 if value is None else 0, 0] for path, value in values.items()})
        page.wait_for_function("(seq) => Number(document.documentElement.dataset.seq) >= seq", arg=seq)


@pytest.fixture
def sender(page: Page, stack: Any) -> Sender:
    page.set_viewport_size(NATIVE)
    return Sender(page, stack.cluster_url)


@pytest.fixture(params=FACES)
def brand(request: pytest.FixtureRequest, page: Page, sender: Sender) -> str:
    """Each brand in turn, in force on the page."""
    sender.say(page, **{BRAND: request.param})
    expect(page.locator("#face")).to_have_attribute("data-gauge", FACES[request.param])
    return str(request.param)


@pytest.mark.parametrize(
    ("field", "path", "value", "shown", "dashes"),
    [
        ("speed", "Vehicle.Speed", 57.4, "57", "– –"),
        ("soc", "Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed", 99.6, "99 %", "– %"),
        ("range", "Vehicle.Powertrain.TractionBattery.Range", 318_900, "318", "–"),
        ("power", "Vehicle.Powertrain.TractionBattery.CurrentPower", -42_300.0, "42", "–"),
        ("odometer", "Vehicle.TraveledDistance", 12_847_300, "12\u202f847 km", "– km"),
        ("temperature", "Vehicle.Exterior.AirTemperature", -4.0, "\u22124 °C", "– °C"),
        ("consumption", "Vehicle.Alpenglow.EnergyConsumption", 16.44, "16.4 kWh/100 km", "– kWh/100 km"),
    ],
)
def test_a_stale_value_becomes_dashes(
    page: Page, sender: Sender, field: str, path: str, value: Any, shown: str, dashes: str
) -> None:
    place = page.locator(f'[data-field="{field}"]')
    sender.say(page, **{"Vehicle.Speed": 60.0, path: value})
    texts = [place.text_content()]
    sender.say(page, **{path: None})
    texts.append(place.text_content())
    assert texts == [shown, dashes]


@pytest.mark.parametrize(
    ("speed", "used", "shown"),
    [
        (0.0, 104.4, "– kWh/100 km"),
        (4.0, 30.0, "– kWh/100 km"),
        (None, 16.4, "– kWh/100 km"),
        (-6.0, 20.0, "20.0 kWh/100 km"),
        (90.0, 104.4, "> 99.9 kWh/100 km"),
        (90.0, -12.0, "\u221212.0 kWh/100 km"),
        (90.0, -100.0, "< \u221299.9 kWh/100 km"),
    ],
)
def test_consumption_per_distance_is_shown_while_the_car_covers_some(
    page: Page, sender: Sender, speed: float | None, used: float, shown: str
) -> None:
    sender.say(page, **{"Vehicle.Speed": speed, "Vehicle.Alpenglow.EnergyConsumption": used})
    assert page.locator('[data-field="consumption"]').text_content() == shown


def test_what_is_shown_and_what_is_lost_is_the_same_on_every_face(page: Page, sender: Sender, brand: str) -> None:
    battery = "Vehicle.Powertrain.TractionBattery"
    values = {
        "Vehicle.Speed": 57.4,
        f"{battery}.StateOfCharge.Displayed": 99.6,
        f"{battery}.Range": 318_900,
        f"{battery}.CurrentPower": -42_300.0,
        "Vehicle.Alpenglow.SpeedLimit": 70,
        "Vehicle.Powertrain.Transmission.CurrentGear": 127,
    }
    fields = [page.locator(f'[data-field="{name}"]') for name in ("speed", "soc", "range", "power", "speed-limit")]
    sender.say(page, **values)
    shown = [(field.text_content() or "").strip() for field in fields]
    sender.say(page, **dict.fromkeys(values))
    lost = [(field.text_content() or "").strip() for field in fields]
    assert (shown, lost) == (["57", "99 %", "318", "42", "70"], ["– –", "– %", "–", "–", ""])
    for moving in ("#speed-needle", "#power-needle", "#sign"):
        expect(page.locator(moving)).to_be_hidden()
    expect(page.locator('[data-field="gear"]')).to_have_attribute("data-value", "–")


def test_a_face_changes_with_its_telltales_lit_and_its_message_said(page: Page, sender: Sender) -> None:
    sender.say(
        page,
        **{TELLTALES + "Brake": "ON", "Vehicle.Alpenglow.Cluster.Message": "Stop safely", "Vehicle.Speed": 30.0},
    )
    # In every frame of the change the lamp is there: looked at whenever the drawing changes.
    page.evaluate(
        """() => {
          window.unlit = 0;
          new MutationObserver(() => {
            const lamp = document.querySelector('[data-telltale="Brake"]');
            const text = document.querySelector('[data-field="message"]');
            if (lamp?.dataset.state !== "ON" || text?.textContent !== "Stop safely") window.unlit++;
          }).observe(document.querySelector("#cluster"), { childList: true });
        }"""
    )
    for name, gauge in [*FACES.items()][::-1]:
        sender.say(page, **{BRAND: name})
        expect(page.locator("#face")).to_have_attribute("data-gauge", gauge)
    assert page.evaluate("window.unlit") == 0


def test_a_lost_speed_is_said_even_where_safety_says_nothing(page: Page, sender: Sender) -> None:
    sender.say(page, **{"Vehicle.Speed": None, "Vehicle.Alpenglow.Cluster.Message": ""})
    assert page.locator('[data-field="message"]').text_content() == "Speed not available"


def test_a_driver_in_miles_reads_miles(page: Page, sender: Sender) -> None:
    hmi = "Vehicle.Cabin.Infotainment.HMI"
    sender.say(
        page,
        **{
            f"{hmi}.SpeedUnit": "MILES_PER_HOUR",
            f"{hmi}.DistanceUnit": "MILES",
            "Vehicle.Speed": 100.0,
            "Vehicle.Alpenglow.SpeedLimit": 113,
            "Vehicle.Powertrain.TractionBattery.Range": 160_935,
        },
    )
    shown = [
        page.locator(f'[data-field="{field}"]').text_content()
        for field in ("speed", "speed-unit", "range", "range-unit", "speed-limit")
    ]
    assert [text.strip() for text in shown if text] == ["62", "mph", "100", "mi", "70"]


@pytest.mark.parametrize(("light", "theme"), [([50, 30], "day"), ([10, 30], "night"), ([50, 10], "night")])
def test_a_short_shadow_does_not_change_the_theme(page: Page, sender: Sender, light: list[int], theme: str) -> None:
    for percent in light:
        sender.say(page, **{"Vehicle.Exterior.LightIntensity": float(percent)})
    assert page.locator("html").get_attribute("data-theme") == theme


def test_every_telltale_of_the_catalogue_has_its_own_place(page: Page, sender: Sender, brand: str) -> None:
    names = {path.removeprefix(TELLTALES) for path in load_catalogue().index_of if path.startswith(TELLTALES)}
    sender.say(page, **{TELLTALES + name: "ON" for name in names})
    boxes = page.evaluate(BOXES, "[data-telltale]")
    assert {box["name"] for box in boxes} == names
    everything = boxes + page.evaluate(BOXES, "#speed-marks text, #power-marks text, [data-field]:not(:empty)")
    for one in boxes:
        assert one["x"] >= 0
        assert one["x"] + one["width"] <= NATIVE["width"]
        for other in everything:
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
            assert one is other or other["width"] == 0 or apart, f"{one['name']} covers {other['name']}"


@pytest.mark.parametrize("text", ["Stop safely", "Drive battery very cold. Less power until it is warm", "x y " * 22])
def test_a_message_stays_inside_its_plate_and_clear_of_the_telltales(
    page: Page, sender: Sender, brand: str, text: str
) -> None:
    sender.say(page, **{"Vehicle.Alpenglow.Cluster.Message": text, "Vehicle.Alpenglow.Cluster.MessageLevel": "STOP"})
    [words] = page.evaluate(BOXES, '[data-field="message"]')
    [plate] = page.evaluate(BOXES, "#message-plate")
    assert plate["x"] < words["x"]
    assert words["x"] + words["width"] < plate["x"] + plate["width"]
    assert plate["y"] <= words["y"]
    assert words["y"] + words["height"] <= plate["y"] + plate["height"]
    for lamp in page.evaluate(BOXES, "[data-telltale]"):
        beside = lamp["x"] + lamp["width"] < plate["x"] or lamp["x"] > plate["x"] + plate["width"]
        assert beside or lamp["y"] + lamp["height"] < plate["y"] or lamp["y"] > plate["y"] + plate["height"]


# -- legible ----------------------------------------------------------------------------------------------------------

CONTRASTS = """() => {
  const channel = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => channel(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("#face text")]
    .filter((text) => !text.closest("#sign, #message, [data-active=true]"))
    .map((text) => {
      const box = text.getBoundingClientRect();
      const card = [...document.querySelectorAll(".bubble")].find((one) => {
        const { left, right } = one.getBoundingClientRect();
        return left < box.x && box.x < right;
      });
      const ground = card ? luminance(getComputedStyle(card).fill) : page;
      const [low, high] = [ground, luminance(getComputedStyle(text).fill)].sort((a, b) => a - b);
      return { text: text.textContent.trim(), contrast: (high + 0.05) / (low + 0.05) };
    });
}"""


@pytest.mark.parametrize(("light", "theme"), [(90.0, "day"), (5.0, "night")])
def test_every_text_has_the_contrast_that_wcag_asks(
    page: Page, sender: Sender, brand: str, light: float, theme: str
) -> None:
    sender.say(page, **{"Vehicle.Exterior.LightIntensity": light})
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    texts = page.evaluate(CONTRASTS)
    assert len(texts) >= 16
    assert [text for text in texts if text["contrast"] < 4.5] == []  # WCAG 2.2, 1.4.3


def test_the_smallest_text_on_the_desks_screen_is_twelve_pixels(page: Page, sender: Sender, brand: str) -> None:
    page.set_viewport_size(ON_THE_DESK)
    sizes = page.evaluate(
        """() => {
          const scale = document.querySelector("#face").getScreenCTM().a;
          const size = (text) => scale * parseFloat(getComputedStyle(text).fontSize);
          return [...document.querySelectorAll("#face text")].map(size);
        }"""
    )
    assert min(sizes) >= 12
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_frames_and_painted_values_can_be_measured(cluster: Cluster) -> None:
    cluster.page.wait_for_function("() => window.__alpenglow.frames.length > 30")
    assert all(duration > 0 for duration in cluster.page.evaluate("window.__alpenglow.frames"))
    before = int(cluster.root.get_attribute("data-seq") or 0)
    cluster.page.wait_for_function("(before) => Number(document.documentElement.dataset.seq) > before", arg=before)
