"""`env` and `secretEnv`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..constants import CONTRACT, is_reserved_env_name
from ..findings import Finding, listed
from ..limits import ENV_VALUE_BYTES, MAX_ENV_VARIABLES
from ..templates import NAMES, parts
from .base import Place


def names_are_free(place: Place) -> Iterator[Finding]:
    """No variable is set twice: by the platform, by Cloud Run, or by the other of the two maps."""
    meanings = {variable.name: variable.meaning for variable in CONTRACT}
    for section, names in (("env", place.environment.env), ("secretEnv", place.environment.secret_env)):
        for name in names:
            if is_reserved_env_name(name) and not (name in _OF_COLLECTOR and _has_no_collector(place)):
                owner = "the platform" if name in meanings else "Cloud Run"
                yield Finding(
                    place.keys(section, name),
                    "reserved-variable",
                    f"a name that {owner} does not set itself",
                    f"choose another name; {owner} sets this one"
                    + (f" ({meanings[name].rstrip('.')})" if name in meanings else "")
                    + (", unless you write `telemetry: {collector: false}`" if name in _OF_COLLECTOR else ""),
                    f"the name `{name}`",
                    on_key=True,
                )
    for name in place.environment.secret_env:
        if name in place.environment.env:
            yield Finding(
                place.keys("secretEnv", name),
                "duplicate-variable",
                "each variable once, in `env` or in `secretEnv`",
                "delete one of the two",
                f"`{name}`, which `env` sets too",
                on_key=True,
            )


_OF_COLLECTOR = frozenset(variable.name for variable in CONTRACT if variable.when == "collector")


def _has_no_collector(place: Place) -> bool:
    """Whether the spec itself says that telemetry goes another way, whatever the platform offers."""
    return not place.workload.answers or place.environment.telemetry.collector is False


def templates_can_be_filled(place: Place) -> Iterator[Finding]:
    """Every reference in a value has a meaning here."""
    for name, value in place.environment.env.items():
        keys, template = place.keys("env", name), parts(value)
        if template.is_broken:
            yield Finding(
                keys,
                "broken-template",
                "`{{ name }}`, with one of " + listed(NAMES),
                "close the braces and write one of these names between them",
            )
        for reference in template.names:
            if reference not in NAMES:
                nearest = get_close_matches(reference, NAMES, n=1, cutoff=0.5)
                yield Finding(
                    keys,
                    "unknown-template",
                    "one of " + listed(NAMES),
                    f"write `{{{{ {nearest[0]} }}}}`" if nearest else "write one of these names, or the value itself",
                    f"`{{{{ {reference} }}}}`",
                )
            elif reference == "dnsName" and place.environment.domain is None:
                yield Finding(
                    keys,
                    "template-without-domain",
                    "`{{ dnsName }}` only in an environment with a domain",
                    "add `domain:`, or write the name itself",
                    "`{{ dnsName }}` without a domain",
                )


def variables_fit(place: Place) -> Iterator[Finding]:
    """Cloud Run takes so many variables of such a size."""
    environment = place.environment
    for name, value in environment.env.items():
        size = len(value.encode())
        if size > ENV_VALUE_BYTES:
            yield Finding(
                place.keys("env", name),
                "variable-too-long",
                f"at most {ENV_VALUE_BYTES} bytes",
                "put it into a secret and mount it with `secretVolumes`, or into the image",
                f"{size} bytes",
            )
    count = len(environment.env) + len(environment.secret_env) + len(CONTRACT)
    if count > MAX_ENV_VARIABLES:
        yield Finding(
            place.keys("env"),
            "too-many",
            f"at most {MAX_ENV_VARIABLES} variables together with the platform's {len(CONTRACT)}",
            f"take away {count - MAX_ENV_VARIABLES}",
            f"{count} variables",
            on_key=True,
        )


ENVIRONMENT_RULES = (names_are_free, templates_can_be_filled, variables_fit)
