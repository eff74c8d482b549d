from __future__ import annotations

from pathlib import Path

import pytest

from generator.context import Context
from generator.docs.guide import ServiceGuide
from generator.testing import rendered
from spec.loader import load_fleet


@pytest.fixture(scope="session")
def guides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ServiceGuide]:
    """By service id, what the guides of the golden fleet are made from: real specs and the real stacks."""
    rendered.activate()
    from generator.generate import synthesize_stacks

    root = tmp_path_factory.mktemp("fleet")
    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    assert fleet.platform is not None
    platform = fleet.platform
    stacks = synthesize_stacks(fleet.services, platform)
    return {
        service.spec.service.id: ServiceGuide(
            contexts=tuple(
                Context.of(service.spec, environment, platform) for environment in service.spec.environments
            ),
            stacks=stacks[service.spec.service.id],
            custom={},
            spec_path=service.path.as_posix(),
        )
        for service in fleet.services
    }
