"""docs/command-line.md: every command in it exists, with the options that it names."""

import re
import shlex

import pytest

from tests.cli.terminal import ROOT
from tests.running import alpenglow

PAGE = (ROOT / "docs" / "command-line.md").read_text()
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for line in block.splitlines()]
GROUPS = ("signals", "models", "brand", "map", "platform")


def words_of(example: str) -> tuple[tuple[str, ...], list[str]]:
    """The command's words and its options."""
    words = shlex.split(example, comments=True)[1:]
    length = 2 if words[0] in GROUPS else 1
    return tuple(words[:length]), [word for word in words if word.startswith("--")]


@pytest.mark.parametrize("command", sorted({words_of(example)[0] for example in EXAMPLES}), ids=" ".join)
def test_its_examples_name_options_that_exist(command: tuple[str, ...]) -> None:
    done = alpenglow(*command, "--help")
    assert done.returncode == 0
    named = [option for example in EXAMPLES if words_of(example)[0] == command for option in words_of(example)[1]]
    assert set(named) <= set(re.findall(r"--[a-z-]+", done.stdout))


def test_it_shows_every_command() -> None:
    shown = {words_of(example)[0] for example in EXAMPLES}
    for group in ((), *((name,) for name in GROUPS)):
        lines = alpenglow(*group, "--help").stdout.splitlines()
        names = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line.startswith("  ")]
        commands = {(*group, name) for name in names if name.isalpha() and name not in GROUPS}
        assert commands - shown <= {("platform", "prepare")}  # which systemd calls, not people
