"""`tailor`: proposes `msp_service()` where a service.yaml has no owner."""

from __future__ import annotations

import os
from dataclasses import dataclass

from msp.target_types import SPEC_FILE

from pants.core.goals.tailor import AllOwnedSources, PutativeTarget, PutativeTargets, PutativeTargetsRequest
from pants.engine.fs import PathGlobs, Paths
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.dirutil import group_by_dir
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class PutativeServicesRequest(PutativeTargetsRequest):
    pass


@rule(desc="Find services without a target", level=LogLevel.DEBUG)
async def find_putative_services(request: PutativeServicesRequest, owned: AllOwnedSources) -> PutativeTargets:
    found = await Get(Paths, PathGlobs, request.path_globs(SPEC_FILE))
    return PutativeTargets(
        PutativeTarget(
            path=directory,
            name=os.path.basename(directory),
            type_alias="msp_service",
            triggering_sources=[SPEC_FILE],
            owned_sources=[SPEC_FILE],
        )
        for directory in group_by_dir(set(found.files) - set(owned))
    )


def rules():
    return (*collect_rules(), UnionRule(PutativeTargetsRequest, PutativeServicesRequest))
