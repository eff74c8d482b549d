"""What the platform gives a service, environment by environment, for programs: `infra-out/<service>/description.json`.

The generator writes it beside the operations guide; whoever runs, tests or operates a service reads it, with the standard
library alone. It never holds a secret, only where one is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

VERSION = 1
FILE = "description.json"


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


class DescriptionError(Exception):
    """There is no description, or this program can't read it. The message says what to do."""


Origin = Literal["platform", "spec"]


@dataclass(frozen=True)
class Variable:
    """An environment variable of the container; where `kind` is `secret`, `value` is never set.

    kind       `plain`: a literal value; `secret`: a reference to Secret Manager; `injected`: set by Cloud Run itself
    origin     who decides on it: the platform, or the spec (`env`, `secretEnv`)
    value      None where only Terraform knows it
    terraform  what Terraform alone knows, such as `database_private_ip`; None where the value is here or a secret
    regions    the value in further regions, where it is another there
    secret     the secret's full name; `version` is which of it
    """

    name: str
    kind: Literal["plain", "secret", "injected"]
    origin: Origin
    value: str | None = None
    terraform: str | None = None
    regions: Mapping[str, str] = field(default_factory=_nothing)
    secret: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class SecretFile:
    """A file of the container whose content is a secret."""

    path: str
    secret: str
    version: str


@dataclass(frozen=True)
class PostgresResource:
    version: int
    databases: tuple[str, ...]


@dataclass(frozen=True)
class BigQueryResource:
    project: str
    dataset: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class SubscriptionResource:
    name: str
    """The full name, as SUBSCRIPTIONS has it."""
    topic: str
    push_path: str | None


@dataclass(frozen=True)
class Resources:
    """What runs for the service. The mappings go from the spec's name to the full one."""

    postgres: PostgresResource | None = None
    redis: bool = False
    bigquery: BigQueryResource | None = None
    buckets: Mapping[str, str] = field(default_factory=_nothing)
    topics: Mapping[str, str] = field(default_factory=_nothing)
    queues: Mapping[str, str] = field(default_factory=_nothing)
    subscriptions: Mapping[str, SubscriptionResource] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Environment:
    """`regions` begins with the home, where everything is that keeps data. `domain` is a name without scheme; `operating` is
    what the operating commands need (`generator.operating`)."""

    id: str
    project: str
    regions: tuple[str, ...]
    tier: Literal["test", "internal", "external"]
    domain: str | None
    variables: tuple[Variable, ...]
    secret_files: tuple[SecretFile, ...]
    resources: Resources
    operating: Mapping[str, Any] = field(default_factory=_nothing)

    def variable(self, name: str) -> Variable | None:
        return next((one for one in self.variables if one.name == name), None)


@dataclass(frozen=True)
class Description:
    """One service."""

    id: str
    name: str
    kind: Literal["service", "job", "worker"]
    environments: tuple[Environment, ...]

    def environment(self, id: str) -> Environment:
        """DescriptionError with those that there are, where there is none of that id."""
        for environment in self.environments:
            if environment.id == id:
                return environment
        known = ", ".join(one.id for one in self.environments)
        raise DescriptionError(f"service {self.id} has no environment {id!r}; its spec has: {known}")


def render(description: Description, *, origin: str) -> str:
    """The file's text; `origin` is the path of the spec. The same description gives the same text."""
    document = {
        "//": {"generated": f"by ./pants msp-generate from {origin}; edits are overwritten"},
        "version": VERSION,
        "id": description.id,
        "name": description.name,
        "kind": description.kind,
        "environments": [_environment(one) for one in description.environments],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _environment(environment: Environment) -> dict[str, Any]:
    resources = environment.resources
    document = {
        "id": environment.id,
        "project": environment.project,
        "regions": list(environment.regions),
        "tier": environment.tier,
        "domain": environment.domain,
        "variables": [_given(vars(one)) for one in environment.variables],
        "secretFiles": [vars(one) for one in environment.secret_files],
        "resources": _given(
            {
                "postgres": resources.postgres and vars(resources.postgres),
                "redis": resources.redis,
                "bigquery": resources.bigquery and vars(resources.bigquery),
                "buckets": dict(resources.buckets),
                "topics": dict(resources.topics),
                "queues": dict(resources.queues),
                "subscriptions": {
                    name: _given({"name": one.name, "topic": one.topic, "pushPath": one.push_path})
                    for name, one in resources.subscriptions.items()
                },
            }
        ),
        "operating": dict(environment.operating),
    }
    return {key: value for key, value in document.items() if value is not None}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what there is none of. (An empty text is something.)"""
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items()}
    return {key: value for key, value in plain.items() if value == "" or value}


def read(path: Path) -> Description:
    """The description in a file. DescriptionError where it is missing, or of another version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DescriptionError(f"{path} is missing: ./pants msp-generate makes it, once the spec is valid") from error
    except ValueError as error:
        raise DescriptionError(f"{path} is not JSON: ./pants msp-generate makes it anew") from error
    if not isinstance(document, dict) or document.get("version") != VERSION:
        found = document.get("version") if isinstance(document, dict) else None
        raise DescriptionError(
            f"{path} has version {found!r}, and this program reads {VERSION}: ./pants msp-generate makes it anew"
        )
    return Description(
        id=document["id"],
        name=document["name"],
        kind=document["kind"],
        environments=tuple(_read_environment(one) for one in document["environments"]),
    )


def _read_environment(document: Mapping[str, Any]) -> Environment:
    return Environment(
        id=document["id"],
        project=document["project"],
        regions=tuple(document["regions"]),
        tier=document["tier"],
        domain=document.get("domain"),
        variables=tuple(Variable(**one) for one in document["variables"]),
        secret_files=tuple(SecretFile(**one) for one in document["secretFiles"]),
        resources=_read_resources(document["resources"]),
        operating=document.get("operating", {}),
    )


def _read_resources(document: Mapping[str, Any]) -> Resources:
    postgres, bigquery = document.get("postgres"), document.get("bigquery")
    return Resources(
        postgres=postgres and PostgresResource(postgres["version"], tuple(postgres["databases"])),
        redis=document.get("redis", False),
        bigquery=bigquery and BigQueryResource(bigquery["project"], bigquery["dataset"], tuple(bigquery["tables"])),
        buckets=document.get("buckets", {}),
        topics=document.get("topics", {}),
        queues=document.get("queues", {}),
        subscriptions={
            name: SubscriptionResource(one["name"], one["topic"], one.get("pushPath"))
            for name, one in document.get("subscriptions", {}).items()
        },
    )
