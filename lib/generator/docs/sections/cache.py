"""The cache of each environment."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Text, code, fmt, link
from generator.docs.markdown import Block, Blocks, facts, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud
from generator.docs.terraform_json import first
from spec.model import Redis


def title(environment: EnvironmentGuide) -> str:
    return f"Cache of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        redis = environment.context.environment.resources.redis
        if redis is not None:
            found += _environment(environment, redis)
    return [heading(2, "Cache"), *found] if found else []


def _environment(environment: EnvironmentGuide, redis: Redis) -> Blocks:
    instance = environment.context.names.redis_instance
    return [
        heading(3, title(environment), environment.id),
        facts(_facts(environment, redis)),
        paragraph(
            fmt(
                "The {} connects to the private endpoint in {} with TLS, trusting the authorities in {}, and signs in"
                " with a short-lived token of its own identity: there is no password. Losing what is in it must be"
                " no harm: it is a cache.",
                environment.context.spec.service.kind,
                code("REDIS_ENDPOINT"),
                code("REDIS_CA_CERTIFICATE"),
            )
        ),
        shell(
            gcloud(
                "memorystore",
                "instances",
                "describe",
                instance,
                project=environment.project_id,
                location=environment.region,
            )  # fmt: skip
        ),
    ]


def _facts(environment: EnvironmentGuide, redis: Redis) -> list[tuple[Text, Text]]:
    name, project = environment.context.names.redis_instance, environment.project_id
    rows: list[tuple[Text, Text]] = [
        ("Instance", link(name, links.valkey(project, environment.region, name))),
    ]
    instance = first(environment.stack("data"), "google_memorystore_instance")
    if instance is not None:
        version = instance.text("engine_version").removeprefix("VALKEY_").replace("_", ".")
        rows += [
            ("Version", f"Valkey {version}, which speaks Redis's protocol (Memorystore)"),
            (
                "Node",
                fmt("{}, for the {} GB that the spec asks for", code(instance.text("node_type")), redis.memory_gb),
            ),
        ]
    replica = environment.context.safety.redis_high_availability
    return [
        *rows,
        ("Replica", "in a second zone, takes over by itself" if replica else "none"),
        ("When it is full", code(redis.eviction_policy)),
    ]
