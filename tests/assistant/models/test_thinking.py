"""Nobody sees what a reasoning model thinks, however its text is cut into pieces."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.models.thinking import ThinkingFilter

TAG = re.compile(r"</?(think|thinking|thought|reasoning)\s{0,8}>", re.IGNORECASE)
TAGS = st.sampled_from(["<think>", "</think>", "<THINK>", "</thinking >", "<thought>", "</reasoning>", "<think\n>"])
PLAIN = st.text("abk <>/", max_size=12).filter(lambda text: not TAG.search(text))
PIECES = st.lists(st.one_of(PLAIN, TAGS, st.sampled_from(["<thi", "nk>", "</th", "<", "</"])), max_size=20)


def seen(text: str, cuts: list[int] | None = None, **options: int) -> str:
    """What is shown of a text that comes in pieces."""
    hiding = ThinkingFilter(**options)
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts or [])})
    pieces = [text[a:b] for a, b in itertools.pairwise(places)]
    return "".join(hiding.feed(piece) for piece in pieces) + hiding.end()


@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=6), PLAIN, st.lists(st.integers(0, 1000)))
def test_what_is_outside_the_tags_is_shown_and_nothing_else(
    parts: list[tuple[str, str]], last: str, cuts: list[int]
) -> None:
    text = "".join(f"{said}<think>{thought}</think>" for said, thought in parts) + last
    expected = "".join(said for said, _ in parts) + last
    assert seen(text, cuts, budget_chars=10_000) == expected


@given(PIECES, st.lists(st.integers(0, 1000)), st.integers(0, 60))
def test_where_the_text_is_cut_makes_no_difference(pieces: list[str], cuts: list[int], budget: int) -> None:
    text = "".join(pieces)
    assert seen(text, cuts, budget_chars=budget) == seen(text, budget_chars=budget)


@given(PIECES)
def test_no_tag_that_the_model_wrote_is_shown(pieces: list[str]) -> None:
    hiding = ThinkingFilter()
    assert not any(TAG.search(hiding.feed(piece)) for piece in pieces)
    assert not TAG.search(hiding.end())


@given(PLAIN, PLAIN)
def test_a_thought_that_never_ends_is_not_shown(said: str, thought: str) -> None:
    assert seen(f"{said}<think>{thought}") == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>a<think>b</think>c</think>d", "d"),  # nested
        ("<think>I write <think> now</think>The answer", "The answer"),  # one tag too many
        ("a</think>b", "ab"),  # a stray closing tag
        ("1 < 2 and <b>bold</b>", "1 < 2 and <b>bold</b>"),
        ("<thinker>x</thinker>", "<thinker>x</thinker>"),
        ("ends with <thin", "ends with <thin"),
    ],
)
def test_tags_that_do_not_match_up_lose_no_answer(text: str, shown: str) -> None:
    assert [seen(text, list(range(len(text)))), seen(text)] == [shown, shown]


def test_text_that_cannot_become_a_tag_is_not_held_back() -> None:
    hiding = ThinkingFilter()
    assert [hiding.feed(piece) for piece in ("Hel", "lo <", "b>", "<th", "em>")] == ["Hel", "lo ", "<b>", "", "<them>"]


def test_thinking_beyond_the_budget_is_cut() -> None:
    hiding = ThinkingFilter(budget_chars=10)
    assert hiding.feed("Hm. <think>") == "Hm. "
    hiding.feed("0123456789")
    assert not hiding.cut
    hiding.feed("!")
    assert hiding.cut
    assert hiding.feed("</think>secret") + hiding.end() == ""


def test_a_long_answer_is_no_thinking() -> None:
    hiding = ThinkingFilter(budget_chars=10)
    assert hiding.feed("x" * 1000) == "x" * 1000
    assert not hiding.cut


def test_thinking_for_too_long_is_cut() -> None:
    now = [0.0]
    hiding = ThinkingFilter(late_s=2.0, clock=lambda: now[0])
    hiding.feed("<think>a")
    now[0] = 1.9
    hiding.feed("b")
    assert not hiding.cut
    now[0] = 2.1
    hiding.feed("c")
    assert hiding.cut
