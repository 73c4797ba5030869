"""Which of the receiver's positions are believed."""

from alpenglow.navigation.guidance.position import Believing, Fix
from tests.navigation.guidance.town import place


def fix(east: float, at: float, north: float = 0.0) -> Fix:
    lat, lon = place(east, north)
    return Fix(lat, lon, None, 5.0, at)


def test_a_jump_that_no_car_can_drive_is_not_believed_and_the_way_back_is() -> None:
    judge = Believing()
    assert judge.judge(fix(0, 0.0), 14.0).believed
    assert judge.judge(fix(14, 1.0), 14.0).believed
    assert not judge.judge(fix(600, 2.0), 14.0).believed
    assert not judge.judge(fix(610, 3.0), 14.0).believed
    assert judge.judge(fix(56, 4.0), 14.0).believed


def test_a_car_that_was_carried_is_believed_after_a_while() -> None:
    judge = Believing()
    judge.judge(fix(0, 0.0), 0.0)
    verdicts = [judge.judge(fix(5000 + n, 1.0 + n), 0.0) for n in range(6)]
    assert [v.believed for v in verdicts][:3] == [False, False, False]
    assert verdicts[-1].believed
    assert next(v for v in verdicts if v.believed).carried


def test_positions_that_jump_about_are_never_believed() -> None:
    judge = Believing()
    judge.judge(fix(0, 0.0), 0.0)
    assert not any(judge.judge(fix(900.0 * (1 + n % 3), 1.0 + n), 0.0).believed for n in range(30))


def test_a_clock_that_goes_back_moves_nothing() -> None:
    judge = Believing()
    judge.judge(fix(0, 100.0), 14.0)
    assert judge.judge(fix(10, 40.0), 14.0).believed
    assert not judge.judge(fix(3000, 41.0), 14.0).believed


def test_a_simulated_car_that_lives_faster_gets_farther() -> None:
    judge = Believing()
    judge.judge(fix(0, 0.0), 14.0)
    assert not judge.judge(fix(800, 1.0), 14.0).believed
    judge = Believing()
    judge.judge(fix(0, 0.0), 14.0, pace=60.0)
    assert judge.judge(fix(800, 1.0), 14.0, pace=60.0).believed
