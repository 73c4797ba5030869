"""What a call can end in, besides its result. The caller gets the class that the server raised."""

import msgspec


class ServiceError(Exception):
    """A call that did not do what was asked; the text is for the person who asked."""


class NotPermitted(ServiceError):
    """The caller's identity may not do this."""


class BadArguments(ServiceError):
    """The arguments do not fit the service's declaration."""


class NoProvider(ServiceError):
    """No process serves this now, or the fabric does not let this identity reach it."""


class TimedOut(ServiceError):
    """No answer came in time; whether it was done is unknown."""


class Failed(ServiceError):
    """The server tried and could not."""


class ErrorReply(msgspec.Struct, frozen=True, array_like=True):
    """A ServiceError on the wire."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: ServiceError) -> "ErrorReply":
        """The wire form of `error`."""
        return cls(type(error).__name__ if type(error) in _KINDS.values() else "Failed", str(error))

    def error(self) -> ServiceError:
        """The exception that the caller raises."""
        return _KINDS.get(self.kind, Failed)(self.message)


_KINDS: dict[str, type[ServiceError]] = {
    c.__name__: c for c in (NotPermitted, BadArguments, NoProvider, TimedOut, Failed)
}
