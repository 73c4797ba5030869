"""Looking signals up: paths, old names, branches and patterns."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.signals import Catalogue, Kind, Signal, UnknownSignal, load_catalogue

CATALOGUE = load_catalogue()
PATHS = [signal.path for signal in CATALOGUE.signals]


def catalogue_of(*paths: str) -> Catalogue:
    return Catalogue([Signal(path, Kind.SENSOR, "float") for path in paths])


def named_by(pattern: list[str], path: list[str]) -> bool:
    """What a pattern with stars means, step by step."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(named_by(pattern[1:], path[i:]) for i in range(len(path) + 1))
    return bool(path) and pattern[0] in ("*", path[0]) and named_by(pattern[1:], path[1:])


steps = st.sampled_from(["A", "B", "AB"])
some_paths = st.lists(st.lists(steps, min_size=1, max_size=4).map(".".join), unique=True, min_size=1)
some_patterns = st.lists(steps | st.sampled_from(["*", "**"]), min_size=1, max_size=5)


@settings(deadline=None)
@given(some_paths, some_patterns)
def test_a_pattern_matches_what_its_definition_says(paths: list[str], pattern: list[str]) -> None:
    catalogue, text = catalogue_of(*paths), ".".join(pattern)
    if "*" in text:
        expected = [i for i, path in enumerate(paths) if named_by(pattern, path.split("."))]
    elif text in paths:
        expected = [paths.index(text)]
    else:
        expected = [i for i, path in enumerate(paths) if path.split(".")[: len(pattern)] == pattern]
    if expected:
        assert catalogue.match(text) == expected
        assert catalogue.match(text) == expected  # and again, from the cache
    else:
        with pytest.raises(UnknownSignal):
            catalogue.match(text)


def test_a_branch_matches_all_below_it_and_nothing_else() -> None:
    found = [PATHS[i] for i in CATALOGUE.match("Vehicle.Body")]
    assert found == [path for path in PATHS if path.startswith("Vehicle.Body.")]
    assert CATALOGUE.match("Vehicle") == CATALOGUE.match("**") == list(range(len(PATHS)))


def test_one_star_is_one_step_and_two_are_any_number() -> None:
    doors = {PATHS[i] for i in CATALOGUE.match("Vehicle.Cabin.Door.*.*.IsOpen")}
    assert doors == {
        f"Vehicle.Cabin.Door.Row{row}.{side}.IsOpen" for row in (1, 2) for side in ("DriverSide", "PassengerSide")
    }
    assert doors < {PATHS[i] for i in CATALOGUE.match("Vehicle.**.IsOpen")}
    assert CATALOGUE.index_of["Vehicle.Speed"] in CATALOGUE.match("Vehicle.**.Speed")  # ** is also no step at all


def test_the_caller_may_keep_and_change_what_match_gives() -> None:
    CATALOGUE.match("Vehicle.Speed").clear()
    assert CATALOGUE.match("Vehicle.Speed") == [CATALOGUE.index_of["Vehicle.Speed"]]


@settings(deadline=None)
@given(st.text(st.sampled_from("ABVehicle.*\n") | st.characters(), max_size=40))
def test_any_text_matches_something_or_is_an_unknown_signal(text: str) -> None:
    try:
        found, message = CATALOGUE.match(text), ""
    except UnknownSignal as error:
        found, message = [], str(error)
    assert bool(found) != bool(message)
    assert message.isprintable()


def test_a_star_beside_letters_says_how_stars_work() -> None:
    with pytest.raises(UnknownSignal, match=re.escape("no signal matches Vehicle.B*; * stands for one step")):
        CATALOGUE.match("Vehicle.B*")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("vehicle.speed", "Vehicle.Speed"),
        ("VEHICLE.BODY.LIGHTS.LIGHTSWITCH", "Vehicle.Body.Lights.LightSwitch"),
        ("Vehicle.Sped", "Vehicle.Speed"),
        ("Vehicle.Cabin.Doors.Row1.DriverSide.IsOpen", "Vehicle.Cabin.Door.Row1.DriverSide.IsOpen"),
        (
            "Vehicle.Powertrain.Battery.StateOfCharge.Current",
            "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current",
        ),
        ("Vehicle.Alpenglow.Telltale.Abs", "Vehicle.Alpenglow.Telltale.ABS"),
    ],
)
def test_a_mistyped_name_gets_the_nearest_one(wrong: str, meant: str) -> None:
    with pytest.raises(UnknownSignal) as caught:
        CATALOGUE[wrong]
    assert re.match(rf"no signal {re.escape(wrong)}; did you mean {re.escape(meant)}( or |\?)", str(caught.value))


def test_a_mistyped_branch_gets_the_nearest_branch() -> None:
    with pytest.raises(UnknownSignal, match=r"did you mean Vehicle\.Body\.Lights\b"):
        CATALOGUE.match("Vehicle.Body.Lihgts")


def test_nothing_is_suggested_for_nonsense() -> None:
    for nonsense in ("xyzzy", "", "..", "x" * 5000):
        with pytest.raises(UnknownSignal) as caught:
            CATALOGUE[nonsense]
        assert "did you mean" not in str(caught.value)
        assert len(str(caught.value)) < 300


def test_a_branch_is_not_a_signal() -> None:
    with pytest.raises(UnknownSignal, match=r"Vehicle\.Body is a branch with 93 signals, not a signal"):
        CATALOGUE["Vehicle.Body"]


def test_an_unknown_signal_is_a_key_error() -> None:
    assert issubclass(UnknownSignal, KeyError)


OLD = {"Vehicle.Velocity": "Vehicle.Speed", "Vehicle.Gone": None, "Vehicle.Height": "Vehicle.Speed"}


def with_old_names() -> Catalogue:
    signals = [Signal("Vehicle.Speed", Kind.SENSOR, "float"), Signal("Vehicle.Height", Kind.SENSOR, "float")]
    return Catalogue(signals, OLD, {"Vehicle.Gone": "5.1"})


def test_an_old_name_finds_its_signal_by_subscription_and_match_alone() -> None:
    catalogue = with_old_names()
    assert catalogue["Vehicle.Velocity"].path == "Vehicle.Speed"
    assert catalogue.match("Vehicle.Velocity") == [0]
    assert "Vehicle.Velocity" not in catalogue.index_of


def test_a_removed_name_says_so_with_the_version() -> None:
    with pytest.raises(UnknownSignal, match=r"Vehicle\.Gone was renamed or removed after VSS 5\.1\b"):
        with_old_names()["Vehicle.Gone"]


def test_a_path_of_the_catalogue_is_never_taken_for_an_old_name() -> None:
    assert with_old_names()["Vehicle.Height"].path == "Vehicle.Height"


def test_an_old_name_whose_new_path_is_missing_is_unknown() -> None:
    catalogue = Catalogue([Signal("Vehicle.Height", Kind.SENSOR, "float")], OLD)
    with pytest.raises(UnknownSignal, match="renamed or removed"):
        catalogue["Vehicle.Velocity"]


def test_the_fingerprint_tells_catalogues_apart() -> None:
    assert load_catalogue().fingerprint == CATALOGUE.fingerprint
    assert catalogue_of("A", "B").fingerprint != catalogue_of("B", "A").fingerprint
