"""Where a stack's state lies, and how another stack reads it: a bucket, or a workspace of HCP Terraform.

The second is written through overrides: CDKTF's construct for it runs the `terraform` program while it makes the
configuration, to see whether that is new enough.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.context import Context
from generator.engine import core
from spec.names import Names
from spec.platform.terraform import HcpState

Read = Callable[[str], str]
"""Name of an output -> reference to it."""


def keep(tf: core.TerraformStack, context: Context, name: str) -> None:
    """Say where the stack's own state lies."""
    state = context.platform.state
    if state.hcp is None:
        assert state.gcs is not None  # the rules see to it
        core.GcsBackend(tf, bucket=state.gcs.bucket, prefix=context.names.state_prefix(name))
        return
    # Without any backend CDKTF adds one with a path of this machine; `generator.home.finished` takes this one out.
    core.LocalBackend(tf, path="none")
    project = {"project": state.hcp.project} if state.hcp.project else {}
    workspaces = {"name": context.names.workspace(name), **project}
    tf.add_override("terraform.cloud", {**_host(state.hcp), "workspaces": workspaces})


def of(tf: core.TerraformStack, context: Context, environment: str, stack: str) -> Read:
    """The outputs of another stack, of this environment or of another one of the service; to be called once for each."""
    state = context.platform.state
    if environment == context.environment.id:
        names, id = context.names, stack
    else:
        names, id = Names(context.spec, context.spec.environment(environment), context.platform), f"{environment}-{stack}"
    if state.hcp is None:
        assert state.gcs is not None
        remote = core.DataTerraformRemoteStateGcs(
            tf, f"remote-{id}", bucket=state.gcs.bucket, prefix=names.state_prefix(stack)
        )
        remote.override_logical_id(id)
        return remote.get_string
    config = {**_host(state.hcp), "workspaces": {"name": names.workspace(stack)}}
    tf.add_override(f"data.terraform_remote_state.{id}", {"backend": "remote", "config": config})
    return lambda name: f"${{data.terraform_remote_state.{id}.outputs.{name}}}"


def _host(hcp: HcpState) -> dict[str, str]:
    return {"organization": hcp.organization, **({"hostname": hcp.hostname} if hcp.hostname else {})}
