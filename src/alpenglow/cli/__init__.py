"""The command `alpenglow`.

This file is plain enough for any Python 3, so that a wrong one gets a sentence instead of a syntax error.
"""

import sys


def main():  # type: ignore[no-untyped-def]
    """Run the command line."""
    if sys.version_info < (3, 12):
        sys.exit(
            "alpenglow needs Python 3.12 or newer; this is {}.{}. `make setup` finds one.".format(*sys.version_info)
        )
    from alpenglow.cli.app import run

    run()
