"""A secret does not belong into `env`: it would stand in the repository, in Terraform's state and in Google's console."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..secret_forms import looks_like
from .base import Place


def env_holds_no_secrets(place: Place) -> Iterator[Finding]:
    """High precision rather than all there is: a false alarm would teach people to work around the rule."""
    for name, value in place.environment.env.items():
        what = looks_like(value)
        if what is not None:
            secret = name.lower().replace("_", "-")
            yield Finding(
                place.keys("env", name),
                "secret-in-env",
                "a value that everybody may read",
                f"delete it here, write `secretEnv: {{{name}: {secret}}}` and put the value into Secret Manager"
                "; as it has been written down, make a new one",
                f"what looks like {what}",
            )


ENVIRONMENT_RULES = (env_holds_no_secrets,)
