"""The service: what it needs, and how it comes up."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from accounts.config import Config
from runtime import App, Runtime, Service
from runtime.provisioned import open_postgres, open_redis

MIGRATIONS = Path(__file__).parent / "migrations"


class Accounts(Service[Config]):
    name = "accounts"
    version = "1.0.0"
    description = "User accounts: sign-up and sign-in, sessions, API tokens, and the organisations that users belong to."
    config = Config

    async def initialize(self, runtime: Runtime[Config]) -> App:
        await open_postgres(runtime, migrations={"accounts": MIGRATIONS})
        await open_redis(runtime)

        async def home(request: Request) -> PlainTextResponse:
            return PlainTextResponse("accounts")

        return Starlette(routes=[Route("/", home)])
