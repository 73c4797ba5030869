"""Services: one declaration each.

A room declares a service in its `api.py` as a typed function with a docstring and no body:

    @service
    async def actuate(path: str, value: Value) -> Outcome:
        \"\"\"Set an actuator …\"\"\"

From that come the fabric's endpoint (`call/safety/actuate/<caller>`), the WebSocket call of the pages, and the
permission `safety.actuate` in `identities.toml`. Arguments and results are whatever msgspec can carry.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar, get_type_hints

import msgspec

from alpenglow.fabric.errors import BadArguments, Failed

_TIMEOUT_S = 5.0

type Caller = str  # the authenticated identity of the process that calls

P = ParamSpec("P")
R = TypeVar("R")


class Service[**P, R]:
    """One declared service; made by `service`."""

    def __init__(self, declaration: Callable[P, Awaitable[R]], timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self.declaration = declaration
        self.room = declaration.__module__.split(".")[-2]
        self.function = declaration.__name__
        self.name = f"{self.room}.{self.function}"
        self.doc = inspect.getdoc(declaration) or ""
        self.signature = inspect.signature(declaration)
        hints = get_type_hints(declaration, include_extras=True)  # bounds, too
        self.result_type: Any = hints.pop("return")
        fields: list[Any] = [
            (p.name, hints[p.name]) if p.default is p.empty else (p.name, hints[p.name], p.default)
            for p in self.signature.parameters.values()
        ]
        self.arguments_type: Any = msgspec.defstruct(
            f"{self.function.title()}Arguments", fields, array_like=False, forbid_unknown_fields=True
        )
        self._decode_arguments = msgspec.msgpack.Decoder(self.arguments_type).decode
        self._decode_result = msgspec.msgpack.Decoder(self.result_type).decode

    def pack(self, *args: P.args, **kwargs: P.kwargs) -> bytes:
        """The arguments on the wire; TypeError where they do not fit the declaration."""
        bound = self.signature.bind(*args, **kwargs)
        return msgspec.msgpack.encode(bound.arguments)

    def unpack(self, payload: bytes) -> dict[str, Any]:
        """The arguments of a call as received; BadArguments where they do not fit the declaration."""
        try:
            return msgspec.structs.asdict(self._decode_arguments(payload))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadArguments(f"{self.name}: {error}") from None

    def convert(self, arguments: object) -> dict[str, Any]:
        """Arguments that came as JSON, in the declared types; BadArguments where they do not fit."""
        try:
            return msgspec.structs.asdict(msgspec.convert(arguments, self.arguments_type))
        except msgspec.ValidationError as error:
            raise BadArguments(f"{self.name}: {error}") from None

    def result(self, payload: bytes) -> R:
        """The result as received; Failed where the server sent something else."""
        try:
            return self._decode_result(payload)  # type: ignore[no-any-return]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Failed(f"{self.name} answered with something else than it declares: {error}") from None

    def __repr__(self) -> str:
        return f"<service {self.name}>"


def service[**P, R](declaration: Callable[P, Awaitable[R]]) -> Service[P, R]:
    """Declare a service; see the module's text."""
    return Service(declaration, _TIMEOUT_S)


def slow_service[**P, R](timeout_s: float) -> Callable[[Callable[P, Awaitable[R]]], Service[P, R]]:
    """Declare a service whose answer may take up to `timeout_s`: `@slow_service(60.0)`."""
    return lambda declaration: Service(declaration, timeout_s)
