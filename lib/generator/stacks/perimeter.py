"""Stack `perimeter`: who passes the border around the environment's project, whatever IAM says.

The last of all: its rules name identities that the other stacks make (docs/adr/0026-a-perimeter-for-each-environment.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from generator import passages
from generator.context import Context
from generator.engine import core, google
from generator.literal import literal
from generator.resources import service_perimeter
from generator.stacks.scope import Export, StackScope
from spec.perimeter import is_enforced

NAME = "perimeter"


@dataclass(frozen=True)
class Variables:
    project_number: Export


def build(app: core.App, context: Context, variables: Variables) -> None:
    stack = StackScope(app, context, NAME)
    declared = context.platform.perimeter
    assert declared is not None  # otherwise there is no such stack
    number = stack.read(variables.project_number)
    ways = passages.passages(context)
    numbers = _numbers(stack, sorted({project for way in ways for project in way.projects} - {"*"}))
    levels = [f"accessPolicies/{declared.access_policy}/accessLevels/{name}" for name in declared.access_levels]

    def who(identities: Sequence[str]) -> list[str]:
        return [Template(identity).safe_substitute(number=number) for identity in identities]

    service_perimeter.new(
        stack.tf,
        "perimeter",
        service_perimeter.Config(
            access_policy=declared.access_policy,
            name=context.names.perimeter,
            title=literal(context.names.project_display_name),
            project=f"projects/{number}",
            restricted_services=passages.shut(context),
            ways_in=[
                service_perimeter.In(
                    title=way.title,
                    identities=who(way.identities),
                    services=way.services,
                    access_levels=levels if way.people else (),
                    projects=[numbers[project] for project in way.projects],
                )
                for way in ways
                if way.direction == "in"
            ],
            ways_out=[
                service_perimeter.Out(
                    title=way.title,
                    identities=who(way.identities),
                    services=way.services,
                    projects=[numbers[project] for project in way.projects],
                )
                for way in ways
                if way.direction == "out"
            ],
            enforced=is_enforced(context.environment, context.platform),
        ),
    )


def _numbers(stack: StackScope, projects: Sequence[str]) -> dict[str, str]:
    """Perimeters know projects by their numbers alone."""
    lookup = google.data_google_project
    return {"*": "*"} | {
        project: f"projects/{lookup.DataGoogleProject(stack.tf, f'project-{project}', project_id=project).number}"
        for project in projects
    }
