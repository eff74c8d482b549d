"""The gateway on real servers, in front of a stand-in for the providers that is a process of its own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.actors import FeatureLimits
from gateway.administration import Administration
from gateway.catalog import FEATURES
from gateway.service import Gateway
from gateway.testing.upstream_process import UpstreamProcess
from runtime.contract import PostgresContract
from runtime.postgres import Postgres
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.redis_server import RedisServer
from runtime.testing.served import Served, serve
from runtime.testing.servers import postgres_server, redis_server
from runtime.testing.telemetry import CapturedTelemetry

__all__ = ["postgres_server", "redis_server"]

NO_LIMITS = httpx.Limits(max_connections=None)

LICENSE = "a-license-key-of-a-customer-0123456789abcdef"

LIMITS = FeatureLimits(
    models=None, quota_requests=1000, quota_tokens=10_000_000, quota_seconds=86400, rate_requests=None, rate_seconds=60
)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that services run on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def dsn(postgres_server: PostgresServer) -> Iterator[str]:
    """PGDSN of a new empty database, which the service calls `gateway`."""
    prefix = f"test_{secrets.token_hex(4)}"
    name = postgres_server.create_database(f"{prefix}_gateway")
    yield postgres_server.dsn(f"{prefix}_{{database}}")
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def upstream() -> Iterator[UpstreamProcess]:
    """The stand-in, shared: its `seen` has the requests of all tests."""
    with UpstreamProcess() as process:
        yield process


@pytest.fixture
async def administration(dsn: str) -> AsyncIterator[Administration]:
    """To be used once the gateway has migrated the database."""
    async with opened(dsn) as postgres:
        yield Administration(postgres["gateway"])


@asynccontextmanager
async def opened(dsn: str, migrations: Any = None) -> AsyncIterator[Postgres]:
    """The gateway's database, for a test."""
    contract = PostgresContract(
        instance="", host="127.0.0.1", user="postgres", role=None, pool_size=4, databases=("gateway",), dsn=dsn
    )
    postgres = Postgres(contract, application_name="test", on_platform=False, migrations=migrations)
    try:
        yield postgres
    finally:
        await postgres.close()


@dataclass
class Gate:
    """A gateway that serves, with one actor who may use everything."""

    served: Served
    client: httpx.AsyncClient
    """With the actor's key, as OpenAI's clients send it."""
    administration: Administration
    token: str
    telemetry: CapturedTelemetry = field(repr=False)

    @property
    def url(self) -> str:
        return self.served.url

    async def chat(self, text: str = "hello", **more: Any) -> httpx.Response:
        """A chat completion, read to its end."""
        body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}], **more}
        return await self.client.post("/v1/chat/completions", json=body)

    async def message(self, text: str = "hello", **more: Any) -> httpx.Response:
        """One of Anthropic's, likewise."""
        body = {"model": "claude-haiku-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": text}], **more}
        headers = {"x-api-key": self.token, "anthropic-version": "2023-06-01"}
        return await self.client.post("/v1/messages", json=body, headers=headers)

    async def used(self) -> dict[str, Any]:
        """What /v1/limits says of chat completions."""
        found = (await self.client.get("/v1/limits")).json()
        quota: dict[str, Any] = found["features"]["chat_completions"]["quota"]
        return quota


MakeGate = Callable[..., AbstractAsyncContextManager[Gate]]


@pytest.fixture
def gate(dsn: str, redis_server: RedisServer, upstream: UpstreamProcess, tmp_path: Path) -> MakeGate:
    """`async with gate(limits=…, VARIABLE="…") as gate`."""

    @asynccontextmanager
    async def made(
        limits: FeatureLimits = LIMITS,
        redis: str = redis_server.endpoint,
        url: str | None = None,
        database: str = dsn,
        **variables: str,
    ) -> AsyncIterator[Gate]:
        telemetry = CapturedTelemetry()
        environment = {
            "PGDSN": database,
            "PGDATABASES": "gateway",
            "REDIS_ENDPOINT": redis,
            "BIGQUERY_PROJECT_ID": "gateway-test",
            "BIGQUERY_DATASET_ID": "gateway",
            "BIGQUERY_TABLES": "events",
            "BIGQUERY_LOCAL_FOLDER": str(tmp_path / "rows"),
            "OPENAI_API_KEY": "sk-organisation-secret",
            "ANTHROPIC_API_KEY": "sk-ant-organisation-secret",
            "OPENAI_URL": url or upstream.url,
            "ANTHROPIC_URL": url or upstream.url,
            **variables,
        }
        async with serve(Gateway(), telemetry, environment) as served, opened(dsn) as postgres:
            await postgres.open()
            administration = Administration(postgres["gateway"])
            # A name of its own: Redis is shared by all tests.
            actor = f"actor-{secrets.token_hex(4)}"
            await administration.put_actor(actor, "Customer")
            for feature in FEATURES:
                await administration.allow(actor, feature, limits)
            token = await administration.add_key(actor, f"{LICENSE}-{actor}")
            headers = {"authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=30, limits=NO_LIMITS) as client:
                yield Gate(served, client, administration, token, telemetry)

    return made


