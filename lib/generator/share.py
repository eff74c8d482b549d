"""What of a service this generator makes. Other releases of it may make the rest: tiers are upgraded one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spec.model import Environment


@dataclass(frozen=True)
class Share:
    """By default all of it.

    environments   ids, for a part of the Terraform by hand; none stands for all
    tiers          those whose environments a release makes, without guide and description; None stands for all
    releases       tier -> the release that makes its environments instead; the guide says so
    """

    environments: frozenset[str] = frozenset()
    tiers: frozenset[str] | None = None
    releases: Mapping[str, int] = field(default_factory=dict)

    def has(self, environment: Environment) -> bool:
        """Whether the environment's Terraform is in it."""
        return (
            (not self.environments or environment.id in self.environments)
            and (self.tiers is None or environment.tier in self.tiers)
            and environment.tier not in self.releases
        )

    @property
    def has_guide(self) -> bool:
        """The guide speaks of all environments: one version makes it, that of the work tree."""
        return not self.environments and self.tiers is None
