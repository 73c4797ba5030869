"""`python -m alpenglow` is the command `alpenglow`."""

from alpenglow.cli import main

main()
