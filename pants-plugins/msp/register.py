"""The managed services platform as a Pants backend. Every module says what it adds in its own `rules()`."""

from __future__ import annotations

from msp.goals import check, msp_generate, msp_resolve_images, msp_upgrade, package, run, tailor
from msp.macros import msp_service_factory
from msp.subsystems import msp
from msp.target_types import (
    MspAppTarget,
    MspDevTarget,
    MspDocsTarget,
    MspEnvironmentTarget,
    MspInfraTargetGenerator,
    MspPlatformTarget,
)
from msp.util_rules import bindings, environments, expiry, generate, losses, reference, services, state, tool, tool_process
from msp.util_rules import held, lag, locked_requirements, program, releases, work_tree

from pants.build_graph.build_file_aliases import BuildFileAliases

_MODULES = (
    *(msp, services, environments),
    *(tool, tool_process, bindings, generate, losses, expiry, reference, state),
    *(releases, locked_requirements, work_tree, held, lag, program),
    *(check, msp_generate, msp_resolve_images, msp_upgrade, package, run, tailor),
)


def build_file_aliases():
    return BuildFileAliases(context_aware_object_factories={"msp_service": msp_service_factory})


def target_types():
    return (
        *(MspInfraTargetGenerator, MspEnvironmentTarget, MspDocsTarget, MspAppTarget, MspDevTarget),
        MspPlatformTarget,
    )


def rules():
    return tuple(rule for module in _MODULES for rule in module.rules())
