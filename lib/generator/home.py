"""What an environment's folder says beside its stacks: which Terraform applies them, in which order, and where state lies.

`stacks.json` is for programs, such as a CI that applies what a change touches; `.tool-versions` is read by asdf and mise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.context import Context
from generator.terraform.address import from_opentofu

Stack = Mapping[str, Any]


def files(context: Context, stacks: Mapping[str, Stack], origin: str) -> dict[str, bytes]:
    """Name below the environment's folder -> content."""
    settings = context.platform.terraform
    version = settings.version_in(context.environment.tier)
    description = {
        "//": {"generated": f"by ./pants msp-generate from {origin}; edits are overwritten"},
        "engine": settings.engine,
        "version": version,
        "apply": [_entry(context, name, stack) for name, stack in stacks.items()],
    }
    return {
        ".tool-versions": f"{settings.engine} {version}\n".encode(),
        "stacks.json": (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode(),
    }


def _entry(context: Context, name: str, stack: Stack) -> dict[str, Any]:
    """One stack, in the order to apply: its folder, what it reads first, where its state is."""
    reads = sorted(stack.get("data", {}).get("terraform_remote_state", {}))
    state = context.platform.state
    if state.gcs is not None:
        place = {"gcs": f"gs://{state.gcs.bucket}/{context.names.state_prefix(name)}/default.tfstate"}
    else:
        place = {"workspace": context.names.workspace(name)}
    return {"stack": name, "reads": reads, "state": place}


def finished(stack: Stack, engine: str) -> Stack:
    """The stack as its home and engine want it: beside a `cloud` block no backend, OpenTofu's registry for OpenTofu."""
    settings = dict(stack["terraform"])
    if "cloud" in settings:
        del settings["backend"]
    if engine == "opentofu" and "required_providers" in settings:
        settings["required_providers"] = {
            name: {**requirement, "source": from_opentofu(requirement["source"])}
            for name, requirement in settings["required_providers"].items()
        }
    return {**stack, "terraform": settings}
