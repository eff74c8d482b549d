"""`run`: a service on this machine. All of it is `lib/runtime/dev`; this says which service, and brings what it imports."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from msp.target_types import MspDevDependenciesField, MspEntryPointField
from msp.util_rules.program import DEV

from pants.backend.python.goals.run_helper import _create_python_source_run_request
from pants.backend.python.target_types import PexEntryPointField, PythonResolveField
from pants.backend.python.target_types_rules import rules as python_target_types_rules
from pants.backend.python.util_rules.pex_environment import PexEnvironment
from pants.backend.python.util_rules.pex_from_targets import rules as pex_from_targets_rules
from pants.core.goals.run import RunFieldSet, RunInSandboxBehavior, RunRequest
from pants.engine.rules import collect_rules, rule
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class RunDevFieldSet(RunFieldSet):
    required_fields = (MspDevDependenciesField, MspEntryPointField, PythonResolveField)
    run_in_sandbox_behavior = RunInSandboxBehavior.NOT_SUPPORTED
    entry_point: MspEntryPointField


@rule(desc="Prepare a service for this machine", level=LogLevel.DEBUG)
async def run_dev(field_set: RunDevFieldSet, pex_env: PexEnvironment) -> RunRequest:
    address = field_set.address
    # From the work tree and not from a sandbox: what is edited is what runs, also while it runs.
    request = await _create_python_source_run_request(
        address, entry_point_field=PexEntryPointField(DEV, address), pex_env=pex_env, run_in_sandbox=False
    )
    arguments = (f"--module={field_set.entry_point.module(address.spec_path)}", address.spec_path)
    return dataclasses.replace(request, args=(*request.args, *arguments))


def rules():
    return (
        *collect_rules(),
        *RunDevFieldSet.rules(),
        *pex_from_targets_rules(),
        *python_target_types_rules(),
    )
