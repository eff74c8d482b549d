"""From the environment to the Contract: everything that the platform promised this container.

On the platform (`MSP=true`) what the platform always sets is required; elsewhere it has defaults that suit a developer's
machine. A resource's variables are there all together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast

from spec.constants import CONTAINER_PORT

from . import values
from .platform import platform
from .reader import Reader, Variable
from .resources import (
    AuthorizationContract,
    BigQueryContract,
    CallerContract,
    JobContract,
    PostgresContract,
    RedisContract,
    ScheduleContract,
)
from .stores import read_authorization, read_bigquery, read_postgres, read_redis
from .values import Secret

Kind = Literal["service", "job", "worker"]
"""As in spec.workloads, which is not in the images."""
Tier = Literal["test", "internal", "external"]


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Contract:
    """What the platform provided. Immutable; no secret is in its representation."""

    service_id: str
    environment_id: str
    tier: Tier
    project: str
    region: str
    on_platform: bool
    port: int
    external_dns_name: str | None = None
    iap_audience_prefix: str | None = None
    """What the audience of Identity-Aware Proxy's tokens starts with; None where the proxy lets nobody in."""
    operations_guide: str | None = None
    """Where people read the service's operations guide."""
    diagnostics_secret: Secret | None = None
    """Never None on the platform."""
    revision: str | None = None
    """Cloud Run's revision of the service; None for jobs and locally."""
    postgres: PostgresContract | None = None
    redis: RedisContract | None = None
    bigquery: BigQueryContract | None = None
    authorization: AuthorizationContract | None = None
    buckets: Mapping[str, str] = field(default_factory=_nothing)
    """Declared name -> bucket; likewise topics, subscriptions and queues with their full names."""
    topics: Mapping[str, str] = field(default_factory=_nothing)
    subscriptions: Mapping[str, str] = field(default_factory=_nothing)
    queues: Mapping[str, str] = field(default_factory=_nothing)
    caller: CallerContract | None = None
    job: JobContract | None = None


def read_contract(reader: Reader, name: str, kind: Kind) -> Contract | None:
    """The contract, or None where something essential is wrong; every problem is the reader's then.

    name   the service's own name, which stands in for SERVICE_ID off the platform
    """
    on_platform = bool(reader.read(platform("MSP", values.boolean, "true or false", default=False)))
    problems_before = len(reader.problems)

    def always(name: str, default: str) -> str:
        wanted = platform(name, values.text, "a text", default=None if on_platform else default, required=on_platform)
        return reader.read(wanted) or ""

    # A service has no deadline and no schedule; they are read all the same, so that `--help` shows the whole contract.
    job = _job(reader, required=on_platform and kind == "job")
    contract = Contract(
        service_id=always("SERVICE_ID", name),
        environment_id=always("ENVIRONMENT_ID", "local"),
        tier=cast(Tier, _tier(reader, on_platform)),
        project=always("GOOGLE_CLOUD_PROJECT", "local"),
        region=always("GOOGLE_CLOUD_REGION", "local"),
        on_platform=on_platform,
        port=_port(reader, required=on_platform and kind == "service"),
        external_dns_name=reader.read(platform("EXTERNAL_DNS_NAME", values.text, "a domain name")),
        iap_audience_prefix=reader.read(platform("IAP_AUDIENCE_PREFIX", values.text, "/projects/<number>/…")),
        operations_guide=reader.read(platform("OPERATIONS_GUIDE", values.url(("http", "https")), "a URL")),
        diagnostics_secret=reader.read(
            platform("DIAGNOSTICS_SECRET", Secret, "a secret", required=on_platform, default_text="the pages are open")
        ),
        revision=reader.read(
            Variable("K_REVISION", "The revision of the service.", values.text, "a name", source="Cloud Run")
        ),
        postgres=read_postgres(reader, on_platform),
        redis=read_redis(reader, on_platform),
        bigquery=read_bigquery(reader),
        authorization=read_authorization(reader, on_platform),
        buckets=_pairs(reader, "BUCKETS"),
        topics=_pairs(reader, "TOPICS"),
        subscriptions=_pairs(reader, "SUBSCRIPTIONS"),
        queues=_pairs(reader, "QUEUES"),
        caller=_caller(reader),
        job=job if kind == "job" else None,
    )
    return contract if len(reader.problems) == problems_before else None


def _tier(reader: Reader, required: bool) -> str:
    parse = values.choice(("test", "internal", "external"))
    wanted = platform(
        "TIER", parse, "test, internal or external", default=None if required else "test", required=required
    )
    return reader.read(wanted) or ""


def _port(reader: Reader, *, required: bool) -> int:
    wanted = platform(
        "PORT",
        values.whole(0, 65535),
        "a port's number" if required else "a port's number; 0 takes a free one",
        default=None if required else CONTAINER_PORT,
        required=required,
    )
    return reader.read(wanted) or 0


def _pairs(reader: Reader, name: str) -> Mapping[str, str]:
    return MappingProxyType(
        dict(reader.read(platform(name, values.pairs, "name=full name, separated by commas")) or {})
    )


def _caller(reader: Reader) -> CallerContract | None:
    url = reader.read(platform("SERVICE_URL", values.url(("http", "https")), "a URL"))
    email = reader.read(platform("INVOKER_EMAIL", values.text, "a service account's address"))
    return CallerContract(url, email) if url is not None and email is not None else None


def _job(reader: Reader, *, required: bool) -> JobContract:
    deadline = reader.read(
        platform("JOB_DEADLINE_SECONDS", values.whole(1), "a whole number of seconds, at least 1", required=required)
    )
    schedule = reader.read(platform("JOB_SCHEDULE", _schedule, "a time zone's name and cron's five fields"))
    execution = reader.read(
        Variable("CLOUD_RUN_EXECUTION", "The execution of the job.", values.text, "a name", source="Cloud Run")
    )
    attempt = reader.read(
        Variable(
            "CLOUD_RUN_TASK_ATTEMPT",
            "How often the execution was tried before.",
            values.whole(0),
            "a whole number",
            default=0,
            source="Cloud Run",
        )
    )
    return JobContract(deadline_seconds=deadline, schedule=schedule, execution=execution, attempt=attempt or 0)


def _schedule(text: str) -> ScheduleContract:
    timezone, _, cron = text.partition(" ")
    if len(cron.split()) != 5:
        raise ValueError
    return ScheduleContract(timezone=timezone, cron=cron)
