"""The managed services platform as a Pants backend. Every module below says what it adds in its own `rules()`."""

from __future__ import annotations

from msp.macros import msp_service_factory
from msp.target_types import MspDocsTarget, MspEnvironmentTarget, MspInfraTargetGenerator, MspPlatformTarget

from pants.build_graph.build_file_aliases import BuildFileAliases


def build_file_aliases():
    return BuildFileAliases(context_aware_object_factories={"msp_service": msp_service_factory})


def target_types():
    return (MspInfraTargetGenerator, MspEnvironmentTarget, MspDocsTarget, MspPlatformTarget)


def rules():
    return ()
