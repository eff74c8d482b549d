"""images.lock.yaml as a whole: what is wrong with it beside its spec, and the spec with what it says filled in."""

from __future__ import annotations

from collections.abc import Iterator

from .check.partial import MISSING, Unknown
from .findings import Finding
from .model.images import ImageLock
from .model.root import ServiceSpec
from .rules.base import known


def lock_findings(
    lock: ImageLock, is_whole: bool, spec: ServiceSpec, elsewhere: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Entries that no subscription asks for; `elsewhere` are ids of environments that are not in `spec`."""
    if not is_whole:
        return
    try:
        subscribed = [
            environment.id
            for _, environment in known(spec.environments)
            if environment.id is not MISSING
            and (environment.deploy is MISSING or environment.deploy.type is MISSING or environment.deploy.type == "subscription")
        ]
    except Unknown:
        # The spec has no list of environments, which there is a finding about.
        return
    for environment_id in lock.images:
        if environment_id not in subscribed and environment_id not in elsewhere:
            yield Finding(
                ("images", environment_id),
                "image-lock-stale",
                "environments of service.yaml with `deploy.type: subscription` alone",
                "delete the entry, or let `./pants msp-resolve-images` write the file anew",
                f"the entry `{environment_id}`",
                on_key=True,
            )


def resolved(spec: ServiceSpec, lock: ImageLock | None) -> ServiceSpec:
    """The spec with the locked digest of each subscription. Nothing else of it changes."""
    if lock is None or not lock.images:
        return spec
    environments = tuple(
        environment.model_copy(
            update={"deploy": environment.deploy.model_copy(update={"digest": lock.images[environment.id].digest})}
        )
        if environment.deploy.type == "subscription" and environment.id in lock.images
        else environment
        for environment in spec.environments
    )
    return spec.model_copy(update={"environments": environments})
