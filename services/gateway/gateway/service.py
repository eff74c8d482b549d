"""The service: what it opens, and its routes."""

from __future__ import annotations

from pathlib import Path

from gateway.settings import Config
from runtime import App, Limits, Runtime, Service
from runtime.provisioned import open_postgres, open_redis
from starlette.applications import Starlette

MIGRATIONS = {"gateway": Path(__file__).parent / "migrations"}


class Gateway(Service[Config]):
    """The proxy."""

    name = "gateway"
    description = "The managed proxy to providers of language models."
    config = Config
    limits = Limits(response_seconds=None, body_bytes=8 * 1024 * 1024)

    async def initialize(self, runtime: Runtime[Config]) -> App:
        await open_postgres(runtime, migrations=MIGRATIONS)
        await open_redis(runtime)
        return Starlette()
