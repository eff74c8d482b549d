"""No secret is in a file or in a state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.testing.invariants.made import WORKLOADS, Json, Made, arguments, strings

SECRET = re.compile(
    r"(?!secret_manager_)(?:.*_)?(password|passphrase|secret_data|private_key|auth_token|auth_string|service_key|api_key"
    r"|client_secret|credentials|access_token|hmac)$"
)
"""Names of arguments whose value is a secret and would be kept in the state."""

PUBLIC = ('${join("\\n", flatten(google_memorystore_instance.',)
"""Beginnings of values that stand in such an argument and are no secret: a certificate authority's certificate."""


def no_secret_is_an_argument(made: Made) -> Iterator[str]:
    """A secret stands in write-only arguments alone, which no plan and no state keeps, and comes from an ephemeral value."""
    for place in made.places:
        for where, body in place.each():
            for path, value in arguments(body):
                name = path.rpartition(".")[2]
                if SECRET.match(name) and not str(value).startswith(PUBLIC):
                    yield f"{where} has {path}"
                if name.endswith("_wo") and not str(value).startswith("${ephemeral."):
                    yield f"{where} has {path} that is not ephemeral"
        for stack, terraform in place.stacks.items():
            for name, providers in terraform.get("provider", {}).items():
                for path, value in arguments(providers):
                    if SECRET.match(path.rpartition(".")[2]) and not str(value).startswith("${ephemeral."):
                        yield f"{place.id}/{stack} provider {name} has {path}"


def no_secret_is_read_into_a_state(made: Made) -> Iterator[str]:
    """What reads a secret is ephemeral; no data source and no random value of a state does."""
    kept = ("google_secret_manager_secret_version", "google_service_account_access_token", "google_service_account_jwt")
    for place in made.places:
        for where, _ in place.each("random_password", "random_id", "random_string", "tls_private_key"):
            yield f"{where} is kept in the state"
        for stack, terraform in place.stacks.items():
            for kind in terraform.get("data", {}):
                if kind in kept or kind.startswith("google_secret_manager_secret_version"):
                    yield f"{place.id}/{stack} data.{kind} is kept in the state"
            for name, output in terraform.get("output", {}).items():
                if any("ephemeral." in text for text in strings(output)):
                    yield f"{place.id}/{stack} output.{name} is kept in the state"


def no_secret_is_a_variable(made: Made) -> Iterator[str]:
    """What the spec calls a secret reaches the container as a reference to Secret Manager."""
    for place in made.places:
        secret = set(place.environment.secret_env) | {"DIAGNOSTICS_SECRET"}
        for where, body in place.each(*WORKLOADS):
            for path, value in arguments(body):
                if path.endswith("containers"):
                    for variable in _of_service(value):
                        if variable["name"] in secret and "value_source" not in variable:
                            yield f"{where} has {variable['name']} in plain text"


def _of_service(containers: Sequence[Json]) -> Sequence[Json]:
    """The variables of the service's own container: a sidecar may call something else by the same name."""
    return next(one["env"] for one in containers if any(variable["name"] == "MSP" for variable in one.get("env", ())))


PREDICATES = (no_secret_is_an_argument, no_secret_is_read_into_a_state, no_secret_is_a_variable)
