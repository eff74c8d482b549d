"""Check the stacks of one environment together: what one reads of another's state must be there.

A stack reads another's outputs as `data.terraform_remote_state.<name>.outputs.<output>`. Terraform finds out whether
the output exists only when it plans against the real state; here the other stack is at hand.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from generator.terraform.declarations import Declarations, Json
from generator.terraform.expressions import parse_template
from generator.terraform.findings import Finding, nearest
from generator.terraform.traversal import ExpressionError

_REMOTE_STATE = "terraform_remote_state"


def validate_environment(stacks: Mapping[str, Json], others: Sequence[Json] = ()) -> dict[str, list[Finding]]:
    """What is wrong between the stacks, by the name of the stack that reads; `stacks` is in the order of applying.

    The stack that is read is the one whose backend is the data source's `backend` and `config`. `others` are stacks of
    other environments, which may be read too.
    """
    order = list(stacks)
    declarations = {name: Declarations(tf) for name, tf in stacks.items()}
    elsewhere = {f"#{number}": Declarations(tf) for number, tf in enumerate(others)}
    findings = {}
    for position, name in enumerate(order):
        earlier = order[:position]
        found = list(_check_stack(declarations[name], earlier, elsewhere, {**declarations, **elsewhere}))
        if found:
            findings[name] = sorted(set(found))
    return findings


def _check_stack(
    reader: Declarations, earlier: list[str], elsewhere: Container[str], stacks: Mapping[str, Declarations]
) -> Iterator[Finding]:
    read: dict[str, str] = {}
    for declared in reader.resources.values():
        if declared.kind != "data" or declared.type != _REMOTE_STATE:
            continue
        state = {declared.body.get("backend"): declared.body.get("config")}
        target = next((name for name, stack in stacks.items() if state_home(stack.settings) == state), None)
        if target is None:
            known = ", ".join(earlier) or "none"
            yield Finding(
                declared.address,
                "config",
                "unknown-stack",
                str(declared.body.get("config")),
                f"the backend of a stack of this environment that is applied before ({known})",
            )
        elif target not in earlier and target not in elsewhere:
            expected = "a stack that is applied before this one"
            yield Finding(
                declared.address, "config", "unknown-stack", target, expected, "change the order of the stacks"
            )
        else:
            read[declared.name] = target
    for address, output in outputs_read(reader.tf):
        source, _, name = output.partition(".")
        if source in read and name not in stacks[read[source]].outputs:
            known_outputs = stacks[read[source]].outputs
            expected = f"an output of the stack {source}"
            fix = nearest(name, known_outputs) or f"declare it in {source}"
            yield Finding(address, "", "unknown-output", f"data.{_REMOTE_STATE}.{source}.outputs.{name}", expected, fix)


def state_home(settings: Mapping[str, Any]) -> Any:
    """Where a stack's state lies, as a data source names it: a workspace is read through the backend `remote`.

    Source: https://developer.hashicorp.com/terraform/language/state/remote-state-data
    """
    cloud = settings.get("cloud")
    if not isinstance(cloud, Mapping):
        return settings.get("backend")
    return {"remote": {**cloud, "workspaces": {"name": cloud.get("workspaces", {}).get("name")}}}


def outputs_read(tf: Json) -> Iterator[tuple[str, str]]:
    """The thing that reads, and `<data source>.<output>`, for every output of another stack's state that is read."""
    for address, value in _things(tf):
        for text in _strings(value):
            try:
                traversals = parse_template(text).traversals
            except ExpressionError:
                continue
            for traversal in traversals:
                steps = traversal.steps
                if traversal.root == "data" and len(steps) >= 4 and steps[0] == _REMOTE_STATE and steps[2] == "outputs":
                    yield address, f"{steps[1]}.{steps[3]}"


def _things(tf: Json) -> Iterator[tuple[str, Any]]:
    declarations = Declarations(tf)
    for address, declared in declarations.resources.items():
        yield address, declared.body
    for prefix, members in (
        ("provider", declarations.providers),
        ("local", declarations.locals),
        ("output", declarations.outputs),
    ):
        for name, body in members.items():
            yield f"{prefix}.{name}", body


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
