"""What is installed is pinned, by name and version alone: no file says where from."""

import json
import re

import pytest

from tests.conftest import ROOT


def test_python_packages_are_pinned_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_the_pages_packages_are_pinned_with_their_checksums() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert [name for name, facts in packages.items() if name and not facts.get("integrity")] == []


@pytest.mark.parametrize("file", ["constraints.txt", "web/package-lock.json"])
def test_no_pin_names_an_address(file: str) -> None:
    assert "://" not in (ROOT / file).read_text()
