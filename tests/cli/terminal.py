"""What a person sees of a command: its lines, and its exit status."""

import re
import subprocess
from pathlib import Path

from tests.running import alpenglow

ROOT = Path(__file__).parent.parent.parent


def refusal(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The one line that a command ended with instead of doing its work."""
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert re.fullmatch(r"alpenglow: [^\n]+\n", done.stderr), done.stderr
    return done.stderr.removeprefix("alpenglow: ").removesuffix("\n")


def refused(*arguments: str | Path) -> str:
    """The one line with which `alpenglow …` refuses these arguments."""
    return refusal(alpenglow(*map(str, arguments)))
