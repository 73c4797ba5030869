"""Tables that come with the code, and what is said of one that does not have its form."""

import msgspec
import pytest

from alpenglow.fabric.tables import read_table


class WrongTable(ValueError):
    """What the reader of this table raises."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    days: int = 1


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: list[Row]


def test_a_table_is_read_from_beside_the_code() -> None:
    table = read_table("alpenglow.fabric", "identities.toml", dict[str, dict[str, object]], WrongTable)
    assert table["observer"] == {"messages_per_s": 400}


def test_another_text_may_stand_for_the_file() -> None:
    text = '[[row]]\nname = "Z\u00fcrich"\ndays = 3\n[[row]]\nname = ""'
    assert read_table("alpenglow.fabric", "rows.toml", Rows, WrongTable, text) == Rows([Row("Zürich", 3), Row("")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[row]\n", "line 1"),
        ('[[row]]\nname = "a"\nday = 3', "row"),
        ("[[row]]\nname = 3", "name"),
        ("", "row"),
    ],
)
def test_a_table_of_another_form_is_refused_with_its_name_and_the_place(text: str, says: str) -> None:
    with pytest.raises(WrongTable, match=f"^rows.toml: .*{says}"):
        read_table("alpenglow.fabric", "rows.toml", Rows, WrongTable, text)
