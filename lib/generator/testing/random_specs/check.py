"""What has to be true of a random spec: it is refused with findings that help, or what is made of it breaks nothing."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spec.testing.helpful import flaws

from generator.terraform.schema import Schema
from generator.testing import rendered
from generator.testing.invariants import Made, violations
from generator.testing.random_specs.one import RandomSpec


@dataclass(frozen=True)
class Verdict:
    """What came out."""

    accepted: bool
    problems: tuple[str, ...]
    """`kind of problem: what`, of the project's own mistakes; nothing where all is well."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What was made: path below the output folder -> content."""


def judge(spec: RandomSpec, root: Path, schema: Schema) -> Verdict:
    """Load the spec as people would, and make everything of it if it is accepted."""
    try:
        return _judge(spec, root, schema)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Verdict(
            False, (f"traceback: {type(error).__name__} in {Path(last.filename).name}, {last.name}: {error}",)
        )


def _judge(spec: RandomSpec, root: Path, schema: Schema) -> Verdict:
    rendered.activate()
    # Stacks can be imported once there is an engine.
    from generator.generate import generate

    fleet = spec.load(root)
    made = generate(fleet, root, schema)
    path = f"services/{spec.id}/service.yaml"
    problems = [
        f"finding: {flaw}: {found.render()}"
        for found in made.diagnostics
        for flaw in flaws(found, (root / found.path).read_bytes() if (root / found.path).is_file() else b"")
    ]
    problems += [f"terraform: {found.render()}" for found in made.diagnostics if found.path.startswith("infra-out/")]
    if bool(fleet.services) == bool([found for found in fleet.diagnostics if found.severity == "error"]):
        problems.append(f"both: {path} is accepted and has findings, or neither")
    accepted = bool(made.files)
    if accepted and fleet.platform is not None:
        problems += violations(Made.of(fleet.services[0].spec, fleet.platform, made.files))
    return Verdict(accepted, tuple(problems), made.files)


def kinds(verdict: Verdict) -> set[str]:
    """The kinds of problems: by these a smaller spec is known to show the same."""
    return {problem.partition(": ")[0] for problem in verdict.problems}


def shrunk(spec: RandomSpec, root: Path, schema: Schema) -> RandomSpec:
    """A spec with as few lines as still show the first of its problems."""
    shown = sorted(kinds(judge(spec, root, schema)))[:1]
    lines = spec.text.splitlines()
    size = max(1, len(lines) // 2)
    while size:
        start = 0
        while start < len(lines):
            fewer = [*lines[:start], *lines[start + size :]]
            smaller = spec.with_text("\n".join(fewer) + "\n")
            if kinds(judge(smaller, root, schema)) & set(shown):
                lines, spec = fewer, smaller
            else:
                start += size
        size //= 2
    return spec
