"""What the tests of buses, logs and the codec share: the recorded drive, the opendbc wheel, small DBC files."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from alpenglow.signals import Catalogue, load_catalogue
from alpenglow.vehicle.dbc import Dbc, load_dbc, parse_dbc

OPENDBC = "opendbc==0.3.1"


@pytest.fixture(scope="session")
def rav4(shared_data: Path) -> Path:
    """The folder of the recorded drive."""
    return shared_data / "rav4"


@pytest.fixture(scope="session")
def rav4_dbcs(rav4: Path) -> dict[str, Dbc]:
    return {"can0": load_dbc(rav4 / "toyota.dbc"), "can1": load_dbc(rav4 / "radar.dbc")}


@pytest.fixture(scope="session")
def rav4_catalogue() -> Catalogue:
    return load_catalogue(line_folder("rav4") / "overlay.tsv")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


def line_folder(name: str) -> Path:
    """The folder of a vehicle line in the source tree."""
    return Path(__file__).parents[3] / "src/alpenglow/lines" / name


@pytest.fixture(scope="session")
def opendbc(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The DBC files in the opendbc wheel by name; read out of it, since it does not install on every Python."""
    folder = Path(__file__).parents[3] / ".make" / "opendbc"
    if not list(folder.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python", "-d"]
        try:
            done = subprocess.run([*command, str(folder), OPENDBC], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"{OPENDBC} cannot be fetched: {error}")
        if done.returncode:
            pytest.skip(f"{OPENDBC} cannot be fetched: {done.stderr.strip().splitlines()[-1:]}")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        names = [Path(n) for n in wheel.namelist() if n.endswith(".dbc")]
        return {n.name: wheel.read(n.as_posix()) for n in names if n.parent.as_posix() == "opendbc/dbc"}


@pytest.fixture
def make_dbc() -> Callable[[str], Dbc]:
    """A DBC from the lines of its messages."""
    return lambda text: parse_dbc(f'VERSION ""\n\nBU_: ECU\n\n{text}\n'.encode(), "test.dbc")
