"""Databases, caches and datasets: groups of variables that come together."""

from __future__ import annotations

import re
from pathlib import Path

from . import values
from .platform import platform
from .reader import Reader, Variable
from .resources import AuthorizationContract, BigQueryContract, PostgresContract, RedisContract

LOCAL_POOL_SIZE = 5

PGDSN: Variable[str] = Variable(
    "PGDSN",
    "Locally only: connection string of the database, with {database} where its name goes.",
    lambda text: values.url(("postgresql", "postgres"))(_with_database(text)),
    "postgresql://…/{database}",
    secret=True,
    source="the developer, off the platform",
)

BIGQUERY_LOCAL_FOLDER: Variable[Path] = Variable(
    "BIGQUERY_LOCAL_FOLDER",
    "Locally only: the folder that gets rows for BigQuery, as files of JSON lines.",
    Path,
    "a folder",
    default_text="the log gets them",
    source="the developer, off the platform",
)


def _with_database(text: str) -> str:
    if "{database}" not in text:
        raise ValueError
    return text


def read_postgres(reader: Reader, on_platform: bool) -> PostgresContract | None:
    """None where no variable of the group is set. Off the platform PGDSN may stand for all of them."""
    instance = reader.read(platform("PGINSTANCE", values.text, "project:region:instance"))
    host = reader.read(platform("PGHOST", values.text, "a host's name or address"))
    user = reader.read(platform("PGUSER", values.text, "a database user"))
    role = reader.read(platform("PGROLE", _identifier, "a role's name"))
    pool_size = reader.read(platform("PGPOOLSIZE", values.whole(1), "a whole number, at least 1"))
    databases = reader.read(platform("PGDATABASES", values.names, "databases, separated by commas"))
    dsn = reader.read(PGDSN)

    group = ("PGINSTANCE", "PGHOST", "PGUSER", "PGROLE", "PGPOOLSIZE", "PGDATABASES")
    if on_platform and reader.has("PGDSN"):
        reader.problem(
            "PGDSN", "a value that is not shown", "nothing: on the platform the identity signs in, without password"
        )
    if dsn is not None and not on_platform:
        return PostgresContract(
            instance or "", host or "", user or "", role, pool_size or LOCAL_POOL_SIZE, databases or (), dsn
        )
    # Off the platform a database needs no role and no budget, and is no Cloud SQL instance.
    needed = group if on_platform else ("PGHOST", "PGUSER", "PGDATABASES")
    if not _together(reader, group, needed) or host is None or user is None or databases is None:
        return None
    return PostgresContract(instance or "", host, user, role, pool_size or LOCAL_POOL_SIZE, databases)


def read_redis(reader: Reader, on_platform: bool) -> RedisContract | None:
    schemes = ("rediss",) if on_platform else ("rediss", "redis", "unix")
    endpoint = reader.read(
        platform("REDIS_ENDPOINT", values.url(schemes), " or ".join(f"{scheme}://…" for scheme in schemes))
    )
    certificate = reader.read(platform("REDIS_CA_CERTIFICATE", _pem, "certificates as PEM text"))
    group = ("REDIS_ENDPOINT", "REDIS_CA_CERTIFICATE")
    needed = group if on_platform else ("REDIS_ENDPOINT",)
    if not _together(reader, group, needed) or endpoint is None:
        return None
    return RedisContract(endpoint=endpoint, ca_certificate=certificate)


def read_bigquery(reader: Reader) -> BigQueryContract | None:
    project = reader.read(platform("BIGQUERY_PROJECT_ID", values.text, "a Google project"))
    dataset = reader.read(platform("BIGQUERY_DATASET_ID", values.text, "a dataset"))
    folder = reader.read(BIGQUERY_LOCAL_FOLDER)
    tables = reader.read(platform("BIGQUERY_TABLES", values.names, "tables, separated by commas"))
    group = ("BIGQUERY_PROJECT_ID", "BIGQUERY_DATASET_ID", "BIGQUERY_TABLES")
    if not _together(reader, group, group) or project is None or dataset is None:
        return None
    return BigQueryContract(project=project, dataset=dataset, tables=tables or (), local_folder=folder)


def read_authorization(reader: Reader, on_platform: bool) -> AuthorizationContract | None:
    """None where no variable of the group is set. Off the platform the server may ask for no token."""
    # On the platform the token of the service's identity is in every request.
    schemes = ("https",) if on_platform else ("https", "http")
    api_url = reader.read(
        platform("OPENFGA_API_URL", values.url(schemes), " or ".join(f"{scheme}://…" for scheme in schemes))
    )
    audience = reader.read(platform("OPENFGA_AUDIENCE", values.text, "the audience of tokens"))
    store = reader.read(platform("OPENFGA_STORE_NAME", values.text, "a store's name"))
    group = ("OPENFGA_API_URL", "OPENFGA_AUDIENCE", "OPENFGA_STORE_NAME")
    needed = group if on_platform else ("OPENFGA_API_URL", "OPENFGA_STORE_NAME")
    if not _together(reader, group, needed) or api_url is None or store is None:
        return None
    return AuthorizationContract(api_url=api_url.rstrip("/"), audience=audience, store=store)


def _together(reader: Reader, group: tuple[str, ...], needed: tuple[str, ...]) -> bool:
    """Whether the group is set; a problem for each variable that it lacks then."""
    present = [name for name in group if reader.has(name)]
    for name in needed:
        if present and name not in present:
            reader.problem(name, "nothing", f"a value, because {present[0]} is set")
    return bool(present)


def _identifier(text: str) -> str:
    """A name that needs no quoting in SQL, because SET ROLE takes no parameter."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", text):
        raise ValueError
    return text


def _pem(text: str) -> str:
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError
    return text
