"""`check`: specs are valid, and what is committed is what they say."""

from __future__ import annotations

from msp.util_rules.diffing import mend_command, render
from msp.util_rules.envelope import ordered
from msp.util_rules.expiry import ExpiriesRequest, MspExpiries
from msp.util_rules.lag import LagRequest, MspLag
from msp.util_rules.selection import MspArtefactFieldSet, Selection, select
from msp.util_rules.state import MspState

from pants.core.goals.check import CheckRequest, CheckResult, CheckResults
from pants.engine.fs import CreateDigest, Digest, DigestContents, FileEntry
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.engine.unions import UnionRule
from pants.util.docutil import bin_name
from pants.util.logging import LogLevel
from pants.util.strutil import pluralize


class MspCheckRequest(CheckRequest):
    field_set_type = MspArtefactFieldSet
    tool_name = "msp"


@rule(desc="Check services", level=LogLevel.DEBUG)
async def check_services(request: MspCheckRequest) -> CheckResults:
    if not request.field_sets:
        return CheckResults([], checker_name=request.tool_name)
    state = await Get(MspState, Selection, select(request.field_sets, names_with_any_environment=True))
    expiries, lag = await MultiGet(
        Get(MspExpiries, ExpiriesRequest(state.made)), Get(MspLag, LagRequest((*state.made, *state.failed)))
    )
    diagnostics = ordered((*state.diagnostics, *expiries.diagnostics, *lag.diagnostics))
    changed = {path for difference in state.differences for path in difference.comparison.changed}
    committed, generated = await MultiGet(
        Get(DigestContents, Digest, digest)
        for digest in await MultiGet(
            Get(Digest, CreateDigest(file for file in files if file.path in changed))
            for files in (state.committed, state.generated)
        )
    )
    before, after = (
        {file.path: file.content.decode(errors="replace") for file in contents} for contents in (committed, generated)
    )
    failed = any(diagnostic.is_error for diagnostic in diagnostics) or bool(state.differences)
    report = [diagnostic.render() for diagnostic in diagnostics]
    if diagnostics:
        report.append("")
    if state.differences:
        report.append(render(state.differences, before.__getitem__, after.__getitem__))
        report.append(f"\nTo mend: {mend_command(bin_name(), (one.mend for one in state.differences))}")
    if state.failed:
        names = ", ".join(service.id for service in state.failed)
        report.append(f"Not compared, because of the errors above: {names}. Mend them, then check again.")
    if not failed:
        report.append(_proof(state))
    return CheckResults([CheckResult(int(failed), "\n".join(report), "")], checker_name=request.tool_name)


def _proof(state: MspState) -> str:
    """What was found right, and what is found out elsewhere."""
    stacks = [file for file in state.generated if file.path.endswith("/cdk.tf.json")]
    environments = {file.path.rsplit("/", 2)[0] for file in stacks}
    return (
        f"{pluralize(len(state.made), 'service')}, {pluralize(len(environments), 'environment')},"
        f" {pluralize(len(stacks), 'stack')}: valid against the providers' schemas, and committed as generated."
        f" (Terraform itself is asked by `{bin_name()} test ::`, where it is installed.)"
    )


def rules():
    return (*collect_rules(), UnionRule(CheckRequest, MspCheckRequest))
