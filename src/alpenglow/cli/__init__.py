"""The command `alpenglow`.

This file is plain enough for any Python 3, so that a wrong one gets a sentence instead of a syntax error.
"""

import sys


def main() -> None:
    """Run the command line."""
    # pip keeps to requires-python, but a path or a pyenv shim can still bring an older one here.
    if sys.version_info < (3, 12):  # noqa: UP036
        sys.exit("alpenglow needs Python 3.12 or newer; this is %d.%d. `make setup` finds one." % sys.version_info[:2])  # noqa: UP031
    try:
        from alpenglow.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
