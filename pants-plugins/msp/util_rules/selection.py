"""What the addresses on the command line stand for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Iterable

from msp.target_types import (
    MspArtefactSourcesField,
    MspDocsSourcesField,
    MspEnvironmentIdField,
    MspInfraSourcesField,
    MspPlatformSourceField,
)
from msp.util_rules.services import MspService

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.target import FieldSet


@dataclass(frozen=True)
class MspArtefactFieldSet(FieldSet):
    """Anything that is committed after it was made: every kind of target of this backend."""

    required_fields = (MspArtefactSourcesField,)
    sources: MspArtefactSourcesField
    environment: MspEnvironmentIdField


@dataclass(frozen=True)
class ServiceSelection:
    """What is addressed of one service: single environments or all, the guide, the service's own set of names."""

    service: MspService
    environments: frozenset[str]
    all_environments: bool
    docs: bool
    names: bool


@dataclass(frozen=True)
class Selection(EngineAwareParameter):
    """Everything that is addressed. `platform` is the repository's own part: the reference, and the set of services."""

    services: tuple[ServiceSelection, ...]
    platform: bool

    def debug_hint(self) -> str:
        return ", ".join([one.service.id for one in self.services] + ["the platform"] * self.platform)


def select(field_sets: Iterable[MspArtefactFieldSet], *, names_with_any_environment: bool) -> Selection:
    """Groups targets by service.

    A service's names belong to its `:infra`. A goal that sees that target replaced by the environments which it generates,
    and changes nothing, takes any environment for it.
    """
    by_service: dict[MspService, list[MspArtefactFieldSet]] = defaultdict(list)
    platform = False
    for field_set in field_sets:
        if isinstance(field_set.sources, MspPlatformSourceField):
            platform = True
        else:
            by_service[MspService(field_set.address.spec_path)].append(field_set)
    return Selection(
        tuple(_select_service(service, by_service[service], names_with_any_environment) for service in sorted(by_service)),
        platform,
    )


def _select_service(
    service: MspService, field_sets: list[MspArtefactFieldSet], names_with_any_environment: bool
) -> ServiceSelection:
    environments = frozenset(one.environment.value for one in field_sets if one.environment.value)
    infra = any(isinstance(one.sources, MspInfraSourcesField) for one in field_sets)
    return ServiceSelection(
        service,
        environments,
        all_environments=infra,
        docs=any(isinstance(one.sources, MspDocsSourcesField) for one in field_sets),
        names=infra or (names_with_any_environment and bool(environments)),
    )
