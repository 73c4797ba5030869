"""The cloud model: one question to any endpoint that speaks OpenAI's chat completions.

A question passes, in this order: consent → breaker → redaction → budgets → an entry in the egress ledger → the network.
Rules that always hold:
- where one of these says no, not a byte leaves, and no connection is made;
- a question is asked once: no repeats, no redirects, no other host than the one that is set up;
- withdrawing the consent, cancelling, or the end of the time stops it at once, and the ledger has what left until then;
- every failure is one of `errors`; what the model says is data, and calls nothing by itself.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import httpcore2
import msgspec

from .breaker import Breaker
from .connection import Connections, Exchange, begin
from .consent import CLOUD_MODEL, Consents
from .endpoint import Endpoint, check, read_key
from .errors import (
    Broken,
    CloudError,
    NoConsent,
    NotRecorded,
    NotRedacted,
    OverBudget,
    TimedOut,
    Unreachable,
)
from .ledger import Ledger
from .redaction import Redactor, counted
from .replies import Answer, Call, Events, check_status
from .request import Request, content
from .routing import MovingAverage


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer; private things are back in their places, thoughts are left out."""

    text: str
    calls: tuple[Call, ...]
    finish: str
    prompt_tokens: int  # 0 where the endpoint does not say
    generated_tokens: int
    first_word_ms: float  # until the first visible text; of an answer without one, until its end
    total_ms: float
    bytes_out: int
    bytes_in: int
    redacted: dict[str, int]
    entry: int  # its number in the ledger


class Cloud:
    """The cloud model behind an endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        ledger: Ledger,
        consents: Consents,
        breaker: Breaker | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises BadEndpoint for settings or a key that cannot be used."""
        check(endpoint)
        self.endpoint = endpoint
        self.breaker = breaker or Breaker()
        self.first_word_ms = MovingAverage()
        self.total_ms = MovingAverage()
        self._key = read_key(endpoint)
        self._ledger = ledger
        self._consents = consents
        self._now = now
        self._connections = Connections(endpoint)

    async def complete(
        self,
        request: Request,
        *,
        profile: str,
        redactor: Redactor,
        purpose: str = CLOUD_MODEL,
        on_text: Callable[[str], None] | None = None,
        deadline_s: float | None = None,
    ) -> Reply:
        """Ask; `on_text` gets the visible text as it comes. Raises CloudError.

        `redactor` is the conversation's, which asks one question at a time: placeholders keep their meaning in it.
        """
        work: asyncio.Task[Reply] | None = None
        with self._consents.hold(profile, purpose, lambda: work and work.cancel()) as hold:
            self.breaker.check()
            answer = Answer(functions={tool.name for tool in request.tools}, redactor=redactor, on_text=on_text)
            exchange = Exchange(self.endpoint.limits.answer_bytes)
            work = asyncio.create_task(self._recorded(purpose, request, answer, redactor, exchange, deadline_s))
            try:
                reply = await work
            except asyncio.CancelledError:
                self.breaker.let_go()
                asking = asyncio.current_task()
                if hold.withdrawn and not (asking and asking.cancelling()):
                    stopped = NoConsent(f"the consent to {purpose} was withdrawn; the question was stopped")
                    raise _with_bytes(stopped, exchange) from None
                raise
            except CloudError as error:
                self.breaker.failed(error)
                raise _with_bytes(error, exchange) from None
            except BaseException:
                self.breaker.let_go()
                raise
        self.breaker.succeeded()
        self.first_word_ms.add(reply.first_word_ms)
        self.total_ms.add(reply.total_ms)
        return reply

    def bytes_left_today(self) -> int:
        """How much may still leave today (UTC). Raises NotRecorded."""
        midnight = self._now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.endpoint.limits.daily_bytes - self._ledger.bytes_out(midnight)

    def _body(self, request: Request, redactor: Redactor) -> bytes:
        """What would leave, redacted and within the budgets. Raises OverBudget, NotRedacted."""
        limit = self.endpoint.limits.request_bytes
        raw = sum(len(str(message.get("content") or "")) for message in request.messages)
        if raw > limit:  # in signs, before any work is done on it
            raise OverBudget(f"the question has {raw:,} signs; at most {limit:,} bytes may leave at once")
        body = msgspec.json.encode(content(self.endpoint, request, redactor))
        if len(body) > limit:
            raise OverBudget(f"the question has {len(body):,} bytes; at most {limit:,} may leave at once")
        left = self.bytes_left_today()
        if len(body) > left:
            raise OverBudget(f"the question has {len(body):,} bytes; today {max(0, left):,} more may leave")
        if kind := redactor.leak(body.decode()):
            raise NotRedacted(f"the question would still have a private {kind} in it; it was not sent")
        return body

    async def _recorded(
        self,
        purpose: str,
        request: Request,
        answer: Answer,
        redactor: Redactor,
        exchange: Exchange,
        deadline_s: float | None,
    ) -> Reply:
        """Ask, between the two writes to the ledger."""
        body = await asyncio.to_thread(self._body, request, redactor)
        redacted = counted(body.decode())
        intent = partial(
            self._ledger.begin,
            purpose=purpose,
            recipient=self.endpoint.recipient,
            method="POST",
            body=body,
            redacted=redacted,
        )
        writing = asyncio.ensure_future(asyncio.to_thread(intent))
        cancelled: asyncio.CancelledError | None = None
        try:
            entry = await asyncio.shield(writing)
        except asyncio.CancelledError as reason:
            cancelled, entry = reason, await writing
        exchange.entry = entry
        outcome = "stopped"
        try:
            if cancelled is not None:
                raise cancelled
            begin(exchange)
            started = time.perf_counter()
            first_word_s, calls = await self._timed(body, answer, deadline_s, started)
            total_s = time.perf_counter() - started
            if request.schema is not None:
                _check_json(answer.text)
            outcome = "answered"
        except CloudError as error:
            outcome = f"{type(error).__name__}: {error}"
            raise
        finally:
            # Without a completion the entry says that its outcome is unknown, which is then true.
            with suppress(NotRecorded):
                done = partial(self._ledger.complete, bytes_out=exchange.bytes_out, bytes_in=exchange.bytes_in)
                await asyncio.shield(asyncio.to_thread(done, entry, outcome=outcome))
        return Reply(
            text=answer.text,
            calls=tuple(calls),
            finish=answer.finish,
            prompt_tokens=answer.prompt_tokens,
            generated_tokens=answer.generated_tokens,
            first_word_ms=1000 * (first_word_s or total_s),
            total_ms=1000 * total_s,
            bytes_out=exchange.bytes_out,
            bytes_in=exchange.bytes_in,
            redacted=redacted,
            entry=entry,
        )

    async def _timed(
        self, body: bytes, answer: Answer, deadline_s: float | None, started: float
    ) -> tuple[float | None, list[Call]]:
        """Ask within the time, with every failure as one of ours."""
        limits = self.endpoint.limits
        total_s = limits.total_s if deadline_s is None else min(deadline_s, limits.total_s)
        host = self.endpoint.recipient
        try:
            async with asyncio.timeout(total_s):
                return await self._ask(body, answer, started)
        except TimeoutError:
            raise TimedOut(f"the cloud ({host}) was not done within {total_s:g} s") from None
        except httpcore2.ConnectTimeout:
            raise TimedOut(f"the cloud ({host}) could not be reached within {limits.connect_s:g} s") from None
        except httpcore2.TimeoutException:
            raise TimedOut(f"the cloud ({host}) was silent for {limits.silence_s:g} s") from None
        except (httpcore2.ConnectError, OSError) as problem:
            why = "its certificate is not trusted" if _is_untrusted(problem) else "no connection"
            raise Unreachable(f"the cloud ({host}) cannot be reached: {why}") from None
        except (httpcore2.ProtocolError, httpcore2.NetworkError):
            raise Broken(f"the cloud ({host}) broke off, or does not speak HTTP") from None

    async def _ask(self, body: bytes, answer: Answer, started: float) -> tuple[float | None, list[Call]]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        first_word_s: float | None = None
        async with self._connections.post(self.endpoint.completions_url, headers, body) as response:
            given = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            check_status(response.status, given)
            if given.get(b"content-encoding", "identity").lower() != "identity":
                raise Broken("the cloud's answer is compressed, which was not asked for")
            events = Events() if "text/event-stream" in given.get(b"content-type", "").lower() else None
            whole = bytearray()
            async for chunk in response.aiter_stream():
                if events is None:
                    whole += chunk
                    continue
                for data in events.feed(chunk):
                    answer.feed(data)
                    if answer.text and first_word_s is None:
                        first_word_s = time.perf_counter() - started
                if answer.done:
                    break
            for data in [bytes(whole)] if events is None else events.close():
                answer.feed(data)
        return first_word_s, answer.close()


def _with_bytes(error: CloudError, exchange: Exchange) -> CloudError:
    error.bytes_out, error.bytes_in = exchange.bytes_out, exchange.bytes_in
    return error


def _check_json(text: str) -> None:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise Broken("the cloud was to answer in JSON and did not") from None


def _is_untrusted(problem: BaseException | None) -> bool:
    """Whether a certificate is at the bottom of it."""
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False
