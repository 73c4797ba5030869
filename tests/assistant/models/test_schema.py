"""An answer keeps to its schema or is not taken; a schema that cannot be checked is not used."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.assistant.models.schema import check_schema, keeps, tight

CALL = {
    "type": "object",
    "properties": {
        "call": {"enum": ["window", "fan"]},
        "value": {"type": "integer", "minimum": 0, "maximum": 100},
        "seat": {"anyOf": [{"const": "driver"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"}, "maxItems": 2},
        "on": {"type": "boolean"},
        "share": {"type": "number"},
    },
    "required": ["call", "value"],
}
RIGHT = {"call": "fan", "value": 3, "seat": None, "tags": ["ab"], "on": True, "share": 0.5}


@given(st.sampled_from(["window", "fan"]), st.integers(0, 100), st.sampled_from(["driver", None]))
def test_what_fits_is_taken(call: str, value: int, seat: str | None) -> None:
    assert keeps(json.dumps({"call": call, "value": value, "seat": seat}), CALL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"call": "boot"}, {"value": 101}, {"value": -1}, {"value": True}, {"value": 1.5}, {"value": "3"},
        {"seat": "passenger"}, {"tags": ["abcd"]}, {"tags": ["A"]}, {"tags": ["a", "b", "c"]}, {"tags": "ab"},
        {"on": 1}, {"share": True}, {"extra": 1},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_taken(wrong: dict[str, Any]) -> None:
    assert keeps(json.dumps(RIGHT), CALL)
    assert not keeps(json.dumps(RIGHT | wrong), CALL)


@pytest.mark.parametrize(
    "text", ["", "{", '{"call":"fan"}', "[]", "null", '{"call":"fan","value":3} and more', "[" * 100_000]
)
def test_what_is_not_whole_is_not_taken(text: str) -> None:
    assert not keeps(text, CALL)


def test_an_object_without_properties_has_none() -> None:
    assert keeps("{}", {"type": "object"})
    assert not keeps('{"a":1}', {"type": "object"})


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "wat"}, "has the type 'wat'"),
        ({"type": "object", "patternProperties": {}}, "has patternProperties"),
        ({"$ref": "#/x"}, r"has \$ref"),
        ({}, "says nothing"),
        ({"description": "anything"}, "says nothing"),
        ({"type": "object", "properties": {"a": {}}}, r"schema\.a: says nothing"),
        ({"type": "object", "additionalProperties": True}, "allows any other"),
        ({"type": "object", "required": ["a"]}, "requires what it does not describe"),
        ({"type": "array"}, r"schema\.items: is not an object"),
        ({"enum": []}, "enum without a value"),
        ([], "is not an object"),
    ],
)
def test_a_schema_that_would_bind_less_than_it_seems_is_refused(schema: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_schema(schema)


def test_a_schema_is_closed_at_every_level() -> None:
    check_schema(CALL)
    nested = {"type": "array", "items": {"anyOf": [{"type": "object", "properties": {"a": {"type": "object"}}}]}}
    closed = tight(nested)["items"]["anyOf"][0]
    assert closed["additionalProperties"] is False
    assert closed["properties"]["a"]["additionalProperties"] is False
