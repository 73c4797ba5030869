"""The types of the pages are those of the Python structs."""

from alpenglow.cli import webtypes


def test_the_pages_types_are_made_from_the_structs_as_they_are_now() -> None:
    again = "run `python -m alpenglow.cli.webtypes` and commit web/shared/protocol.ts"
    assert webtypes.TARGET.read_text() == webtypes.typescript(), again
