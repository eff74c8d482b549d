"""The variables of a container, with values that suit this machine: exactly the names that Cloud Run would give it.

And PGDSN, which the library takes here instead of signing in by an identity. What has no meaning here is empty, which counts
as not set.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from runtime.dev.errors import DevError
from runtime.dev.local_settings import LocalSettings, fill_in
from runtime.dev.servers import LocalServers
from spec.description import Description, Environment, Variable

EMAIL = "local@example.com"


def local_variables(
    description: Description,
    environment: Environment | str,
    servers: LocalServers,
    *,
    port: int,
    settings: LocalSettings | None = None,
    given: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables of the service's container in `environment`.

    servers   have been started for that environment
    port      that the service will listen on
    settings  what the service's dev.py says; what it has in VARIABLES goes before everything else
    given     goes before that: what the developer said for this run

    DevError with every secret of the spec for which there is no value here.
    """
    if isinstance(environment, str):
        environment = description.environment(environment)
    settings, given = settings or LocalSettings(), given or {}
    url = f"http://127.0.0.1:{port}"
    known = {"url": url, "port": str(port), **servers.urls}
    own = {
        name: fill_in(text, known, f"VARIABLES[{name!r}] in dev.py") for name, text in settings.variables.items()
    }
    local = {**_platforms(environment, servers, url, port), **own, **given}
    found: dict[str, str] = {}
    missing: list[Variable] = []
    for variable in environment.variables:
        if variable.name in local:
            found[variable.name] = local[variable.name]
        elif variable.kind == "secret":
            missing.append(variable)
        else:
            # What the spec says of the service's public address is true of the local one here.
            found[variable.name] = (variable.value or "").replace(f"https://{environment.domain}", url)
    if missing:
        raise DevError(_without_value(description, missing))
    return {**found, **_for_the_library(servers), **own, **given}


def _platforms(environment: Environment, servers: LocalServers, url: str, port: int) -> dict[str, str]:
    """The platform's variables whose value is another one here."""
    return {
        "PORT": str(port),
        "MSP": "false",
        "EXTERNAL_DNS_NAME": f"127.0.0.1:{port}",
        "IAP_AUDIENCE_PREFIX": "/projects/0/global/backendServices/",
        "DIAGNOSTICS_SECRET": secrets.token_urlsafe(24),
        "PGHOST": "127.0.0.1",
        # It has none where the developer's own server is used, which has no such role.
        "PGROLE": servers.owner_role or "",
        "REDIS_ENDPOINT": servers.redis_endpoint or "",
        "REDIS_CA_CERTIFICATE": "",
        "SERVICE_URL": url,
        "INVOKER_EMAIL": EMAIL,
        "OPENFGA_API_URL": servers.urls.get("openfga", ""),
        "OPENFGA_AUDIENCE": "",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "",
    }


def _for_the_library(servers: LocalServers) -> dict[str, str]:
    found = {"LOG_FORMAT": "text", "BIGQUERY_LOCAL_FOLDER": str(servers.folder / "bigquery")}
    if servers.dsn is not None:
        found["PGDSN"] = servers.dsn
    return found


def _without_value(description: Description, missing: list[Variable]) -> str:
    module = description.id.replace("-", "_")
    lines = "\n".join(f"  {variable.name}: on the platform the secret {variable.secret}" for variable in missing)
    names = ", ".join(f'"{variable.name}": "…"' for variable in missing)
    return (
        f"there is no value for secrets of the spec here:\n{lines}\n"
        f"Add VARIABLES = {{{names}}} to services/{description.id}/{module}/dev.py (no real secret: the file is committed), or"
        f" give one for this run, taken from your shell: -- --set {missing[0].name}"
    )
