"""Stack `project`: the Google Cloud project, its APIs, and the guard against its deletion."""

from __future__ import annotations

from dataclasses import dataclass

from generator.apis import required_apis
from generator.context import Context
from generator.engine import core
from generator.literal import literal
from generator.resources import project
from generator.stacks.scope import Export, StackScope

NAME = "project"


@dataclass(frozen=True)
class Variables:
    pass


@dataclass(frozen=True)
class Outputs:
    project_number: Export


def build(app: core.App, context: Context, variables: Variables) -> Outputs:
    stack = StackScope(app, context, NAME)
    created = project.new(
        stack.tf,
        "project",
        project.Config(
            project_id=context.names.project_id,
            display_name=literal(context.names.project_display_name),
            folder_id=context.names.folder_id,
            billing_account=context.platform.billing_account,
            labels=context.names.labels,
            apis=required_apis(context),
            lien_reason=_lien_reason(context),
            lifecycle=stack.lifecycle,
        ),
    )
    stack.local("project_number", created.number)
    return Outputs(project_number=stack.export("project_number", created.number, "Number of the project"))


def _lien_reason(context: Context) -> str | None:
    """Production projects can't be deleted by hand either, until the spec allows destroying them."""
    if context.environment.tier == "test" or not context.safety.deletion_protection:
        return None
    return f"{context.environment.tier} environment of {context.spec.service.id}; set allowDestroys in its service.yaml"
