"""Who answers: the local model, the cloud or nobody, and the sentence that says why."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.cloud.routing import BadPolicy, MovingAverage, Policy, Situation, choose, load_policies

POLICIES = load_policies()
HARD = Situation(
    difficulty=0.9,
    local="ready",
    endpoint=True,
    consent=True,
    connection="online",
    bytes_needed=1000,
    bytes_left_today=100_000,
    driving="PARKED",
)


def but(**changes) -> Situation:
    return msgspec.structs.replace(HARD, **changes)


def test_a_difficult_request_goes_to_the_cloud_where_all_agree():
    route = choose(HARD, POLICIES["balanced"])
    assert route.tier == "cloud"
    assert route.reasons == ["asked the cloud: this is difficult for the local model"]


def test_an_easy_one_stays_in_the_car():
    assert choose(but(difficulty=0.1), POLICIES["balanced"]).tier == "local"
    assert choose(but(difficulty=0.1), POLICIES["capable"]).tier == "local"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent": False}, "stayed in the car: no consent for the cloud"),
        ({"private": True}, "stayed in the car: privacy mode is on"),
        ({"endpoint": False}, "stayed in the car: no cloud model is set up"),
        ({"connection": "none"}, "stayed in the car: there is no connection"),
        ({"connection": "metered"}, "stayed in the car: the connection costs by the byte"),
        ({"connection": "roaming"}, "stayed in the car: the connection is abroad"),
        ({"personal": True}, "stayed in the car: this concerns what the car remembers about you"),
        ({"resting": "it is not asked until 07:30:00 UTC"}, "stayed in the car: it is not asked until 07:30:00 UTC"),
        ({"bytes_left_today": 999}, "stayed in the car: today's bytes for the cloud are used up"),
        (
            {"cloud_first_word_s": 8.0},
            "stayed in the car: the cloud takes about 8.0 s, and 6 s is the longest to wait now",
        ),
        (
            {"cloud_first_word_s": 4.0, "driving": "MOVING"},
            "stayed in the car: the cloud takes about 4.0 s, and 3 s is the longest to wait now",
        ),
    ],
)
def test_one_obstacle_is_enough_and_is_named(changes, reason):
    route = choose(but(**changes), POLICIES["balanced"])
    assert route.tier == "local"
    assert route.reasons[0] == reason


def test_the_cloud_stands_in_where_the_local_model_cannot():
    assert choose(but(difficulty=0.0, local="loading"), POLICIES["balanced"]).tier == "cloud"


def test_where_nobody_can_the_reasons_say_so():
    route = choose(but(local="loading", consent=False), POLICIES["balanced"])
    assert route.tier == "none"
    assert route.reasons == [
        "no model could be asked: the local model is still loading",
        "not the cloud: no consent for the cloud",
    ]


def test_the_quicker_one_is_asked_where_the_policy_says_so():
    slow_here = but(difficulty=0.0, local_first_word_s=6.0, cloud_first_word_s=1.0)
    assert choose(slow_here, POLICIES["capable"]).tier == "cloud"
    assert choose(slow_here, POLICIES["balanced"]).tier == "local"


situations = st.builds(
    Situation,
    difficulty=st.floats(),
    local=st.sampled_from(["ready", "loading", "missing", "broken", "off"]),
    local_first_word_s=st.none() | st.floats(0, 100),
    endpoint=st.booleans(),
    consent=st.booleans(),
    private=st.booleans(),
    personal=st.booleans(),
    connection=st.sampled_from(["none", "unknown", "online", "metered", "roaming"]),
    cloud_first_word_s=st.none() | st.floats(0, 100),
    resting=st.sampled_from(["", "it rests"]),
    bytes_needed=st.integers(0, 10_000),
    bytes_left_today=st.integers(-10, 10_000),
    driving=st.sampled_from(["PARKED", "IDLING", "MOVING"]),
)


@given(situations, st.sampled_from(list(POLICIES.values())))
def test_never_the_cloud_without_consent_nor_a_model_that_is_not_ready(situation, policy):
    route = choose(situation, policy)
    if route.tier == "cloud":
        assert policy.cloud
        assert situation.consent
        assert situation.endpoint
        assert not situation.private
        assert situation.connection != "none"
        assert situation.bytes_needed <= situation.bytes_left_today
    if route.tier == "local":
        assert situation.local == "ready"
    if route.tier == "none":
        assert situation.local != "ready"
    assert route.reasons
    assert all(route.reasons)


@given(situations)
def test_the_private_policy_never_asks_the_cloud(situation):
    assert choose(situation, POLICIES["private"]).tier != "cloud"


def test_a_platform_changes_what_differs_on_it():
    assert load_policies("single-soc")["balanced"].difficult < POLICIES["balanced"].difficult
    assert load_policies("single-soc")["private"] == POLICIES["private"]
    assert load_policies("a platform without changes") == POLICIES


@pytest.mark.parametrize(
    "text",
    [
        "[policy.mine]\ncloud = 'perhaps'",
        "[policy.mine]\ncloud = true\ndifficult = 2.0",
        "[policy.mine]\nclowd = true",
        "[policy.mine]\ncloud = true\n[platform.laptop.yours]\ncloud = true",
        "policy",
    ],
)
def test_a_policy_that_cannot_be_used_is_told_with_its_file(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadPolicy, match=r"mine\.toml"):
        load_policies(path=path)


def test_own_policies_replace_those_that_come_along(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[policy.mine]\ncloud = true\ndifficult = 0.2")
    assert load_policies(path=path) == {"mine": Policy(cloud=True, difficult=0.2)}


def test_the_average_follows_what_is_measured():
    average = MovingAverage()
    assert average.value is None
    average.add(100.0)
    assert average.value == 100.0
    for _ in range(50):
        average.add(10.0)
    assert average.value == pytest.approx(10.0, abs=0.1)
