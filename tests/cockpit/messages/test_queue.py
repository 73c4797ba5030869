"""Which message is on the screens: what matters first, long enough to be read, and nothing twice for one cause."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from alpenglow.cockpit.messages.queue import AGAIN_S, CHIME_S, MOST, WEIGHTS, Level, Message, Queue

LEVELS: tuple[Level, ...] = ("stop", "warning", "notice", "info")


class Screen:
    """A queue, looked at five times a second, and what it showed when."""

    def __init__(self) -> None:
        self.queue = Queue()
        self.now = 0.0
        self.quiet = False
        self.seen: list[tuple[float, int | None]] = []

    def post(self, cause: str, level: Level, **more: float) -> Message:
        return self.queue.post(cause, level, f"messages.{cause}", {}, self.now, **more)  # type: ignore[arg-type]

    def pass_(self, seconds: float) -> Message | None:
        for _ in range(round(seconds * 5)):
            self.now += 0.2
            shown = self.queue.step(self.now, self.quiet)
            self.seen.append((self.now, shown.number if shown else None))
        return self.queue.shown

    @property
    def cause(self) -> str | None:
        shown = self.queue.step(self.now, self.quiet)
        return shown.cause if shown else None


def test_what_asks_to_stop_takes_the_place_of_all_else_at_once() -> None:
    screen = Screen()
    screen.post("scene", "info")
    screen.post("charge", "notice")
    assert screen.cause == "charge"
    screen.post("brakes", "stop")
    assert screen.cause == "brakes"


def test_what_was_interrupted_comes_back_when_it_could_not_be_read() -> None:
    screen = Screen()
    screen.post("charge", "notice")
    screen.pass_(1.0)
    screen.post("brakes", "stop")
    screen.pass_(5.0)
    screen.queue.clear("brakes", screen.now)
    assert screen.pass_(0.2) is not None
    assert screen.cause == "charge"


def test_what_was_read_does_not_come_back() -> None:
    screen = Screen()
    screen.post("charge", "notice")
    screen.pass_(5.0)
    screen.post("brakes", "stop")
    screen.pass_(5.0)
    screen.queue.clear("brakes", screen.now)
    screen.pass_(1.0)
    assert screen.cause is None
    assert [m.cause for m in screen.queue.active()] == ["charge"]


def test_a_message_whose_cause_ends_at_once_stays_until_it_could_be_read() -> None:
    screen = Screen()
    screen.post("door", "warning")
    screen.pass_(0.4)
    screen.queue.clear("door", screen.now)
    screen.pass_(WEIGHTS["warning"].least_s - 0.8)
    assert screen.cause == "door"
    screen.pass_(1.0)
    assert screen.cause is None


def test_a_loose_contact_announces_nothing_twice() -> None:
    screen = Screen()
    first = screen.post("flap", "notice")
    screen.pass_(10.0)
    for _ in range(20):
        screen.queue.clear("flap", screen.now)
        screen.pass_(1.0)
        assert screen.post("flap", "notice") is first
        assert screen.pass_(1.0) is None
    screen.queue.clear("flap", screen.now)
    screen.pass_(AGAIN_S + 1.0)
    screen.post("flap", "notice")
    assert screen.cause == "flap"


def test_a_cause_that_becomes_more_urgent_is_announced_again() -> None:
    screen = Screen()
    first = screen.post("temperature", "notice")
    screen.pass_(9.0)
    assert screen.cause is None
    second = screen.post("temperature", "stop")
    assert screen.cause == "temperature"
    assert second.number != first.number
    assert len(screen.queue.active()) == 1


def test_information_waits_while_the_drivers_head_is_needed() -> None:
    screen = Screen()
    screen.quiet = True
    screen.post("charged", "info", shows_s=10.0)
    assert screen.pass_(60.0) is None
    screen.post("belt", "warning")
    assert screen.cause == "belt"
    screen.pass_(13.0)
    assert screen.cause is None
    screen.quiet = False
    screen.pass_(0.2)
    assert screen.cause == "charged"
    screen.pass_(11.0)
    assert screen.queue.active()[0].cause == "belt"
    assert len(screen.queue.active()) == 1


def test_what_is_shown_when_traffic_becomes_demanding_is_not_taken_away() -> None:
    screen = Screen()
    screen.post("charged", "info")
    screen.pass_(1.0)
    screen.quiet = True
    screen.pass_(1.0)
    assert screen.cause == "charged"


def test_two_that_ask_to_stop_take_turns_while_both_hold() -> None:
    screen = Screen()
    screen.post("brakes", "stop")
    screen.post("motor", "stop")
    seen = []
    for _ in range(4):
        seen.append(screen.cause)
        screen.pass_(WEIGHTS["stop"].least_s + 0.2)
    assert seen == ["brakes", "motor", "brakes", "motor"]


def test_acknowledging_frees_the_screen_and_keeps_the_cause_listed() -> None:
    screen = Screen()
    stop = screen.post("brakes", "stop")
    assert screen.cause == "brakes"
    screen.queue.acknowledge(stop.number, screen.now)
    assert screen.cause is None
    assert [m.acknowledged for m in screen.queue.active()] == [True]
    assert screen.queue.acknowledge(99, screen.now) is None


def test_what_another_screen_shows_is_only_listed() -> None:
    screen = Screen()
    screen.queue.post("tyre", "warning", "messages.tyre", {}, screen.now, elsewhere=True)
    assert screen.pass_(20.0) is None
    assert [m.cause for m in screen.queue.active()] == ["tyre"]


def test_of_all_who_ask_for_a_chime_one_gets_it_and_no_two_are_heard_at_once() -> None:
    screen = Screen()
    info = screen.post("scene", "info")
    screen.pass_(0.2)
    assert screen.queue.claim_chime(info.number, screen.now) == ("info", 0.0)
    assert screen.queue.claim_chime(info.number, screen.now) is None
    stop = screen.post("brakes", "stop")
    screen.pass_(0.2)
    level, wait_s = screen.queue.claim_chime(stop.number, screen.now) or ("", 0.0)
    assert level == "stop"
    assert abs(wait_s - (CHIME_S - 0.2)) < 1e-6
    assert screen.queue.claim_chime(info.number, screen.now) is None


def test_a_part_that_posts_without_end_pushes_out_nothing_that_is_more_urgent() -> None:
    screen = Screen()
    screen.post("brakes", "warning")
    for number in range(10 * MOST):
        screen.post(f"flood.{number}", "info")
    causes = [m.cause for m in screen.queue.active()]
    assert len(causes) == MOST
    assert causes[0] == "brakes"


@dataclass
class Post:
    cause: str
    level: Level
    shows_s: float | None


@dataclass
class Clear:
    cause: str


@dataclass
class Acknowledge:
    pass


@dataclass
class Wait:
    seconds: float
    quiet: bool


CAUSES = st.sampled_from("abcd")
STEPS = st.lists(
    st.one_of(
        st.builds(Post, CAUSES, st.sampled_from(LEVELS), st.none() | st.floats(0, 20)),
        st.builds(Clear, CAUSES),
        st.builds(Acknowledge),
        st.builds(Wait, st.floats(0.0, 45.0), st.booleans()),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_whatever_happens_the_rules_hold(steps: list[Post | Clear | Acknowledge | Wait]) -> None:
    queue, now, quiet = Queue(), 0.0, False
    came: dict[int, list[float]] = {}  # when each message came to the screen
    previous: Message | None = None
    since = 0.0
    for step in steps:
        acknowledged = False
        match step:
            case Post():
                queue.post(step.cause, step.level, "key", {}, now, shows_s=step.shows_s)
            case Clear():
                queue.clear(step.cause, now)
            case Acknowledge() if queue.shown is not None:
                acknowledged = True
                queue.acknowledge(queue.shown.number, now)
            case Wait():
                now += step.seconds
                quiet = step.quiet
        shown = queue.step(now, quiet)
        active = queue.active()
        assert len({m.cause for m in active}) == len(active), "every cause once"
        assert shown is None or shown in active
        waiting = [m for m in active if not m.read and m is not shown and (not quiet or m.weight.urgency >= 2)]
        top = max((m.weight.priority for m in waiting), default=-1)
        assert not waiting or (shown is not None and shown.weight.priority >= top), "the more urgent first"
        if shown is not previous:
            if previous is not None and not acknowledged and shown is not None:
                read = (
                    now - since >= previous.weight.least_s - 1e-6 or previous.shown_s >= previous.weight.least_s - 1e-6
                )
                assert read or shown.weight.priority > previous.weight.priority or previous.cause == shown.cause
            if shown is not None:
                assert not shown.read, "what was read does not come back"
                came.setdefault(shown.number, []).append(now)
            since = now
        previous = shown
