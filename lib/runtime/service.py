"""What a service, a worker and a job are: what an engineer writes, and `start`, `run_worker` or `run_job` runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from .authorization import Settings as AuthorizationSettings  # pants: no-infer-dep
    from .bigquery import Settings as BigQuerySettings  # pants: no-infer-dep
    from .events import Settings as EventsSettings  # pants: no-infer-dep
    from .postgres import Settings as PostgresSettings  # pants: no-infer-dep
    from .redis import Settings as RedisSettings  # pants: no-infer-dep
    from .runtime import Runtime

C = TypeVar("C")

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
"""https://asgi.readthedocs.io/en/latest/specs/main.html ; what Starlette and FastAPI make is one."""


@dataclass(frozen=True)
class Limits:
    """What one request may take."""

    response_seconds: float | None = 60.0
    """Until the response begins; a stream that has begun is bounded by Cloud Run's own request timeout."""
    body_bytes: int | None = 10 * 1024 * 1024
    """Cloud Run itself takes at most 32 MiB over HTTP/1: https://cloud.google.com/run/quotas"""


@dataclass(frozen=True)
class NoConfig:
    """The settings of a program that has none."""


class Program(Generic[C]):
    """What services, workers and jobs have in common."""

    name: ClassVar[str]
    """The id in service.yaml."""
    version: ClassVar[str] = "dev"
    """What runs, as error reports and traces call it: the image's version."""
    description: ClassVar[str] = ""
    config: type[C] = NoConfig  # type: ignore[assignment]
    """A dataclass of settings (runtime.env); what was read is `runtime.config`."""
    migrations: ClassVar[Mapping[str, Path]] = {}
    """Database -> folder of its migrations: one instance applies them before `runtime.postgres` opens."""
    flags: ClassVar[Path | None] = None
    """The file of feature flags, `flags.toml`: then there is `runtime.flags`."""
    bigquery_schemas: ClassVar[Path | None] = None
    """The folder of the tables' columns, `<table>.json` each: rows are held to them before they leave."""
    authorization_model: ClassVar[Path | None] = None
    """The authorisation model, `authorization.fga`; beside it lies its compiled form."""
    postgres_settings: ClassVar[PostgresSettings | None] = None
    """Time-outs and the like; None for the library's own, as for the others."""
    redis_settings: ClassVar[RedisSettings | None] = None
    bigquery_settings: ClassVar[BigQuerySettings | None] = None
    events_settings: ClassVar[EventsSettings | None] = None
    authorization_settings: ClassVar[AuthorizationSettings | None] = None


class Service(Program[C]):
    """Something that answers requests."""

    limits: ClassVar[Limits] = Limits()

    async def initialize(self, runtime: Runtime[C]) -> App:
        """Make everything ready and give the ASGI application. The port opens after it."""
        raise NotImplementedError


class Worker(Program[C]):
    """Something that stays and takes its work itself: from a subscription, a queue, a table. It has no port."""

    async def work(self, runtime: Runtime[C]) -> None:
        """Work until it is cancelled, which it is when the process is told to stop; not inside
        `async with runtime.uninterrupted()`, though. Returning is a failure, and so is an exception: Cloud Run starts the
        instance again."""
        raise NotImplementedError


class Job(Program[C]):
    """Something that runs to its end."""

    async def execute(self, runtime: Runtime[C]) -> None:
        """Do the work. An exception is a failure: the process ends with 1, and Cloud Run tries again if the spec says so."""
        raise NotImplementedError
