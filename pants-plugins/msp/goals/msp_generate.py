"""`msp-generate`: writes what `check` compares, and removes what no spec owns."""

from __future__ import annotations

from msp.util_rules.output_tree import prune
from msp.util_rules.selection import MspArtefactFieldSet, Selection, select
from msp.util_rules.state import MspState

from pants.engine.addresses import Addresses
from pants.engine.console import Console
from pants.engine.fs import CreateDigest, Digest, Workspace
from pants.engine.goal import Goal, GoalSubsystem
from pants.engine.rules import Get, collect_rules, goal_rule
from pants.engine.target import UnexpandedTargets
from pants.util.strutil import help_text, pluralize


class MspGenerateSubsystem(GoalSubsystem):
    name = "msp-generate"
    help = help_text(
        """
        Write what is generated from the specs, and remove what no spec owns.

        It touches what the addressed targets own, and nothing else: `services/accounts:infra#prod` is one environment's
        Terraform; `services/accounts::` all of a service, environments that are no longer in its spec included; `::` the
        whole repository, with services that are gone, the schemas and the reference pages.

        A service whose spec has errors is reported and left as it is; the others are written.
        """
    )


class MspGenerate(Goal):
    subsystem_cls = MspGenerateSubsystem
    environment_behavior = Goal.EnvironmentBehavior.LOCAL_ONLY


@goal_rule
async def msp_generate(console: Console, workspace: Workspace, addresses: Addresses) -> MspGenerate:
    # Unexpanded: `:infra` is more than all of its environments.
    targets = await Get(UnexpandedTargets, Addresses, addresses)
    chosen = [MspArtefactFieldSet.create(target) for target in targets if MspArtefactFieldSet.is_applicable(target)]
    if not chosen:
        console.print_stderr("No target here is generated; try `msp-generate ::`, or `msp-generate services/<id>::`.")
        return MspGenerate(exit_code=0)
    state = await Get(MspState, Selection, select(chosen, names_with_any_environment=False))

    comparisons = [difference.comparison for difference in state.differences]
    added = {path for one in comparisons for path in one.missing}
    changed = {path for one in comparisons for path in one.changed}
    removed = {path for one in comparisons for path in one.orphaned}
    if added or changed or removed:
        digest = await Get(Digest, CreateDigest(file for file in state.generated if file.path in added | changed))
        workspace.write_digest(digest, clear_paths=prune(removed, [file.path for file in state.committed]))

    for diagnostic in state.diagnostics:
        console.print_stderr(diagnostic.render())
    for sign, paths in (("+", added), ("~", changed), ("-", removed)):
        for path in sorted(paths):
            console.print_stdout(f"{sign} {path}")
    console.print_stdout(
        f"{pluralize(len(state.made), 'service')}: {len(added)} added, {len(changed)} changed, {len(removed)} removed."
    )
    if state.failed:
        names = ", ".join(service.id for service in state.failed)
        console.print_stderr(console.red(f"Left as they are, because of the errors above: {names}."))
    return MspGenerate(exit_code=int(state.has_errors))


def rules():
    return collect_rules()
