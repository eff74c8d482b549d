"""The root of a service.yaml."""

from __future__ import annotations

from .base import Section, key
from .build import Build
from .environment import Environment
from .monitoring import Monitoring
from .rollout import Rollout
from .service import Service


class ServiceSpec(Section):
    """One service: who it is, where its image is, and the environments it runs in."""

    service: Service = key("Who the service is, whose it is, what it is.")
    build: Build = key("Where the service's image and source are.", default=Build.model_construct())
    monitoring: Monitoring = key("What is watched in every environment.", default=Monitoring.model_construct())
    environments: tuple[Environment, ...] = key("The places where the service runs.", min_length=1)
    rollout: Rollout | None = key(
        "The pipeline that brings releases to the environments with `deploy.type: rollout`.",
        default=None,
        default_text="none",
    )

    def environment(self, environment_id: str) -> Environment:
        """The environment of this id; KeyError where there is none."""
        for environment in self.environments:
            if environment.id == environment_id:
                return environment
        raise KeyError(environment_id)
