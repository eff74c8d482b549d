"""The writer against a stand-in that speaks the real protocol, and its faults."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.bigquery import BigQuery, BigQueryError, InvalidRowError, QueueFullError, RowError, Settings, read_columns
from runtime.bigquery.insert_all import InsertAll
from runtime.contract import BigQueryContract
from runtime.google_identity import AccessToken, GoogleIdentity
from runtime.resource import Resource
from runtime.testing.bigquery_server import BigQueryServer, Fault, bigquery_server

pytestmark = pytest.mark.anyio

CONTRACT = BigQueryContract("analytics", "accounts_prod")


@pytest.fixture
def server() -> Iterator[BigQueryServer]:
    with bigquery_server({"events": ["n", "who"], "other": ["n"]}) as server:
        yield server


class Tokens:
    async def fetch(self) -> AccessToken:
        return AccessToken("ya29.secret", 4_000_000_000.0)


class Writer:
    """A writer with what it reported and how long it paused."""

    def __init__(self, url: str, settings: dict[str, Any], arguments: dict[str, Any]) -> None:
        self.refused: list[RowError] = []
        self.pauses: list[float] = []
        chosen = Settings(**{"max_delay": 0.01, **settings})
        destination = InsertAll(
            CONTRACT, GoogleIdentity(Tokens()), chosen, url=url, sleep=self.sleep, jitter=lambda: 1.0, clock=lambda: 0.0
        )
        self.bigquery = BigQuery(destination, settings=chosen, on_refused=self.refused.append, **arguments)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@asynccontextmanager
async def writing(server: BigQueryServer, arguments: dict[str, Any] | None = None, **settings: Any) -> AsyncIterator[Writer]:
    writer = Writer(server.url, settings, arguments or {})
    await writer.bigquery.open()
    try:
        yield writer
    finally:
        await writer.bigquery.close()


async def test_rows_arrive_with_token_and_insert_id(server: BigQueryServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with writing(server) as writer:
        assert isinstance(writer.bigquery, Resource)
        await writer.bigquery.write("events", {"n": 1, "who": "x"})
        await writer.bigquery.write("other", {"n": 2})
        await writer.bigquery.flush()
        await writer.bigquery.check()
        assert server.rows == {"events": [{"n": 1, "who": "x"}], "other": [{"n": 2}]}
    assert set(server.authorizations) == {"Bearer ya29.secret"}
    ids = [row["insertId"] for request in server.requests for row in request["rows"]]
    assert len(set(ids)) == 2 and all(ids)
    assert "ya29" not in caplog.text


async def test_batches_by_count_by_bytes_and_by_time(server: BigQueryServer) -> None:
    async with writing(server, max_rows=3, max_delay=60) as writer:
        for n in range(7):
            await writer.bigquery.write("events", {"n": n})
        await writer.bigquery.flush()
    assert sorted(len(request["rows"]) for request in server.requests) == [1, 3, 3]
    server.requests.clear()
    async with writing(server, max_bytes=100, max_delay=60) as writer:
        for _ in range(4):
            await writer.bigquery.write("events", {"who": "x" * 35})
        await writer.bigquery.flush()
    assert [len(request["rows"]) for request in server.requests] == [2, 2]
    server.requests.clear()
    async with writing(server, max_delay=0.05) as writer:
        await writer.bigquery.write("events", {"n": 1})
        await writer.bigquery._queue.emptied()
    assert len(server.requests) == 1


async def test_a_full_queue_holds_the_writer_back_and_then_refuses(server: BigQueryServer) -> None:
    server.gate.clear()
    async with writing(server, queue_rows=5, wait_timeout=0.2) as writer:
        for n in range(5):
            await writer.bigquery.write("events", {"n": n})
        with pytest.raises(QueueFullError, match="5 rows .* wait for BigQuery, and none left within 0.2 s"):
            await writer.bigquery.write("events", {"n": 5})
        with pytest.raises(QueueFullError):
            await writer.bigquery.check()
        waiting = asyncio.create_task(writer.bigquery.write("events", {"n": 6}))
        await asyncio.sleep(0)
        server.gate.set()
        await waiting
    assert len(server.rows["events"]) == 6


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (Fault(503, "backendError"), 0.25),
        (Fault(429, headers={"Retry-After": "7"}), 7.0),
        (Fault(503, headers={"Retry-After": "Thu, 01 Jan 1970 00:00:09 GMT"}), 9.0),
        (Fault(403, "rateLimitExceeded"), 0.25),
        (Fault(200, body="<html>"), 0.25),
        (Fault(500, after_writing=True), 0.25),
        (Fault(429, headers={"Retry-After": "100000"}), 30.0),
    ],
    ids=str,
)
async def test_a_passing_fault_is_retried_and_nothing_is_written_twice(
    server: BigQueryServer, fault: Fault, pause: float
) -> None:
    server.faults.append(fault)
    async with writing(server) as writer:
        await writer.bigquery.write("events", {"n": 1})
        await writer.bigquery.flush()
        assert writer.pauses == [pause]
        await writer.bigquery.check()
    assert server.rows["events"] == [{"n": 1}]
    assert server.requests[0] == server.requests[1]
    assert writer.refused == []


async def test_retries_are_bounded_and_what_is_lost_is_reported(server: BigQueryServer) -> None:
    server.faults.extend([Fault(503, "backendError")] * 3)
    async with writing(server, retries=2) as writer:
        await writer.bigquery.write("events", {"n": 1})
        await writer.bigquery.flush()
        assert writer.pauses == [0.25, 0.5]
        assert [(error.row, error.table) for error in writer.refused] == [({"n": 1}, "events")]
        with pytest.raises(BigQueryError, match="1 rows for table events were not written: 503 backendError"):
            await writer.bigquery.check()
        await writer.bigquery.write("events", {"n": 2})
        await writer.bigquery.flush()
        await writer.bigquery.check()
    assert server.rows["events"] == [{"n": 2}]


async def test_what_can_not_pass_is_not_retried(server: BigQueryServer) -> None:
    async with writing(server) as writer:
        await writer.bigquery.write("nowhere", {"n": 1})
        await writer.bigquery.flush()
        assert writer.pauses == []
    assert len(server.requests) == 1
    assert "404 notFound" in writer.refused[0].reasons[0]


async def test_a_refused_row_is_reported_and_the_others_are_written(server: BigQueryServer) -> None:
    async with writing(server, max_delay=60) as writer:
        for row in ({"n": 1}, {"n": 2, "typo": "private"}, {"n": 3}):
            await writer.bigquery.write("events", row)
        await writer.bigquery.flush()
    assert server.rows["events"] == [{"n": 1}, {"n": 3}]
    assert [(error.row["n"], error.reasons) for error in writer.refused] == [(2, ("invalid: typo",))]


async def test_stopped_rows_are_sent_again(server: BigQueryServer) -> None:
    stopped = {"insertErrors": [
        {"index": 0, "errors": [{"reason": "invalid", "location": "n", "message": "x"}]},
        {"index": 1, "errors": [{"reason": "stopped", "location": "", "message": ""}]},
    ]}  # fmt: skip
    server.faults.append(Fault(200, body=json.dumps(stopped)))
    async with writing(server, max_delay=60) as writer:
        await writer.bigquery.write("events", {"n": 1})
        await writer.bigquery.write("events", {"n": 2})
        await writer.bigquery.flush()
    assert [error.row for error in writer.refused] == [{"n": 1}]
    assert server.rows["events"] == [{"n": 2}]


async def test_the_end_sends_what_is_left(server: BigQueryServer) -> None:
    async with writing(server, max_delay=60) as writer:
        for n in range(10):
            await writer.bigquery.write("events", {"n": n})
        assert server.requests == []
    assert len(server.rows["events"]) == 10
    with pytest.raises(BigQueryError, match="closed"):
        await writer.bigquery.write("events", {"n": 1})


async def test_the_end_has_an_end_and_reports_what_was_not_sent(server: BigQueryServer) -> None:
    server.gate.clear()
    async with writing(server, close_timeout=0.2, max_delay=60) as writer:
        await writer.bigquery.write("events", {"n": 1})
        await writer.bigquery.write("other", {"n": 2})
    assert sorted(error.row["n"] for error in writer.refused) == [1, 2]
    assert writer.bigquery.waiting == 0


async def test_rows_are_checked_against_their_table(server: BigQueryServer) -> None:
    schemas = {"events": read_columns('[{"name": "n", "type": "INT64", "mode": "REQUIRED"}]')}
    async with writing(server, {"schemas": schemas}) as writer:
        with pytest.raises(InvalidRowError, match="who: no such column; expected one of n; n: found nothing; expected INT64"):
            await writer.bigquery.write("events", {"who": "x"})
        with pytest.raises(InvalidRowError, match=r"no such table \(there are: events\); add bigquery/evnts.json"):
            await writer.bigquery.write("evnts", {"n": 1})
    assert server.requests == []


async def test_without_bigquery_rows_are_lines_of_a_file(tmp_path: Path) -> None:
    writer = BigQuery.local(tmp_path / "rows")
    await writer.open()
    await writer.write("events", {"n": 2**60, "raw": b"\x00"})
    await writer.close()
    assert (tmp_path / "rows" / "events.jsonl").read_text() == '{"n": "1152921504606846976", "raw": "AA=="}\n'


async def test_a_row_that_is_too_big_or_has_no_form_is_refused_at_once() -> None:
    writer = BigQuery.local(settings=Settings(max_row_bytes=20))
    with pytest.raises(InvalidRowError, match="it has 25 bytes; at most 20"):
        await writer.write("events", {"who": "x" * 15})
    with pytest.raises(InvalidRowError, match="object has no form in BigQuery"):
        await writer.write("events", {"who": object()})
    with pytest.raises(InvalidRowError, match="letters, digits and underscores"):
        await writer.write("../events", {"who": "x"})
