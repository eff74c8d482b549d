"""Signing in as on the platform: over TLS, with a token as password that lives an hour."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from functools import partial

import pytest

from runtime.contract import PostgresContract
from runtime.google_identity import AccessToken, GoogleIdentity
from runtime.postgres import DatabaseUnavailableError, Postgres
from runtime.postgres import resource as resource_module
from runtime.postgres.connecting import Address
from runtime.testing.certificates import make_authority
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio

USER = "signs-in@example.iam"


class TokenServer:
    """Tokens of an hour. Like Cloud SQL, the database takes only the one that is valid now."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.now = 1_800_000_000.0
        self.fetched = 0

    def clock(self) -> float:
        return self.now

    async def fetch(self) -> AccessToken:
        self.fetched += 1
        token = f"ya29.secret-{self.fetched}"
        self.server.execute(f"ALTER ROLE \"{USER}\" PASSWORD '{token}'")
        return AccessToken(token, self.now + 3600)


@pytest.fixture
async def cloud_sql(postgres_server: PostgresServer, database: str) -> AsyncIterator[FaultProxy]:
    """The server as Cloud SQL shows it: TLS, a user with a password, an owners' role."""
    postgres_server.execute(
        f'DROP ROLE IF EXISTS "{USER}"', "DROP ROLE IF EXISTS platform_owner", "CREATE ROLE platform_owner",
        f'CREATE ROLE "{USER}" LOGIN IN ROLE platform_owner',
    )  # fmt: skip
    rules = postgres_server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f'host all "{USER}" 127.0.0.1/32 scram-sha-256\n{before}')
    postgres_server.execute("SELECT pg_reload_conf()")
    async with FaultProxy(
        postgres_server.host, postgres_server.port, tls=make_authority().server, postgres_tls=True
    ) as proxy:
        yield proxy
    rules.write_text(before)
    postgres_server.execute("SELECT pg_reload_conf()")


def platform(proxy: FaultProxy, database: str, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """As the platform's contract has it. Time is the token server's."""

    monkeypatch.setattr(resource_module, "Address", partial(Address, port=proxy.port))
    identity = GoogleIdentity(tokens, clock=tokens.clock)
    contract = PostgresContract("p:r:i", "127.0.0.1", USER, "platform_owner", 3, (database,))
    return Postgres(contract, application_name="accounts prod", on_platform=True, identity=identity, clock=tokens.clock)


async def test_after_an_hour_of_sleep_the_first_query_succeeds(
    cloud_sql: FaultProxy,
    postgres_server: PostgresServer,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = TokenServer(postgres_server)
    postgres = platform(cloud_sql, database, tokens, monkeypatch)
    await postgres.open()
    try:
        async with postgres[database].connection() as connection:
            row = await (await connection.execute("SELECT session_user, current_user")).fetchone()
        assert row == (USER, "platform_owner")
        assert tokens.fetched == 1
        # The instance sleeps: its connections are gone, and the old token is worth nothing.
        tokens.now += 61 * 60
        postgres_server.execute(f"ALTER ROLE \"{USER}\" PASSWORD 'none'")
        cloud_sql.drop()
        async with postgres[database].connection() as connection:
            await connection.execute("SELECT 1")
        assert tokens.fetched == 2
    finally:
        await postgres.close()
    assert "ya29" not in caplog.text


async def test_a_server_without_tls_gets_no_token(
    postgres_server: PostgresServer, cloud_sql: FaultProxy, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource_module, "START_SECONDS", 1.5)
    tokens = TokenServer(postgres_server)
    async with FaultProxy(postgres_server.host, postgres_server.port) as plain:
        postgres = platform(plain, database, tokens, monkeypatch)
        try:
            with pytest.raises(DatabaseUnavailableError, match="does not support SSL") as caught:
                await postgres.open()
        finally:
            await postgres.close()
    assert "ya29" not in str(caught.value)
