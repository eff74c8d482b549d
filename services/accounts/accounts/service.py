"""The service: what it needs, and how it comes up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from accounts import sessions
from accounts.app import make_app
from accounts.config import Config
from accounts.context import Context
from accounts.pages.sign_in import CALLBACK
from accounts.rate_limits import RateLimits
from accounts.roles import Roles
from accounts.rows import changed
from runtime import App, Limits, Restart, Runtime, Service
from runtime.oidc import Login, OpenIdProvider

LOGGER = logging.getLogger("accounts")

FOLDER = Path(__file__).parent

CLEAN_UP_EVERY = 3600.0
"""Seconds."""


class Accounts(Service[Config]):
    name = "accounts"
    version = "1.0.0"
    description = "User accounts: sign-up and sign-in, sessions, API tokens, and the organisations that users belong to."
    config = Config
    limits = Limits(response_seconds=30.0, body_bytes=100_000)
    migrations = {"accounts": FOLDER / "migrations"}
    authorization_model = FOLDER / "authorization.fga"

    async def initialize(self, runtime: Runtime[Config]) -> App:
        config = runtime.config
        http = await runtime.use(_Http())
        provider = OpenIdProvider(config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret, http=http.client)
        context = Context(
            config=config,
            database=runtime.postgres["accounts"],
            roles=Roles(runtime.postgres["accounts"], runtime.authorization),
            limits=RateLimits(runtime.redis),
            login=Login(provider, config.origin + CALLBACK, config.signing_key),
            on_platform=runtime.contract.on_platform,
        )
        runtime.background("roles", context.roles.keep_settling, restart=Restart())
        runtime.background("clean-up", _cleaning(context), restart=Restart())
        return make_app(context)


class _Http:
    """The client for the OpenID provider. The provider is nobody's readiness: who is signed in needs it no more."""

    name = "oidc"

    def __init__(self) -> None:
        self.client = httpx.AsyncClient()

    async def open(self) -> None:
        """It connects on first use."""

    async def check(self) -> None:
        """Always fine."""

    async def close(self) -> None:
        await self.client.aclose()


def _cleaning(context: Context) -> Callable[[], Awaitable[None]]:
    async def clean() -> None:
        """For ever: delete what no longer counts."""
        while True:
            async with context.database.transaction() as connection:
                ended = await sessions.forget_ended(connection, context.config.session_idle)
                query = "DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'"
                keys = await changed(connection, query, {})
            LOGGER.info("forgot %d ended sessions and %d idempotency keys", ended, keys)
            await asyncio.sleep(CLEAN_UP_EVERY)

    return clean
