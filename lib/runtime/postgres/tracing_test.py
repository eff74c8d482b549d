"""Spans and metrics as a collector gets them: statements without arguments, pools with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from opentelemetry import metrics
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql

from runtime import pools
from runtime.postgres import tracing
from runtime.postgres.conftest import OpenPostgres

SECRET = "a.person@example.com"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def everything(spans: InMemorySpanExporter) -> str:
    return "".join(span.to_json() for span in spans.get_finished_spans())


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    return next(span for span in spans.get_finished_spans() if span.name == name)


@pytest.mark.anyio
async def test_a_statement_is_a_span_without_its_arguments(
    open_postgres: OpenPostgres, database: str, spans: InMemorySpanExporter
) -> None:
    async with open_postgres() as postgres, postgres[database].connection() as connection:
        await connection.execute("CREATE TABLE people (email text UNIQUE)")
        await connection.execute("INSERT INTO people VALUES (%s)", [SECRET])
        await connection.cursor().executemany("INSERT INTO people VALUES (%(e)s)", [{"e": SECRET + "2"}])
        composed = sql.SQL("DELETE FROM {} WHERE email = {}").format(sql.Identifier("people"), sql.Literal(SECRET + "3"))
        await connection.execute(composed)
        with pytest.raises(psycopg.errors.UniqueViolation, match=SECRET):
            await connection.execute("INSERT INTO people VALUES (%s)", [SECRET])
        await connection.rollback()
    text = everything(spans)
    assert SECRET not in text
    insert = named(spans, f"INSERT {database}")
    assert insert.attributes is not None
    assert dict(insert.attributes) == {
        "db.system.name": "postgresql",
        "db.namespace": database,
        "server.address": "127.0.0.1",
        "db.operation.name": "INSERT",
        "db.query.text": "INSERT INTO people VALUES (%s)",
    }
    delete = named(spans, f"DELETE {database}").attributes or {}
    assert delete["db.query.text"] == 'DELETE FROM "people" WHERE email = ?'
    failed = [span for span in spans.get_finished_spans() if not span.status.is_ok and span.status.description]
    assert [(span.attributes or {})["db.response.status_code"] for span in failed] == ["23505"]
    assert failed[0].status.description == "UniqueViolation"


@pytest.mark.anyio
async def test_arguments_are_recorded_where_asked_for(
    open_postgres: OpenPostgres, database: str, spans: InMemorySpanExporter
) -> None:
    async with open_postgres(settings={"trace_arguments": True}) as postgres:
        async with postgres[database].connection() as connection:
            await connection.execute("SELECT %s::text", ["x" * 500])
    recorded = named(spans, f"SELECT {database}").attributes or {}
    found = [span for span in spans.get_finished_spans() if "db.query.parameter.0" in (span.attributes or {})]
    assert len(found) == 1 and (found[0].attributes or {})["db.query.parameter.0"] == "x" * 240, recorded


@pytest.mark.anyio
async def test_pools_are_measured_while_they_are_open(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(pool_size=3) as postgres:
        async with postgres[database].connection():
            assert postgres[database].usage().in_use == 1
            observed = {
                callback.__name__: [(o.value, dict(o.attributes or {})) for o in callback(metrics.CallbackOptions())]
                for callback in (pools._connections, pools._waiting, pools._sizes)
            }
    pool = {"db.client.connection.pool.name": f"postgres/{database}"}
    used = (1, {**pool, "db.client.connection.state": "used"})
    assert used in observed["_connections"]
    assert observed["_waiting"] == [(0, pool)]
    assert observed["_sizes"] == [(3, pool)]
    assert list(pools._sizes(metrics.CallbackOptions())) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("  SELECT 1 ", "SELECT 1"),
        (b"SELECT 1", "SELECT 1"),
        (sql.SQL("SELECT {}").format(sql.Literal("secret")), "SELECT ?"),
        (sql.SQL("SELECT {}").format(sql.Placeholder("name")), "SELECT %(name)s"),
        (sql.SQL(", ").join([sql.Literal(1), sql.Identifier("a b")]), '?, "a b"'),
    ],
)
def test_text_of_a_statement(query: Any, expected: str) -> None:
    assert tracing.query_text(query) == expected
