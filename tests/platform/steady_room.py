"""A room that does what $STEADY_ROOM says, or only beats: `python -m steady_room`."""

import os
import runpy
import sys
from pathlib import Path

sys.argv = ["room.py", os.environ.get("STEADY_ROOM", "steady")]
runpy.run_path(str(Path(__file__).with_name("room.py")), run_name="__main__")
