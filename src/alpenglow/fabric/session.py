"""The fabric: one Zenoh session per process.

    async with await Fabric.open("vehicle", endpoint, catalogue) as fabric:
        fabric.publish({"Vehicle.Speed": 31.2})
        fabric.read("Vehicle.Speed").value
        async for changes in fabric.follow("Vehicle.Body"): ...
        outcome = await fabric.actuate("Vehicle.Body.Lights.Beam.Low.IsOn", True)
        await fabric.serve(api.park, park)
        await fabric.call(api.park, space=3)

Rules that always hold:
- one event loop owns a Fabric; Zenoh's threads only put bytes into its inbox;
- publishing never waits: what a slow receiver cannot take is dropped, and it learns so from the sequence numbers;
- a receiver takes a signal from its owner only, whoever else the router may have let through.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Self

import msgspec

from alpenglow.fabric.actuation import Outcome
from alpenglow.fabric.endpoint import Endpoint, zenoh_config
from alpenglow.fabric.errors import (
    BadArguments,
    ErrorReply,
    NoProvider,
    NotPermitted,
    ServiceError,
    TimedOut,
)
from alpenglow.fabric.following import Changes, Follower, Stream, Streamed
from alpenglow.fabric.identities import DOOR, ROUTER, Identities, load_identities
from alpenglow.fabric.log import structlog
from alpenglow.fabric.receiving import Receiver
from alpenglow.fabric.service import Caller, Service
from alpenglow.fabric.wire import Batch, Snapshot, encode, machine_clock
from alpenglow.signals import BadValue, Catalogue, Quality, Sample, Table, Value, check_value

if TYPE_CHECKING:
    import zenoh

_INBOX = 4096  # batches; what comes on top is dropped and shows as a gap
_CALLS_AT_ONCE = 256  # per process; more are answered "busy"
_HOLD_PERIOD_S = 0.4  # below half of the shortest age limit of what is held (1 s)
_TIMEOUT_S = 5.0
# Two calls that left in good time can reach a busy router together, which then drops the second and ends it without an
# answer, as if nobody served it. Nobody has acted on it, so it is asked again after these pauses.
_AGAIN_S = (0.01, 0.05)
_LEARNING_S = 0.1

log = structlog.get_logger("fabric")


class Fabric:
    """One process's part of the fabric; see the module's text."""

    def __init__(self, identity: str, catalogue: Catalogue, identities: Identities) -> None:
        self.identity = identity
        self.catalogue = catalogue
        self.identities = identities
        self.table = Table(catalogue)
        self.received = Receiver(self.table, identities.owners(catalogue))
        self._mine = self.received.owned_by(identity)
        self._limits = bytearray(s.age_limit_s is not None for s in catalogue.signals)
        self._loop = asyncio.get_running_loop()
        self._inbox: deque[tuple[str, bytes]] = deque(maxlen=_INBOX)
        self._awake = False
        self._clock = machine_clock()
        self._session_id = random.getrandbits(48)
        self._seq = 0
        self._held: dict[int, Value] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._calls = 0
        rate = identities.table[identity].messages_per_s if identity in identities.table else None
        self._gap_s = 0.0 if rate is None else 1 / rate
        self._next_put = 0.0
        self._next_call = 0.0
        self._outbox: list[Sample] = []
        self._session: zenoh.Session | None = None
        self._publisher: zenoh.Publisher | None = None
        self._declared: list[Any] = []

    # -- opening and closing ---------------------------------------------------------------------------------------

    @classmethod
    async def open(
        cls, identity: str, endpoint: Endpoint, catalogue: Catalogue, identities: Identities | None = None
    ) -> "Fabric":
        """Join the fabric. A client waits for its router as long as it takes; cancel to give up.

        ConnectionError where the endpoint cannot be listened on.
        """
        import zenoh

        fabric = cls(identity, catalogue, identities or load_identities())
        config = zenoh.Config.from_json5(json.dumps(zenoh_config(identity, endpoint, fabric.identities)))
        while True:
            try:
                session = await asyncio.to_thread(zenoh.open, config)
                break
            except zenoh.ZError as error:
                if endpoint.listen:
                    where = ", ".join(endpoint.listen)
                    raise ConnectionError(f"fabric: cannot listen on {where}: {str(error).split(' at ')[0]}") from None
                await asyncio.sleep(0)  # the router is not there yet; here a cancelled caller gets out
        fabric._session = session
        remote = zenoh.Locality.REMOTE
        urgent = identity in (ROUTER, "vehicle")
        fabric._publisher = session.declare_publisher(
            f"signals/{identity}",
            congestion_control=zenoh.CongestionControl.DROP,
            priority=zenoh.Priority.REAL_TIME if urgent else zenoh.Priority.DATA,
            allowed_destination=remote,
        )
        fabric._declared.append(session.declare_subscriber("signals/*", fabric._receive, allowed_origin=remote))
        if fabric.identities.table[identity].provides:
            fabric._declared.append(session.declare_queryable(f"snapshot/{identity}/*", fabric._asked_snapshot))
        fabric._spawn(fabric._refresh_held())
        await fabric.refresh()
        return fabric

    async def close(self) -> None:
        """Leave the fabric."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        session, self._session = self._session, None
        if session is not None:
            await asyncio.to_thread(session.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # -- signals: publishing ---------------------------------------------------------------------------------------

    def publish(
        self,
        values: Mapping[str, Value | None],
        *,
        quality: Quality = Quality.VALID,
        time_ns: int | None = None,
    ) -> None:
        """Publish one batch. Each value is checked here, once: BadValue, UnknownSignal or NotPermitted, and nothing
        of the batch is sent. `None` with a quality other than VALID says that there is no value.
        """
        when = time.time_ns() if time_ns is None else time_ns
        samples: list[Sample] = []
        for path, value in values.items():
            signal = self.catalogue[path]
            index = self.catalogue.index_of[signal.path]
            if not self._mine[index]:
                raise NotPermitted(f"{self.identity} does not provide {signal.path}")
            if value is None and quality is Quality.VALID:
                raise BadValue(f"{signal.path}: no value, yet the quality is VALID")
            samples.append(Sample(index, None if value is None else check_value(signal, value), quality, when))
        self.publish_samples(samples)

    def publish_samples(self, samples: Sequence[Sample]) -> None:
        """Publish samples that their maker has checked; one batch."""
        if not samples:
            return
        self.received.take(samples, time.monotonic_ns())
        if not self._gap_s:
            self._send(samples)
            return
        # An identity with a limit paces itself: what comes too early waits and goes as one batch.
        self._outbox.extend(samples)
        now = self._loop.time()
        if now >= self._next_put:
            self._flush()
        elif len(self._outbox) == len(samples):
            self._loop.call_at(self._next_put, self._flush)

    def hold(self, values: Mapping[str, Value]) -> None:
        """Publish state that this process vouches for until it says otherwise: refreshed before it goes stale."""
        self.publish(values)
        for path in values:
            index = self.catalogue.index_of[self.catalogue[path].path]
            value = self.table.read_index(index).value
            if self._limits[index] and value is not None:
                self._held[index] = value

    def _flush(self) -> None:
        samples, self._outbox = self._outbox, []
        self._next_put = self._loop.time() + self._gap_s
        if samples:
            self._send(samples)

    def _send(self, samples: Sequence[Sample]) -> None:
        self._seq += 1
        batch = Batch(
            self.catalogue.fingerprint,
            self._session_id,
            self._seq,
            self._clock,
            time.monotonic_ns(),
            samples,  # type: ignore[arg-type]  # any sequence encodes as an array
        )
        if self._publisher is not None and self._session is not None:
            self._publisher.put(encode(batch))

    async def _refresh_held(self) -> None:
        while True:
            await asyncio.sleep(_HOLD_PERIOD_S)
            if self._held:
                now = time.time_ns()
                self.publish_samples([Sample(i, v, Quality.VALID, now) for i, v in self._held.items()])

    # -- signals: following ----------------------------------------------------------------------------------------

    def read(self, path: str) -> Any:
        """What `path` reads as now (a Reading): a look at this process's own table. KeyError: no such signal."""
        return self.table.read(path)

    def snapshot(self) -> dict[str, Any]:
        """Every signal that anything is known of: path → Reading."""
        table, signals, now = self.table, self.catalogue.signals, time.monotonic_ns()
        return {signals[row[0]].path: table.read_index(row[0], now) for row in table.known()}

    def follower(self, *patterns: str, changed: asyncio.Event | None = None) -> Follower:
        """A Follower of the signals that `patterns` name; end it with `unfollow`. UnknownSignal: nothing matches."""
        follower = Follower(self.table, [i for p in patterns for i in self.catalogue.match(p)], changed)
        self.received.feeds.append(follower)
        return follower

    def unfollow(self, feed: Follower | Stream) -> None:
        """Stop feeding a follower."""
        if feed in self.received.feeds:
            self.received.feeds.remove(feed)

    async def follow(self, *patterns: str) -> AsyncIterator[Changes]:
        """The latest readings of the named signals, first all that is known, then whenever any arrives."""
        follower = self.follower(*patterns)
        try:
            follower.feed([Sample(row[0], None, Quality.VALID, 0) for row in self.table.known()])
            async for changes in follower:
                yield changes
        finally:
            self.unfollow(follower)

    async def stream(self, *patterns: str) -> AsyncIterator[Streamed]:
        """Every sample of the named signals from now on, in order."""
        stream = Stream(self.table, [i for p in patterns for i in self.catalogue.match(p)])
        self.received.feeds.append(stream)
        try:
            async for streamed in stream:
                yield streamed
        finally:
            self.unfollow(stream)

    async def refresh(self) -> None:
        """Ask every owner for all that it last said: for a late starter, and after a loss."""
        for key, ok, payload in await self._get(f"snapshot/*/{self.identity}", b"", 1.0):
            if ok:
                self.received.snapshot(key.split("/")[1], payload)

    def _receive(self, sample: "zenoh.Sample") -> None:  # in a thread of Zenoh's
        self._inbox.append((str(sample.key_expr), sample.payload.to_bytes()))
        if not self._awake:
            self._awake = True
            self._soon(self._drain)

    def _drain(self) -> None:
        self._awake = False
        inbox = self._inbox
        for _ in range(len(inbox)):
            key, payload = inbox.popleft()
            if not self.received.batch(key[8:], payload):  # after "signals/"
                self._spawn(self.refresh())

    def _asked_snapshot(self, query: "zenoh.Query") -> None:  # in a thread of Zenoh's
        self._soon(self._answer_snapshot, query)

    def _answer_snapshot(self, query: "zenoh.Query") -> None:
        rows = [row for row in self.table.known() if self._mine[row[0]]]
        snapshot = Snapshot(
            self.catalogue.fingerprint,
            self._session_id,
            self._seq,
            self._clock,
            time.monotonic_ns(),
            rows,
        )
        caller = str(query.key_expr).split("/")[-1]
        with query:
            query.reply(f"snapshot/{self.identity}/{caller}", encode(snapshot))

    # -- services --------------------------------------------------------------------------------------------------

    async def call[**P, R](self, service: Service[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a service and return its result; a ServiceError says why not."""
        if not self.identities.may_call(self.identity, service.name):
            raise NotPermitted(f"{self.identity} may not call {service.name}")
        key = f"call/{service.room}/{service.function}/{self.identity}"
        payload = await self._ask(key, service.pack(*args, **kwargs), service.name, service.timeout_s)
        return service.result(payload)

    async def call_named(self, service: Service[..., Any], arguments: object) -> Any:
        """Call a service with arguments that came as JSON; as `call` otherwise."""
        call: Any = self.call
        return await call(service, **service.convert(arguments))

    async def actuate(self, path: str, value: Value) -> Outcome:
        """Ask the door to set an actuator; what became of it."""
        return msgspec.msgpack.decode(await self._command("actuate", {"path": path, "value": value}), type=Outcome)

    async def actuate_all(self, values: Mapping[str, Value]) -> list[Outcome]:
        """Ask the door to set so many actuators at once, in one message; what became of each, in the same order."""
        return msgspec.msgpack.decode(await self._command("actuate_all", {"values": values}), type=list[Outcome])

    async def _command(self, function: str, arguments: Mapping[str, Any]) -> bytes:
        service = f"{DOOR}.{function}"
        if not self.identities.may_call(self.identity, service):
            raise NotPermitted(f"{self.identity} may not move anything: it may not call {service}")
        return await self._ask(f"call/{DOOR}/{function}/{self.identity}", encode(arguments), service)

    async def write(self, path: str, value: Value, timeout_s: float = 1.0) -> None:
        """Have the owner of `path` move it. For the door alone: the router passes nobody else's."""
        owner = self.identities.owner_of(path)
        if owner is None:
            raise NoProvider(f"nothing provides {path}")
        await self._ask(f"write/{owner}/{self.identity}", encode([path, value]), f"{owner}'s actuators", timeout_s)

    async def serve[**P, R](
        self, service: Service[P, R], handler: Callable[Concatenate[Caller, P], Awaitable[R]]
    ) -> None:
        """Answer calls of `service` with `handler`, whose first argument is the caller's proven identity."""
        handle: Callable[..., Awaitable[R]] = handler

        async def answer(caller: Caller, payload: bytes) -> bytes:
            return encode(await handle(caller, **service.unpack(payload)))

        self._declare_queryable(f"call/{service.room}/{service.function}/*", answer)

    async def provide(self, write: Callable[[str, Value], Awaitable[None]]) -> None:
        """Take actuation of this identity's signals, from the door alone. `write` raises ServiceError if it cannot."""
        decode = msgspec.msgpack.Decoder(tuple[str, Value]).decode

        async def answer(_door: Caller, payload: bytes) -> bytes:
            try:
                path, value = decode(payload)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadArguments(f"write: {error}") from None
            await write(path, value)
            return b""

        self._declare_queryable(f"write/{self.identity}/{DOOR}", answer)

    def _declare_queryable(self, key: str, answer: Callable[[Caller, bytes], Awaitable[bytes]]) -> None:
        def asked(query: "zenoh.Query") -> None:  # in a thread of Zenoh's
            payload = query.payload
            self._soon(self._start_answer, answer, query, b"" if payload is None else payload.to_bytes())

        if self._session is None:
            raise RuntimeError("the fabric is closed")
        self._declared.append(self._session.declare_queryable(key, asked))

    def _start_answer(
        self, answer: Callable[[Caller, bytes], Awaitable[bytes]], query: "zenoh.Query", payload: bytes
    ) -> None:
        if self._calls >= _CALLS_AT_ONCE:
            with query:
                query.reply_err(encode(ErrorReply("Failed", f"{self.identity} is busy, try again")))
            return
        self._calls += 1
        self._spawn(self._answer(answer, query, payload))

    async def _answer(
        self, answer: Callable[[Caller, bytes], Awaitable[bytes]], query: "zenoh.Query", payload: bytes
    ) -> None:
        key = str(query.key_expr)
        try:
            with query:
                try:
                    query.reply(key, await answer(key.rsplit("/", 1)[1], payload))
                except ServiceError as error:
                    query.reply_err(encode(ErrorReply.of(error)))
                except Exception as error:  # a bug in a handler answers its caller and stays in the log
                    log.exception("service failed", key=key)
                    query.reply_err(encode(ErrorReply("Failed", f"{self.identity}: {type(error).__name__}")))
        finally:
            self._calls -= 1

    async def _ask(self, key: str, payload: bytes, what: str, timeout_s: float = _TIMEOUT_S) -> bytes:
        if self._gap_s:
            now = self._loop.time()
            due, self._next_call = self._next_call, max(now, self._next_call) + self._gap_s
            if due > now:
                await asyncio.sleep(due - now)
        started = self._loop.time()
        replies = await self._get(key, payload, timeout_s, one=True)
        if self._gap_s:
            for pause_s in _AGAIN_S:
                if replies or self._loop.time() - started >= timeout_s / 2:
                    break
                await asyncio.sleep(pause_s)
                replies = await self._get(key, payload, timeout_s, one=True)
        if not replies and self._loop.time() - started < timeout_s / 2:
            replies = await self._get_afresh(key, payload, timeout_s)
        if not replies:
            if self._loop.time() - started >= 0.9 * timeout_s:
                raise TimedOut(f"{what} did not answer within {timeout_s:g} s")
            raise NoProvider(f"{what} cannot be reached: it is not running, or {self.identity} may not use it")
        _, ok, answer = replies[0]
        if ok:
            return answer
        try:
            reply = msgspec.msgpack.decode(answer, type=ErrorReply)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # Zenoh's own error replies are plain text, for instance when the time is up.
            raise TimedOut(f"{what} did not answer within {timeout_s:g} s") from None
        raise reply.error()

    async def _get_afresh(self, key: str, payload: bytes, timeout_s: float) -> list[tuple[str, bool, bytes]]:
        """`_get`, after the router was asked anew who serves `key`.

        Now and then a Zenoh client never learns of a queryable that was declared while it connected, and from then on
        answers its own queries with nothing (seen with 1.10.2, once in hundreds of starts).
        """
        if self._session is None:
            return []
        with self._session.declare_querier(key):
            await asyncio.sleep(_LEARNING_S)
            return await self._get(key, payload, timeout_s, one=True)

    async def _get(
        self, key: str, payload: bytes, timeout_s: float, *, one: bool = False
    ) -> list[tuple[str, bool, bytes]]:
        """The answers to a query: key, whether it was done, payload. With `one`, do not wait for a second answer."""
        import zenoh

        if self._session is None:
            raise NoProvider("the fabric is closed")
        done: asyncio.Future[None] = self._loop.create_future()
        replies: list[tuple[str, bool, bytes]] = []

        def replied(reply: zenoh.Reply) -> None:  # in a thread of Zenoh's
            if reply.ok is not None:
                replies.append((str(reply.ok.key_expr), True, reply.ok.payload.to_bytes()))
            elif reply.err is not None:
                replies.append(("", False, reply.err.payload.to_bytes()))
            if one:
                self._soon(finish)

        def finish() -> None:
            if not done.done():
                done.set_result(None)

        self._session.get(
            key,
            zenoh.handlers.Callback(replied, lambda: self._soon(finish), indirect=False),
            payload=payload,
            timeout=timeout_s,
            consolidation=zenoh.ConsolidationMode.NONE,
            allowed_destination=zenoh.Locality.ANY if key.startswith("call/") else zenoh.Locality.REMOTE,
        )
        with contextlib.suppress(TimeoutError):
            # Zenoh ends the query by itself; the margin is for a session that was cut.
            await asyncio.wait_for(done, timeout_s + 0.5)
        return list(replies)

    # -- threads and tasks -----------------------------------------------------------------------------------------

    def _soon(self, function: Callable[..., None], *args: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            if not (self._loop.is_closed() or sys.is_finalizing()):
                raise

    def _spawn(self, work: Any) -> None:
        # Begun at once: a call is answered one turn of the loop sooner.
        task: asyncio.Task[Any] = asyncio.Task(work, loop=self._loop, eager_start=True)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None and self._session is not None:
            log.error("fabric task failed", error=repr(task.exception()))
