"""A question to a cloud model, and the form in which it leaves: redacted, and with nothing but what is named here."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .endpoint import Endpoint
from .redaction import NOTE, SCHEMA_KEYS, Redactor, counted, redact_messages


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A function that the model may ask for. `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A question. Messages have the protocol's form: role, content, tool_calls, tool_call_id; contents are texts."""

    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Tool] = ()
    must_call: bool = False  # answer with a call, not with a text
    schema: Mapping[str, Any] | None = None  # answer in JSON of this schema
    max_tokens: int = 800


def content(endpoint: Endpoint, request: Request, redactor: Redactor) -> dict[str, Any]:
    """What is sent, before it is encoded."""
    messages = redact_messages(redactor, request.messages)
    if counted(msgspec.json.encode(messages).decode()):
        _instruct(messages, NOTE)
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": messages,
        "max_tokens": request.max_tokens,
        "temperature": 0,
        "stream": endpoint.stream,
    }
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": redactor.redact(tool.description),
                    "parameters": redactor.redact_json(tool.parameters, SCHEMA_KEYS),
                },
            }
            for tool in request.tools
        ]
        body["tool_choice"] = "required" if request.must_call else "auto"
    if request.schema is not None:
        form: dict[str, Any] = {"type": endpoint.schema_form}
        if endpoint.schema_form == "json_schema":
            schema = redactor.redact_json(request.schema, SCHEMA_KEYS)
            form["json_schema"] = {"name": "answer", "strict": True, "schema": schema}
        body["response_format"] = form
    return body


def _instruct(messages: list[dict[str, Any]], sentence: str) -> None:
    """Add to the system message; many models know only one, in the first place."""
    if messages and messages[0].get("role") == "system":
        messages[0]["content"] = f"{messages[0].get('content') or ''}\n{sentence}".strip()
    else:
        messages.insert(0, {"role": "system", "content": sentence})
