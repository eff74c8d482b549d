"""Keys that only some kinds of workload have."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.partial import MISSING
from ..findings import Finding, Keys, listed
from ..model.base import Section
from ..model.environment import Environment
from ..model.monitoring import Monitoring
from ..model.rollout import Rollout, Stage
from ..model.root import ServiceSpec
from ..model.service import Service
from ..shapes import keys_of
from .base import Place, known


def _misplaced(section: Section, model: type[Section], kind: str, keys: Keys) -> Iterator[Finding]:
    """The keys that are given and belong to other kinds, of this section and of those below it."""
    for key in keys_of(model):
        if key.attribute not in section.model_fields_set:
            continue
        if key.only and kind not in key.only:
            yield Finding(
                (*keys, key.name),
                "wrong-kind",
                f"keys that a {kind} has",
                f"delete it, or set `service.kind: {key.only[0]}`",
                f"`{key.name}`, which only a {listed(key.only)} has, in a {kind}",
                on_key=True,
            )
            continue
        below = getattr(section, key.attribute)
        if key.shape.kind == "section" and key.shape.section is not None and below is not MISSING:
            yield from _misplaced(below, key.shape.section, kind, (*keys, key.name))
        item = key.shape.item if key.shape.kind == "list" else None
        if item is not None and item.section is not None and below is not MISSING:
            for index, entry in known(below):
                yield from _misplaced(entry, item.section, kind, (*keys, key.name, index))


def service_keys_fit_kind(spec: ServiceSpec) -> Iterator[Finding]:
    """`service` and `monitoring` hold nothing that belongs to other kinds."""
    yield from _misplaced(spec.service, Service, spec.service.kind, ("service",))
    yield from _misplaced(spec.monitoring, Monitoring, spec.service.kind, ("monitoring",))


def rollout_keys_fit_kind(spec: ServiceSpec) -> Iterator[Finding]:
    """Neither do the pipeline and its stages: a job has no traffic to share."""
    if spec.rollout is not None:
        yield from _misplaced(spec.rollout, Rollout, spec.service.kind, ("rollout",))
        for index, stage in known(spec.rollout.stages):
            yield from _misplaced(stage, Stage, spec.service.kind, ("rollout", "stages", index))


def environment_keys_fit_kind(place: Place) -> Iterator[Finding]:
    """Neither does an environment."""
    yield from _misplaced(place.environment, Environment, place.spec.service.kind, place.keys())


SERVICE_RULES = (service_keys_fit_kind, rollout_keys_fit_kind)
ENVIRONMENT_RULES = (environment_keys_fit_kind,)
