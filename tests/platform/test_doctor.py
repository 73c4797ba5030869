"""The doctor sees what is wrong with this machine and says what to do about it."""

import socket
from pathlib import Path

import pytest

from alpenglow.platform import doctor
from alpenglow.platform.doctor import Finding, examine


def findings(tmp_path: Path, port: int = 18_970, state_dir: Path | None = None) -> dict[str, Finding]:
    found = examine(port=port, run_dir=tmp_path / "run", state_dir=state_dir or tmp_path / "state")
    return {finding.what: finding for finding in found}


def test_what_does_not_work_comes_with_its_remedy(tmp_path: Path) -> None:
    for finding in findings(tmp_path).values():
        assert finding.found
        assert finding.verdict == "works" or finding.remedy
    assert not (tmp_path / "run").exists()


def test_a_busy_port_is_found(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        finding = findings(tmp_path, port)[f"port {port} (desk)"]
    assert finding.verdict == "missing"
    assert "pid" in finding.found
    assert "--port" in finding.remedy


def test_an_unwritable_state_directory_is_found(tmp_path: Path) -> None:
    assert findings(tmp_path, state_dir=Path("/proc/alpenglow"))["state directory"].verdict == "missing"


def test_pages_that_are_not_built_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PAGES", tmp_path)
    finding = findings(tmp_path)["pages"]
    assert (finding.verdict, finding.remedy) == ("missing", "run `make setup`")
    for page in ("cluster", "centre", "signals", "desk"):
        (tmp_path / f"{page}.html").touch()
    assert findings(tmp_path)["pages"].verdict == "works"


def test_it_tells_which_limits_apply(tmp_path: Path) -> None:
    assert any(word in findings(tmp_path)["limits"].found for word in ("cgroup v1", "cgroup v2", "rlimits"))
