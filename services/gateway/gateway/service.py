"""The service: what it opens, and which path goes where."""

from __future__ import annotations

from pathlib import Path

from gateway.actors import Actors
from gateway.answering import refuse
from gateway.apis import APIS
from gateway.catalog import read_catalog
from gateway.errors import Refusal
from gateway.listing import Limits as LimitsPage
from gateway.listing import Models
from gateway.measures import Measures
from gateway.quota.checkpoint import Checkpoint
from gateway.quota.limiter import Limiter
from gateway.relay import Parts, Relay
from gateway.settings import Config
from gateway.settling import Settling
from gateway.upstream.client import Provider, Timeouts, Upstream
from runtime import App, Limits, Restart, Runtime, Service
from runtime.redis import Settings as RedisSettings
from runtime.service import Receive, Scope, Send

DATABASE = "gateway"
REDIS = RedisSettings(max_connections=32, command_timeout=1.0, connect_timeout=1.0, retries=1)
"""A request that can't be counted soon is refused."""


class Gateway(Service[Config]):
    """The proxy. Sizes and times of requests are its own business: a model may write for minutes."""

    name = "gateway"
    description = "The managed proxy to providers of language models."
    config = Config
    migrations = {DATABASE: Path(__file__).parent / "migrations"}
    redis_settings = REDIS
    limits = Limits(response_seconds=None, body_bytes=None)

    async def initialize(self, runtime: Runtime[Config]) -> App:
        config = runtime.config
        database, redis = runtime.postgres[DATABASE], runtime.redis
        limiter = Limiter(redis, database)
        checkpoint = Checkpoint(limiter, redis, database)
        runtime.background("checkpoint", checkpoint.run, restart=Restart())
        parts = Parts(
            actors=Actors(
                database, config.actor_cache.total_seconds(), config.actor_cache_without_database.total_seconds()
            ),
            limiter=limiter,
            upstream=await runtime.use(Upstream(_timeouts(config))),
            providers={
                "openai": Provider("openai", config.openai_url.rstrip("/"), config.openai_api_key),
                "anthropic": Provider("anthropic", config.anthropic_url.rstrip("/"), config.anthropic_api_key),
            },
            catalog=read_catalog(),
            settling=await runtime.use(Settling(limiter, runtime.events, database)),
            measures=Measures(runtime.meter, runtime.tracer),
            max_prompt_bytes=config.max_prompt_bytes,
        )
        return _app(parts)


def _timeouts(config: Config) -> Timeouts:
    return Timeouts(
        connect=config.connect_timeout.total_seconds(),
        first_byte=config.first_byte_timeout.total_seconds(),
        idle=config.idle_timeout.total_seconds(),
        total=config.total_timeout.total_seconds(),
    )


def _app(parts: Parts) -> App:
    """By path: there are six, and nothing in them varies."""
    apps: dict[str, App] = {api.path: Relay(api, parts) for api in APIS}
    apps["/v1/models"] = Models(parts)
    apps["/v1/limits"] = LimitsPage(parts)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # The lifespan protocol: a server goes on without it.
            raise NotImplementedError(scope["type"])
        found = apps.get(scope["path"])
        if found is not None:
            await found(scope, receive, send)
        else:
            await refuse(send, Refusal(404, "not_found", "There is no such endpoint."), "openai")

    return app
