"""Events through a real PostgreSQL to BigQuery's stand-in, and everything that comes between."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest

from runtime.events import InvalidEventError, Settings
from runtime.events.conftest import Counted, OpenEvents, until
from runtime.events.outbox import Outbox
from runtime.resource import Resource
from runtime.testing.bigquery_server import BigQueryServer, Fault
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.telemetry import SOMEBODY, CapturedTelemetry

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)


def names(server: BigQueryServer) -> list[str]:
    return [row["name"] for row in server.rows["events"]]


async def test_an_event_arrives_as_the_schema_has_it(server: BigQueryServer, open_events: OpenEvents) -> None:
    telemetry = CapturedTelemetry()
    arguments = {"clock": lambda: NOW, "new_id": lambda: UUID(int=7)}
    async with open_events(arguments=arguments) as (events, _):
        assert isinstance(events, Resource)
        with telemetry.telemetry.tracers.get_tracer("t").start_as_current_span("request") as span:
            await events.record("user.signed_up", {"plan": "free", "seats": 3, "tags": ["a"]}, actor="user:1")
        await until(lambda: server.rows["events"])
        await events.check()
    assert server.rows["events"] == [
        {
            "id": str(UUID(int=7)), "time": "2026-01-02T03:04:05.006000+00:00", "name": "user.signed_up",
            "actor": "user:1", "properties": json.dumps({"plan": "free", "seats": 3, "tags": ["a"]}),
            "service": "sample", "environment": "test", "version": "1.0", "trace_id": f"{span.get_span_context().trace_id:032x}",
        }
    ]  # fmt: skip
    assert [row["insertId"] for row in server.requests[0]["rows"]] == [str(UUID(int=7))]


async def test_an_event_is_kept_if_and_only_if_its_transaction_is(
    server: BigQueryServer, open_events: OpenEvents, database: str
) -> None:
    async with open_events() as (events, postgres):
        with pytest.raises(ZeroDivisionError):
            async with postgres[database].transaction() as connection:
                await events.record("order.placed", connection=connection)
                raise ZeroDivisionError
        async with postgres[database].transaction() as connection:
            await events.record("order.paid", connection=connection)
            await events.flush()
            assert server.requests == []
        await until(lambda: server.rows["events"])
    assert names(server) == ["order.paid"]


async def test_events_leave_in_batches_and_in_order(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str
) -> None:
    async with open_events(batch=3, interval=60, gather=60) as (events, _):
        for number in range(7):
            await events.record(f"step.n{number}")
        await events.flush()
    assert [len(request["rows"]) for request in server.requests] == [3, 3, 1]
    assert names(server) == [f"step.n{number}" for number in range(7)]
    assert postgres_server.value("SELECT count(*) FROM runtime.events", database) == 0


async def test_twenty_instances_start_together_and_deliver_each_event_once(
    server: BigQueryServer, open_events: OpenEvents
) -> None:
    server.faults.extend([Fault(503, "backendError"), Fault(500, after_writing=True)] * 5)
    opened = [open_events(batch=5) for _ in range(20)]
    instances = await asyncio.gather(*(each.__aenter__() for each in opened))
    await asyncio.gather(*(events.record("step.done", {"n": n}) for n in range(10) for events, _ in instances))
    await until(lambda: len(server.rows["events"]) >= 200)
    await asyncio.gather(*(each.__aexit__(None, None, None) for each in opened))
    assert len(server.rows["events"]) == 200
    assert len({row["id"] for row in server.rows["events"]}) == 200


async def test_instances_that_claim_at_once_claim_different_events(
    server: BigQueryServer, open_events: OpenEvents, database: str
) -> None:
    async with open_events(interval=60, gather=60) as (events, postgres):
        for number in range(60):
            await events.record("step.done", {"n": number})
        outboxes = [Outbox(postgres[database], SOMEBODY, Settings()) for _ in range(12)]
        claims = await asyncio.gather(*(outbox.claim(5) for outbox in outboxes))
        claimed = [event.properties["n"] for claim in claims if claim is not None for event in claim.events]
        assert sorted(claimed) == list(range(60))
        assert await outboxes[0].claim(5) is None


async def test_bigquery_away_for_long_costs_no_event_and_few_log_lines(
    server: BigQueryServer, open_events: OpenEvents, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runtime.events")
    server.faults.extend([Fault(503, "backendError")] * 40)
    async with open_events(refusals=1) as (events, _):
        for _ in range(3):
            await events.record("step.done")
        await until(lambda: len(server.rows["events"]) == 3)
    said = [record.getMessage() for record in caplog.records if record.name == "runtime.events"]
    assert len([text for text in said if text.startswith("events wait, none is lost: ")]) == 1
    assert said[-1] == "events are shipped again"


async def test_a_full_outbox_drops_what_is_new_and_says_so(
    server: BigQueryServer, open_events: OpenEvents, caplog: pytest.LogCaptureFixture, dropped: Counted
) -> None:
    server.faults.extend([Fault(404, "notFound")] * 1000)
    async with open_events(max_waiting=5, retry_base=0.01) as (events, _):
        for number in range(8):
            await events.record("step.done", {"n": number})
        await until(lambda: "python -m runtime.events schema" in caplog.text)
        server.faults.clear()
        # A look at the table while events come may miss some of them: the bound is none to the event.
        kept = 8 - dropped.counts[(("reason", "full"),)]
        assert 5 <= kept < 8
        await until(lambda: len(server.rows["events"]) == kept)
        await events.flush()
        await events.record("step.after")
        await events.flush()
    assert [json.loads(row["properties"]).get("n") for row in server.rows["events"]] == [*range(kept), None]
    assert "events are dropped: " in caplog.text


async def test_an_event_that_is_refused_again_and_again_dies_and_is_kept(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    server.tables["events"].discard("actor")
    async with open_events(refusals=2) as (events, _):
        await events.record("good.one")
        await until(lambda: postgres_server.value("SELECT count(*) FROM runtime.dead_events", database) == 1)
    dead = postgres_server.value("SELECT name || ': ' || reason FROM runtime.dead_events", database)
    assert dead == "good.one: invalid: actor"
    assert "event good.one" in caplog.text and "is dead: invalid: actor" in caplog.text


async def test_a_request_that_is_not_read_is_halved_until_the_one_at_fault_is_found(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str
) -> None:
    answer = server.answer

    def picky(path: str, body: dict[str, object]) -> tuple[int, object, str]:
        if "poison" in json.dumps(body):
            server.requests.append(body)
            return 400, {}, '{"error": {"code": 400, "message": "no", "errors": [{"reason": "invalid"}]}}'
        return answer(path, body)

    server.answer = picky  # type: ignore[method-assign,assignment]
    async with open_events(refusals=1, gather=60) as (events, _):
        for number in range(8):
            await events.record("step.poison" if number == 5 else "step.fine")
        await events.flush()
        assert names(server) == ["step.fine"] * 7
        assert postgres_server.value("SELECT name FROM runtime.dead_events", database) == "step.poison"
    assert len(server.requests) == 1 + 2 + 2 + 2


async def test_without_the_database_events_wait_in_memory_within_bounds(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, dropped: Counted
) -> None:
    async with FaultProxy(postgres_server.host, postgres_server.port) as proxy:
        async with open_events(port=proxy.port, max_held=3, record_wait=0.1) as (events, _):
            proxy.cut()
            for number in range(5):
                await events.record("step.done", {"n": number})
            await events.check()
            proxy.mend()
            await until(lambda: len(server.rows["events"]) == 3)
    assert [json.loads(row["properties"])["n"] for row in server.rows["events"]] == [0, 1, 2]
    assert dropped.counts == {(("reason", "unavailable"),): 2}


async def test_the_end_delivers_what_waits_and_gives_back_what_it_can_not(
    server: BigQueryServer, open_events: OpenEvents, postgres_server: PostgresServer, database: str
) -> None:
    async with open_events(gather=60) as (events, _):
        await events.record("step.last")
    assert names(server) == ["step.last"]
    server.gate.clear()
    async with open_events(close_timeout=0.3) as (events, _):
        await events.record("step.later")
        await until(lambda: len(server.authorizations) == 2)
    due = "SELECT count(*) FROM runtime.events WHERE due_at <= now() AND claim IS NULL"
    assert postgres_server.value(due, database) == 1


async def test_what_is_no_event_is_kept_nowhere(open_events: OpenEvents, server: BigQueryServer) -> None:
    async with open_events() as (events, _):
        with pytest.raises(InvalidEventError, match="the name is none"):
            await events.record("User signed up")
        await events.flush()
    assert server.requests == []
