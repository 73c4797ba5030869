"""`docs/add-a-process.md` says what the code says."""

import ast
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from alpenglow.platform.processes import Process

PAGE = (Path(__file__).parent.parent.parent / "docs" / "add-a-process.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_process_on_the_page_is_a_program_and_the_row_a_row() -> None:
    process, row = blocks("python")
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.walk(ast.parse(process))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert imported == {"alpenglow.fabric.room.Room", "alpenglow.fabric.room.main"}
    (made,) = eval(row, {"Process": Process})
    assert isinstance(made, Process)
    assert tomllib.loads(blocks("toml")[0])["parking"]["calls"] == []


@pytest.mark.parametrize("field", [field.name for field in msgspec.structs.fields(Process)])
def test_every_field_of_the_table_is_explained(field: str) -> None:
    assert f"`{field}`" in PAGE or f"{field}=" in PAGE
