"""The cloud model behind a real endpoint: what leaves, what comes back, and what becomes of every way to fail."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from alpenglow.assistant.cloud.breaker import Breaker
from alpenglow.assistant.cloud.client import Cloud
from alpenglow.assistant.cloud.connection import Connections
from alpenglow.assistant.cloud.consent import CLOUD_MODEL
from alpenglow.assistant.cloud.endpoint import Endpoint, Limits
from alpenglow.assistant.cloud.errors import (
    Broken,
    Limited,
    NoConsent,
    NotRecorded,
    NotRedacted,
    NotSent,
    OverBudget,
    Refused,
    Resting,
    TimedOut,
    TooLarge,
    Unreachable,
)
from alpenglow.assistant.cloud.redaction import Redactor
from alpenglow.assistant.cloud.request import Request, Tool

from .recorder import DONE, STOP, call, event, message, recording, says, streams, word

TOOLS = (Tool(name="set_fan", description="Set the fan.", parameters={"type": "object", "properties": {}}),)


def question(text: str = "Will it rain?", **more) -> Request:
    return Request(messages=[{"role": "user", "content": text}], **more)


async def ask(cloud: Cloud, request: Request | None = None, **more):
    return await cloud.complete(
        request or question(), profile="owner", redactor=more.pop("redactor", Redactor()), **more
    )


class TestWhatComesBack:
    async def test_a_stream_is_shown_as_it_comes_and_given_back_whole(self, client, agreed):
        shown = []
        async with recording(streams(word("It will "), b": ping\r\n\r\n", word("not."), STOP, DONE)) as recorder:
            reply = await ask(client(recorder), on_text=shown.append)
        assert reply.text == "It will not."
        assert shown == ["It will ", "not."]
        assert reply.finish == "stop"
        assert recorder.heads[0].startswith("POST /v1/chat/completions HTTP/1.1")
        assert recorder.bodies[0]["stream"] is True

    @pytest.mark.parametrize("size", [1, 2, 3, 7])
    async def test_a_stream_may_be_cut_anywhere(self, client, agreed, size):
        whole = word("größe 你好") + call("set_fan", '{"level": 3}') + STOP + DONE
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        async with recording(streams(*pieces)) as recorder:
            reply = await ask(client(recorder), question(tools=TOOLS))
        assert reply.text == "größe 你好"
        assert [(made.name, made.arguments) for made in reply.calls] == [("set_fan", {"level": 3})]

    async def test_an_answer_that_comes_at_once_is_taken_though_a_stream_was_asked_for(self, client, agreed):
        async with recording(says(message("No."))) as recorder:
            reply = await ask(client(recorder))
        assert (reply.text, reply.prompt_tokens, reply.generated_tokens) == ("No.", 12, 3)

    async def test_what_a_model_thinks_is_hidden(self, client, agreed):
        shown = []
        thought = event({"choices": [{"index": 0, "delta": {"reasoning_content": "secret"}}]})
        stream = streams(thought, word("<thi"), word("nk>secret</th"), word("ink>Yes."), STOP, DONE)
        async with recording(stream) as recorder:
            reply = await ask(client(recorder), on_text=shown.append)
        assert reply.text == "".join(shown) == "Yes."

    async def test_arguments_that_arrive_in_pieces_make_one_call(self, client, agreed):
        def part(function, **more):
            return event(
                {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": function, **more}]}}]}
            )

        pieces = [
            part({"name": "set_fan", "arguments": ""}, id="a"),
            part({"arguments": '{"lev'}),
            part({"arguments": 'el":2}'}),
        ]
        async with recording(streams(*pieces, STOP, DONE)) as recorder:
            reply = await ask(client(recorder), question(tools=TOOLS))
        assert reply.calls[0].arguments == {"level": 2}

    async def test_tools_and_a_schema_are_sent_in_the_protocols_form(self, client, agreed):
        schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
        async with recording(says(message('{"ok": true}'))) as recorder:
            await ask(client(recorder), question(tools=TOOLS, must_call=True, schema=schema))
        (body,) = recorder.bodies
        assert body["tools"][0]["function"]["name"] == "set_fan"
        assert body["tool_choice"] == "required"
        assert body["response_format"]["json_schema"]["schema"] == schema

    async def test_the_key_is_sent_and_kept_nowhere(self, client, agreed, ledger, monkeypatch, tmp_path):
        monkeypatch.setenv("CLOUD_KEY", "sk-very-secret")
        async with recording(says(message("No."))) as recorder:
            cloud = client(recorder, key_env="CLOUD_KEY")
            await ask(cloud)
            recorder.behaviour = says(b'{"error": "bad key sk-very-secret"}', status="401 Unauthorized")
            with pytest.raises(Refused) as refused:
                await ask(cloud)
        assert "Authorization: Bearer sk-very-secret" in recorder.heads[0]
        assert "sk-very-secret" not in str(refused.value)
        assert b"sk-very-secret" not in ledger.export()
        assert not any(b"sk-very-secret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


class TestWhatLeaves:
    async def test_without_consent_there_is_not_even_a_connection(self, client, ledger):
        async with recording(says(message("No."))) as recorder:
            with pytest.raises(NoConsent):
                await ask(client(recorder))
            await asyncio.sleep(0)
        assert recorder.received == []
        assert ledger.entries() == []

    async def test_the_ledger_has_every_byte_that_the_endpoint_saw(self, client, agreed, ledger):
        behaviours = [
            says(message("No.")),
            streams(word("Yes."), STOP, DONE),
            says(b"", status="500 Oops"),
            says(b"", status="401 Unauthorized"),
            streams(word("cut off")),
        ]
        raised = 0
        async with recording(behaviours[0]) as recorder:
            for behaviour in behaviours:
                recorder.behaviour = behaviour
                cloud = client(recorder)  # with a breaker that has seen nothing yet
                try:
                    reply = await ask(cloud, question("What about 52.520008, 13.404954?"))
                    raised += reply.bytes_out
                except (Broken, Refused) as error:
                    raised += error.bytes_out
        assert ledger.bytes_out() == recorder.bytes == raised
        entries = ledger.entries()
        assert [entry.body for entry in reversed(entries)] == recorder.texts
        assert len(entries) == len(behaviours)
        assert ledger.verify() == []

    async def test_private_things_stay_and_come_back_in_the_answer(self, client, agreed, ledger):
        redactor = Redactor(names=["Kim Müller"])
        shown = []
        answer = streams(word("Call "), word("⟨na"), word("me 1⟩ on ⟨phone 1"), word("⟩."), STOP, DONE)
        async with recording(answer) as recorder:
            text = "Text Kim Müller on 0176 1234567 that I am late"
            reply = await ask(client(recorder), question(text), redactor=redactor, on_text=shown.append)
        sent = recorder.texts[0]
        assert "Müller" not in sent
        assert "Kim" not in sent
        assert "1234567" not in sent
        assert reply.text == "".join(shown) == "Call Kim Müller on 0176 1234567."
        assert reply.redacted == {"name": 1, "phone": 1}
        assert ledger.entries()[0].redacted_says == "1 name, 1 phone"

    async def test_arguments_get_what_the_placeholders_stand_for(self, client, agreed):
        async with recording(says(message(calls=[("set_fan", '{"who": ["⟨email 1⟩"]}')]))) as recorder:
            reply = await ask(client(recorder), question("mail kim@example.com", tools=TOOLS))
        assert reply.calls[0].arguments == {"who": ["kim@example.com"]}
        assert "example.com" not in recorder.texts[0]

    async def test_earlier_calls_and_choices_of_a_tool_are_redacted_too(self, client, agreed):
        earlier = {
            "id": "c",
            "type": "function",
            "function": {"name": "set_fan", "arguments": '{"id": "+49 176 1234567"}'},
        }
        parameters = {"type": "object", "properties": {"who": {"type": "string", "enum": ["Kim", "Lee"]}}}
        request = Request(
            messages=[
                {"role": "system", "content": "You drive."},
                {"role": "user", "content": "Call 0176 1234567."},
                {"role": "assistant", "content": None, "tool_calls": [earlier]},
                {"role": "tool", "tool_call_id": "c", "content": "done"},
            ],
            tools=(Tool(name="set_fan", description="For Kim.", parameters=parameters),),
        )
        async with recording(says(message("Fine."))) as recorder:
            await ask(client(recorder), request, redactor=Redactor(names=["Kim"]))
        assert "1234567" not in recorder.texts[0]
        assert "Kim" not in recorder.texts[0]
        assert recorder.bodies[0]["messages"][0]["role"] == "system"
        assert [sent["role"] for sent in recorder.bodies[0]["messages"]].count("system") == 1

    async def test_a_message_that_nobody_can_redact_does_not_leave(self, client, agreed, ledger):
        picture = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}
        async with recording(says(message("No."))) as recorder:
            with pytest.raises(ValueError, match="content"):
                await ask(client(recorder), Request(messages=[picture]))
        assert recorder.received == []
        assert ledger.entries() == []

    async def test_what_cannot_be_taken_out_keeps_the_question_in_the_car(self, client, agreed, ledger):
        parameters = {"type": "object", "properties": {"0176 1234567": {"type": "string"}}}
        tools = (Tool(name="call", description="Call.", parameters=parameters),)
        async with recording(says(message("No."))) as recorder:
            with pytest.raises(NotRedacted, match="phone"):
                await ask(client(recorder), question("Call 0176 1234567", tools=tools))
        assert recorder.received == []
        assert ledger.entries() == []

    async def test_a_question_beyond_the_budget_does_not_leave(self, client, agreed):
        async with recording(says(message("No."))) as recorder:
            with pytest.raises(OverBudget):
                await ask(client(recorder), question("a" * 100_000))
            with pytest.raises(OverBudget, match="today"):
                await ask(client(recorder, limits={"daily_bytes": 50}))
        assert recorder.received == []

    async def test_todays_bytes_are_used_up_by_what_left_today(self, client, agreed):
        async with recording(says(message("No."))) as recorder:
            cloud = client(recorder, limits={"daily_bytes": 400})
            await ask(cloud)
            with pytest.raises(OverBudget):
                await ask(cloud)
        assert len(recorder.received) == 1

    async def test_no_ledger_no_bytes(self, client, agreed, ledger):
        async with recording(says(message("No."))) as recorder:
            cloud = client(recorder)
            ledger.close()
            with pytest.raises(NotRecorded):
                await ask(cloud)
        assert recorder.received == []

    async def test_the_connection_itself_sends_nothing_without_an_entry(self):
        async with recording(says(message("No."))) as recorder:
            connections = Connections(Endpoint(url=recorder.url, model="m"))
            with pytest.raises(NotRecorded):
                async with connections.post(recorder.url, {}, b"{}"):
                    pass
        assert recorder.received == []


class TestWithdrawing:
    async def test_stops_a_question_that_is_under_way(self, client, agreed, ledger):
        async with recording(streams(word("It"), end=False)) as recorder:
            cloud = client(recorder, limits={"silence_s": 60, "total_s": 60})
            asking = asyncio.create_task(ask(cloud))
            await recorder.asked.wait()
            agreed.set("owner", CLOUD_MODEL, False)
            with pytest.raises(NoConsent) as stopped:
                await asking
            with pytest.raises(NoConsent):
                await ask(cloud)
        assert stopped.value.bytes_out == recorder.bytes == ledger.bytes_out()
        assert ledger.entries()[0].outcome == "stopped"
        assert len(recorder.received) == 1

    async def test_before_anything_has_left_nothing_leaves(self, client, agreed, ledger):
        async with recording(says(message("No."))) as recorder:
            with closing(sqlite3.connect(ledger._path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")  # the entry has to wait to be written
                asking = asyncio.create_task(ask(client(recorder)))
                await asyncio.sleep(0.2)
                agreed.set("owner", CLOUD_MODEL, False)
            with pytest.raises(NoConsent) as stopped:
                await asking
        assert stopped.value.bytes_out == 0
        assert recorder.received == []
        assert [(entry.bytes_out, entry.outcome) for entry in ledger.entries()] == [(0, "stopped")]

    async def test_somebody_elses_question_goes_on(self, client, agreed):
        agreed.set("kim", CLOUD_MODEL, True)
        gate = asyncio.Event()

        async def behaviour(writer):
            await gate.wait()
            await says(message("No."))(writer)

        async with recording(behaviour) as recorder:
            cloud = client(recorder, limits={"silence_s": 60, "total_s": 60})
            asking = asyncio.create_task(ask(cloud))
            await recorder.asked.wait()
            agreed.set("kim", CLOUD_MODEL, False)
            gate.set()
            assert (await asking).text == "No."

    async def test_cancelling_the_asker_stops_the_question_and_completes_the_entry(self, client, agreed, ledger):
        async with recording(streams(end=False)) as recorder:
            asking = asyncio.create_task(ask(client(recorder, limits={"silence_s": 60, "total_s": 60})))
            await recorder.asked.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        assert ledger.entries()[0].outcome == "stopped"
        assert ledger.entries()[0].bytes_out == recorder.bytes

    async def test_an_asker_who_is_cancelled_as_well_is_cancelled(self, client, agreed):
        async with recording(streams(end=False)) as recorder:
            asking = asyncio.create_task(ask(client(recorder, limits={"silence_s": 60, "total_s": 60})))
            await recorder.asked.wait()
            asking.cancel()
            agreed.set("owner", CLOUD_MODEL, False)
            with pytest.raises(asyncio.CancelledError):
                await asking


async def hang(writer):
    await asyncio.Event().wait()


class TestFailures:
    @pytest.mark.parametrize(
        ("behaviour", "error", "says_so"),
        [
            (hang, TimedOut, "silent"),
            (streams(word("It"), end=False), TimedOut, "silent"),
            (streams(*[b":\n\n"] * 100, pause_s=0.1), TimedOut, "not done"),
            (says(b"", status="401 Unauthorized"), Refused, "401"),
            (says(b"", status="403 Forbidden"), Refused, "403"),
            (says(b"", status="429 Slow down"), Limited, "429"),
            (says(b"oops", status="500 Oops"), Broken, "500"),
            (says(b"", status="404 Where"), Broken, "404"),
            (says(b"", status="302 Found", headers="Location: http://127.0.0.1:1/\r\n"), Broken, "elsewhere"),
            (says(b"<html>"), Broken, "protocol"),
            (says(b"{}"), Broken, "cut off"),
            (says(b"\xff\xfe\x00"), Broken, "protocol"),
            (says(b"[" * 200_000), Broken, "protocol"),
            (says(b'{"choices": "none"}'), Broken, "protocol"),
            (says(b'{"error": {"message": "overloaded"}}'), Broken, "error"),
            (says(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n"), Broken, "compressed"),
            (streams(word("It will"), b"data: {garbage\n\n"), Broken, "protocol"),
            (streams(word("It will")), Broken, "cut off"),
            (streams(), Broken, "cut off"),
            (streams(event({"error": {"code": 500}})), Broken, "error"),
            (says(b"x" * 10_000_000), TooLarge, "1,000,000"),
            (streams(*[b"data: " + b"x" * 100_000] * 100), TooLarge, "1,000,000"),
            (streams(*[word("x" * 100_000)] * 100), TooLarge, "1,000,000"),
            (streams(word("<think>" + "x" * 99_999), word("x" * 99_999), STOP, DONE), TooLarge, "thought"),
            (says(message(calls=[("launch_missiles", "{}")])), Broken, "launch_missiles"),
            (says(message(calls=[("set_fan", "{level:")])), Broken, "not JSON"),
            (says(message(calls=[("set_fan", "[1]")])), Broken, "not JSON"),
            (streams(call("", "{}"), STOP, DONE), Broken, "no name"),
            (streams(call("set_fan", "{}", index=10**6), STOP, DONE), Broken, "calls at once"),
        ],
    )
    async def test_each_is_told_and_recorded(self, client, agreed, ledger, behaviour, error, says_so):
        async with recording(behaviour) as recorder:
            with pytest.raises(error, match=says_so) as failed:
                await ask(client(recorder), question(tools=TOOLS))
        assert len(recorder.received) == 1, "it was asked once"
        (entry,) = ledger.entries()
        assert entry.outcome.startswith(error.__name__)
        assert entry.bytes_out == failed.value.bytes_out == recorder.bytes
        assert entry.bytes_in == failed.value.bytes_in <= 1_000_001

    async def test_an_answer_that_was_to_be_json(self, client, agreed):
        async with recording(says(message("Sure! {"))) as recorder:
            with pytest.raises(Broken, match="JSON"):
                await ask(client(recorder), question(schema={"type": "object"}))

    async def test_what_does_not_speak_http(self, client, agreed):
        async def behaviour(writer):
            writer.write(b"SSH-2.0-OpenSSH\r\n")
            await writer.drain()

        async with recording(behaviour) as recorder:
            with pytest.raises(Broken):
                await ask(client(recorder))

    async def test_a_connection_that_is_closed_at_once(self, client, agreed):
        async def behaviour(writer):
            writer.transport.abort()

        async with recording(behaviour) as recorder:
            with pytest.raises(Broken):
                await ask(client(recorder))

    async def test_nobody_there(self, client, agreed, ledger):
        async with recording(hang) as recorder:
            cloud = client(recorder)
        with pytest.raises(Unreachable):
            await ask(cloud)
        assert ledger.bytes_out() == 0

    async def test_a_name_that_does_not_exist(self, agreed, ledger):
        endpoint = Endpoint(url="https://cloud.invalid/v1", model="m", limits=Limits(total_s=20))
        with pytest.raises((Unreachable, TimedOut)):
            await ask(Cloud(endpoint, ledger=ledger, consents=agreed))
        assert ledger.bytes_out() == 0

    async def test_the_asker_may_have_less_time_than_the_endpoint(self, client, agreed):
        async with recording(hang) as recorder:
            with pytest.raises(TimedOut, match=r"0\.1 s"):
                await ask(client(recorder, limits={"silence_s": 60, "total_s": 60}), deadline_s=0.1)


class TestBreaker:
    async def test_after_three_failures_the_endpoint_is_left_alone_then_tried_once(self, agreed, ledger):
        now = 100.0
        async with recording(says(b"", status="500 Oops")) as recorder:
            endpoint = Endpoint(url=recorder.url, model="m")
            cloud = Cloud(endpoint, ledger=ledger, consents=agreed, breaker=Breaker(lambda: now))
            for _ in range(3):
                with pytest.raises(Broken):
                    await ask(cloud)
            with pytest.raises(Resting, match="until") as resting:
                await ask(cloud)
            assert isinstance(resting.value, NotSent)
            assert resting.value.until > datetime.now(UTC)
            assert len(recorder.received) == 3
            now += 31
            with pytest.raises(Broken):
                await ask(cloud)
            now += 31
            with pytest.raises(Resting):  # it rests twice as long now
                await ask(cloud)
            now += 31
            recorder.behaviour = says(message("Back."))
            assert (await ask(cloud)).text == "Back."
            assert cloud.breaker.resting is None

    def test_only_one_question_tries_an_endpoint_that_has_rested(self):
        now = 0.0
        breaker = Breaker(lambda: now)
        breaker.check()
        breaker.failed(Refused("no"))
        now = 1000.0
        breaker.check()
        with pytest.raises(Resting, match="tried"):
            breaker.check()
        breaker.let_go()
        breaker.check()
        breaker.succeeded()
        breaker.check()
        breaker.check()

    async def test_it_waits_as_long_as_the_endpoint_says(self, agreed, ledger):
        now = 0.0
        async with recording(says(b"", status="429 Slow down", headers="Retry-After: 120\r\n")) as recorder:
            endpoint = Endpoint(url=recorder.url, model="m")
            cloud = Cloud(endpoint, ledger=ledger, consents=agreed, breaker=Breaker(lambda: now))
            with pytest.raises(Limited) as limited:
                await ask(cloud)
            assert limited.value.retry_after_s == 120
            now = 119.0
            with pytest.raises(Resting):
                await ask(cloud)
            now = 121.0
            recorder.behaviour = says(message("Now."))
            assert (await ask(cloud)).text == "Now."

    async def test_a_question_that_was_never_sent_is_no_failure(self, client, agreed):
        async with recording(says(message("No."))) as recorder:
            cloud = client(recorder)
            for _ in range(5):
                with pytest.raises(OverBudget):
                    await ask(cloud, question("a" * 100_000))
            assert (await ask(cloud)).text == "No."
