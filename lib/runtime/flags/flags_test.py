"""Flags with overrides in a real PostgreSQL, through OpenFeature."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.flag_evaluation import Reason

from runtime.contract import PostgresContract
from runtime.flags import Flags, UnknownFlagError, read_flags
from runtime.flags.cli import main
from runtime.flags.conftest import FLAGS, WriteFlags
from runtime.flags.overrides import EVERYBODY, OverrideStore
from runtime.postgres import Postgres
from runtime.postgres import Settings as PostgresSettings
from runtime.resource import Resource
from runtime.runtime import Runtime
from runtime.service import App, Service
from runtime.testing.contracts import fake_runtime
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.fixed import FixedClock
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.telemetry import CapturedTelemetry

pytestmark = pytest.mark.anyio


class Opened:
    """An instance's flags, with a clock of their own."""

    def __init__(self, flags: Flags, store: OverrideStore, clock: FixedClock) -> None:
        self.flags = flags
        self.store = store
        self.clock = clock

    async def on(self, **asking: Any) -> bool:
        return await self.flags.boolean("new_checkout", **asking)


@asynccontextmanager
async def opened(server: PostgresServer, database: str, file: WriteFlags, port: int | None = None) -> AsyncIterator[Opened]:
    contract = PostgresContract("", "", "", None, 2, (database,), server.dsn("{database}", port=port))
    postgres = Postgres(
        contract, application_name="flags", on_platform=False, settings=PostgresSettings(unavailable_wait=0.1)
    )
    await postgres.open()
    store, clock = OverrideStore(postgres[database]), FixedClock()
    flags = Flags(read_flags(file(FLAGS)), store, clock=clock, today=lambda: date(2026, 4, 1))
    await flags.open()
    try:
        yield Opened(flags, store, clock)
    finally:
        await flags.close()
        await postgres.close()


async def test_values_of_every_type(flags_file: WriteFlags, caplog: pytest.LogCaptureFixture) -> None:
    flags = Flags(read_flags(flags_file(FLAGS)), today=lambda: date(2026, 4, 1))
    assert isinstance(flags, Resource)
    await flags.open()
    assert await flags.boolean("new_checkout", actor="user:1") is True
    assert await flags.boolean("new_checkout") is False
    assert await flags.string("button", actor="user:1") in ("#888", "#f00")
    assert await flags.number("limit") == 1.0
    texts = await flags.object("texts")
    texts["title"] = "changed by the caller"
    assert await flags.object("texts") == {"title": "Hi"}
    await flags.check()
    assert "flag new_checkout of payments has expired on 2026-03-31" in caplog.text


async def test_what_the_code_asks_wrongly_is_told_to_it(flags_file: WriteFlags) -> None:
    flags = Flags(read_flags(flags_file(FLAGS)))
    await flags.open()
    with pytest.raises(UnknownFlagError, match="did you mean new_checkout"):
        await flags.boolean("new_chekout")
    with pytest.raises(TypeError, match=r"expected boolean: ask with flags.string"):
        await flags.boolean("button")


async def test_openfeatures_own_clients_have_the_same_answers(flags_file: WriteFlags) -> None:
    flags = Flags(read_flags(flags_file(FLAGS)))
    await flags.open()
    for client in (flags.client, api.get_client()):
        details = await client.get_boolean_details_async("new_checkout", False, EvaluationContext("user:1"))
        assert (details.value, details.variant, details.reason) == (True, "on", Reason.TARGETING_MATCH)
        assert client.get_integer_value("limit", 7) == 1
        assert client.get_object_value("texts", {}) == {"title": "Hi"}
        unknown = client.get_string_details("nothing", "mine")
        assert (unknown.value, unknown.reason) == ("mine", Reason.ERROR)
        assert client.get_string_value("limit", "mine") == "mine"


async def test_an_override_is_seen_once_it_is_time_and_logged(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runtime.flags")
    async with opened(postgres_server, database, flags_file) as it:
        await it.store.change("new_checkout", EVERYBODY, "on", "ann", "launch")
        await it.store.change("new_checkout", "user:7", "off", "bob", "asked for it")
        assert await it.on() is False
        it.clock.advance(11)
        assert await it.on() is True
        assert await it.on(actor="user:7") is False
        assert await it.on(actor="user:8") is True
        assert {key: each.variant for key, each in it.flags.overrides().items()} == {
            ("new_checkout", EVERYBODY): "on", ("new_checkout", "user:7"): "off"
        }  # fmt: skip
        await it.store.change("new_checkout", EVERYBODY, None, "ann", "over")
        it.clock.advance(11)
        assert await it.on() is False
        audit = [(change.actor, change.before, change.after, change.who) for change in await it.store.changes(10)]
    assert audit == [("", "on", None, "ann"), ("user:7", None, "off", "bob"), ("", None, "on", "ann")]
    assert "flag new_checkout for everybody is on, by ann: launch" in caplog.text
    assert "flag new_checkout for everybody is as its file has it again" in caplog.text


async def test_callers_at_once_read_once(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(postgres_server, database, flags_file) as it:
        reads = 0
        read = it.store.read

        async def counted() -> Any:
            nonlocal reads
            reads += 1
            return await read()

        monkeypatch.setattr(it.store, "read", counted)
        await it.store.change("new_checkout", EVERYBODY, "on", "ann", "launch")
        it.clock.advance(11)
        assert all(await asyncio.gather(*(it.on() for _ in range(50))))
        assert reads == 1


async def test_without_the_database_what_was_known_holds_and_nobody_waits_twice(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags, caplog: pytest.LogCaptureFixture
) -> None:
    async with FaultProxy(postgres_server.host, postgres_server.port) as proxy:
        async with opened(postgres_server, database, flags_file, proxy.port) as it:
            await it.store.change("new_checkout", EVERYBODY, "on", "ann", "launch")
            it.clock.advance(11)
            assert await it.on() is True
            proxy.cut()
            for _ in range(5):
                it.clock.advance(11)
                assert await it.on() is True
            await it.flags.check()
            proxy.mend()
            await it.store.change("new_checkout", EVERYBODY, "off", "ann", "no")
            while await it.on():
                it.clock.advance(11)
                await asyncio.sleep(0.01)
    assert caplog.text.count("overrides of flags can't be read, those of before hold on") == 1


async def test_a_variant_that_this_version_does_not_know_is_left_out(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(postgres_server, database, flags_file) as it:
        await it.store.change("button", EVERYBODY, "purple", "ann", "later")
        it.clock.advance(11)
        assert await it.flags.string("button") == "#888"
    assert "is set to purple, which this version does not know" in caplog.text


async def test_a_test_sets_flags_by_value_or_variant(flags_file: WriteFlags) -> None:
    flags = Flags(read_flags(flags_file(FLAGS)))
    await flags.open()
    with flags.override("new_checkout", True), flags.override("button", "loud"):
        assert await flags.boolean("new_checkout") is True
        assert await flags.string("button") == "#f00"
        with flags.override("new_checkout", "off"):
            assert await flags.boolean("new_checkout", actor="user:1") is False
        assert await flags.boolean("new_checkout") is True
    assert await flags.boolean("new_checkout") is False
    with pytest.raises(UnknownFlagError), flags.override("new_checkout", "purple"):
        pass


async def test_a_trace_knows_which_variant_was_given_and_not_to_whom(flags_file: WriteFlags) -> None:
    telemetry = CapturedTelemetry()
    flags = Flags(read_flags(flags_file(FLAGS)))
    await flags.open()
    with telemetry.telemetry.tracers.get_tracer("t").start_as_current_span("request"):
        await flags.boolean("new_checkout", actor="user:1")
        flags.client.get_string_value("nothing", "mine")
    first, second = telemetry.span("request").events
    assert (first.name, dict(first.attributes or {})) == (
        "feature_flag.evaluation",
        {
            "feature_flag.key": "new_checkout", "feature_flag.provider.name": "runtime",
            "feature_flag.result.reason": "targeting_match", "feature_flag.result.variant": "on",
        },
    )  # fmt: skip
    assert (second.attributes or {})["error.type"] == "flag_not_found"


async def test_a_program_with_a_file_has_them(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags
) -> None:
    class Flagged(Service[None]):
        name = "flagged"
        flags = flags_file(FLAGS)

        async def initialize(self, runtime: Runtime[None]) -> App:
            raise NotImplementedError

    without = fake_runtime(Flagged())
    with pytest.raises(RuntimeError, match="not open yet"):
        without.flags  # noqa: B018
    await without.open()
    assert await without.flags.number("limit") == 1.0
    variables = {"PGDSN": postgres_server.dsn("{database}"), "PGDATABASES": database}
    runtime = fake_runtime(Flagged(), variables=variables)
    await runtime.open()
    assert await runtime.flags.boolean("new_checkout") is False
    for each in (runtime, without):
        await each.close(2)


def test_flags_are_listed_set_and_cleared_by_hand(
    postgres_server: PostgresServer, database: str, flags_file: WriteFlags, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {
        "SERVICE_ID": "shop", "PGDSN": postgres_server.dsn("{database}"), "PGDATABASES": database
    }  # fmt: skip
    file = ["--file", str(flags_file(FLAGS))]

    def run(*arguments: str) -> int:
        return main([arguments[0], *file, *arguments[1:]], environment)

    assert run("set", "new_checkout", "on", "--why", "launch", "--who", "ann") == 0
    assert run("set", "new_checkout", "off", "--why", "asked", "--who", "bob", "--actor", "user:7") == 0
    assert capsys.readouterr().out == (
        "new_checkout for everybody: as in the file -> on\nnew_checkout for user:7: as in the file -> off\n"
    )
    assert run("list") == 0
    listed = capsys.readouterr().out
    assert "new_checkout  boolean, default off, 2 rules, of payments, expires 2026-03-31: The checkout" in listed
    assert "    set: on for everybody, by ann at 20" in listed and "    set: off for user:7, by bob" in listed
    assert run("clear", "new_checkout", "--why", "over") == 0
    assert run("log") == 0
    assert "new_checkout for everybody: on -> as in the file, by " in capsys.readouterr().out
    assert run("set", "new_checkout", "maybe", "--why", "x") == 1
    assert run("set", "newcheckout", "on", "--why", "x") == 1
    assert "did you mean new_checkout?" in capsys.readouterr().err
    assert main(["list", "--file", "/nowhere.toml"], environment) == 1
    assert "name the file of flags with --file" in capsys.readouterr().err
    assert main(["list", *file], {"SERVICE_ID": "shop"}) == 1
    assert "PGDSN: found nothing" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["set", *file, "new_checkout", "on"], environment)
