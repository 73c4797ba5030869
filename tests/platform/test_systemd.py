"""The exported units are ones that systemd itself accepts."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from alpenglow.platform.processes import PROCESSES
from alpenglow.platform.systemd import export_systemd


@pytest.fixture(params=[("laptop", None), ("single-soc", None), ("dual-soc", "cluster"), ("dual-soc", "infotainment")])
def units(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    (tmp_path / "line").mkdir()
    (tmp_path / "line" / "line.toml").write_text("")
    platform, computer = request.param
    return export_systemd(
        tmp_path / "units", line=str(tmp_path / "line"), platform=platform, computer=computer, port=8700
    )


def test_systemd_verifies_them(units: list[Path]) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    paths = [str(path) for path in units if path.suffix in (".service", ".target")]
    # The programs named in ExecStart must exist: the `alpenglow` script does once the package is installed.
    done = subprocess.run([analyze, "verify", *paths], capture_output=True, text=True, check=False)
    problems = [line for line in done.stderr.splitlines() if "bin/alpenglow is not executable" not in line]
    assert problems == []


def test_units_say_what_the_table_says(units: list[Path]) -> None:
    services = {path.stem.removeprefix("alpenglow-"): path for path in units if path.suffix == ".service"}
    prepare = services.pop("prepare")
    assert "platform prepare" in prepare.read_text()
    rows = {row.name: row for row in PROCESSES}
    for name, path in services.items():
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(path)
        service = parser["Service"]
        assert service["Type"] == "notify"
        assert float(service["WatchdogSec"]) == rows[name].alive_s
        assert service["Restart"] == "always"
        assert service["NoNewPrivileges"] == "yes"
        assert service["ExecStart"].endswith(f"-m {rows[name].module}")
        assert service["Environment"].endswith(f"/{name}.settings.json")
        assert "alpenglow-prepare.service" in parser["Unit"]["Requires"]
