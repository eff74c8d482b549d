"""Whatever a stack reads is there when the stack is applied. A second witness beside generator.terraform."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.testing import rendered
from generator.testing.invariants.made import Made, strings

REMOTE = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)")
OWN = re.compile(r"\$\{(?:[a-z]+\()*((?:google|postgresql)_\w+)\.([\w-]+)\.")


def what_is_read_was_applied_before(made: Made) -> Iterator[str]:
    """Each output of another stack that is read is declared there, in a stack that comes earlier."""
    # Stacks can be imported once there is an engine.
    rendered.activate()
    from generator.render import STACK_ORDER

    by_home = {
        _home(terraform["terraform"]): (place.id, stack, terraform)
        for place in made.places
        for stack, terraform in place.stacks.items()
    }
    for place in made.places:
        for stack, terraform in place.stacks.items():
            states = terraform.get("data", {}).get("terraform_remote_state", {})
            rest = {name: block for name, block in terraform.items() if name not in ("terraform", "//")}
            for source, output in sorted({found for text in strings(rest) for found in REMOTE.findall(text)}):
                where = f"{place.id}/{stack} reads {source}.{output}"
                home = "".join(sorted(strings(states.get(source, {}).get("config", {}))))
                if home not in by_home:
                    yield f"{where}, which nobody writes"
                    continue
                environment, earlier, target = by_home[home]
                if output not in target.get("output", {}):
                    yield f"{where}, which {environment}/{earlier} does not declare"
                if STACK_ORDER.index(earlier) >= STACK_ORDER.index(stack):
                    yield f"{where}, which comes later"


def _home(settings: dict[str, object]) -> str:
    backend, cloud = settings.get("backend"), settings.get("cloud")
    if isinstance(backend, dict):
        return "".join(sorted(strings(backend["gcs"])))
    assert isinstance(cloud, dict)
    # A workspace is read by its name; the project that it is made in does not matter then.
    workspaces = {name: value for name, value in cloud["workspaces"].items() if name != "project"}
    return "".join(sorted(strings({**cloud, "workspaces": workspaces})))


def what_is_named_is_declared(made: Made) -> Iterator[str]:
    """Each resource that an expression names is in the same stack."""
    for place in made.places:
        for stack, terraform in place.stacks.items():
            declared = terraform.get("resource", {})
            for text in strings(
                {name: terraform.get(name, {}) for name in ("resource", "output", "locals", "provider")}
            ):
                if "$${" in text:
                    continue
                for kind, name in OWN.findall(text):
                    if name not in declared.get(kind, {}):
                        yield f"{place.id}/{stack} names {kind}.{name}"


PREDICATES = (what_is_read_was_applied_before, what_is_named_is_declared)
