"""What a spec names in other places: secrets, and the registry of its image."""

from __future__ import annotations

import re

from spec.model import Environment
from spec.model.secrets import SecretReference

ARTIFACT_REGISTRY = re.compile(
    r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[a-z][a-z0-9-]+)/(?P<repository>[a-z0-9._-]+)/"
)


def declared_secrets(environment: Environment) -> list[SecretReference]:
    """One entry per secret that the spec names, however many variables and files read it; sorted."""
    references = [
        *environment.secret_env_references.values(),
        *(volume.reference for volume in environment.secret_volumes.values()),
    ]
    by_key = {(reference.project or "", reference.secret): reference for reference in references}
    return [by_key[key] for key in sorted(by_key)]
