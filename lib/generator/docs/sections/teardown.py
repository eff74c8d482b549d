"""How an environment is taken down: protection first, then the stacks from the last to the first."""

from __future__ import annotations

from generator.docs.inline import code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, careful, fenced, heading, paragraph, shell, steps
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import applying, audit, changing, encryption, first_deployment, private_network
from generator.docs.shell import command, gcloud, pants


def title(environment: EnvironmentGuide) -> str:
    return f"Take down {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [
        heading(2, "Take an environment down"),
        careful("It destroys the environment with everything that it keeps. A project's id can never be used again."),
    ]
    for environment in guide.environments:
        found += [heading(3, title(environment), environment.id), steps(_steps(guide, environment))]
    return found


def _steps(guide: ServiceGuide, environment: EnvironmentGuide) -> list[Blocks]:
    return [
        *([_keep(environment)] if environment.context.has_postgres else []),
        *_lift_protection(guide, environment),
        *([_forget(environment)] if private_network.needed_by(environment) else []),
        _destroy(environment),
        _remove(guide, environment),
    ]


def _keep(environment: EnvironmentGuide) -> Blocks:
    instance = environment.context.names.database_instance
    return [
        paragraph(
            fmt("Take out of the database what has to stay: the backups of {} go with it.", code(instance)),
        )
    ]


def _lift_protection(guide: ServiceGuide, environment: EnvironmentGuide) -> list[Blocks]:
    if not environment.context.safety.deletion_protection:
        return [
            [
                paragraph(
                    fmt(
                        "The spec lifts the protection already ({}). Where that was never applied, apply every stack"
                        " first.",
                        code("allowDestroys: true"),
                    )
                )
            ]
        ]
    protected = [stack for stack in environment.stacks if stack not in private_network.NEEDED_BY]
    return [
        [
            paragraph(
                fmt(
                    "Lift the protection in {}; make, check, review and merge that like {}:",
                    code(guide.spec_path),
                    link("any change", anchor(changing.title(guide))),
                )
            ),
            fenced(f"environments:\n  - id: {environment.id}\n    allowDestroys: true", "yaml"),
            shell(pants("msp-generate", guide.targets), pants("check", guide.targets)),
        ],
        [
            paragraph(
                fmt(
                    "Apply that, in this order: {}, with the commands of {}. Nothing that holds data goes yet.",
                    join(map(code, protected), " → "),
                    link("the first deployment", anchor(first_deployment.title(environment))),
                )
            )
        ],
    ]


def _forget(environment: EnvironmentGuide) -> Blocks:
    forgotten = private_network.needed_by(environment)
    return [
        paragraph(
            fmt(
                "Let Terraform forget {} {}: what it holds is inside the database and goes with it, while destroying"
                " it would need the database to answer.",
                "stack" if len(forgotten) == 1 else "stacks",
                join(map(code, forgotten), ", ", " and "),
            )
        ),
        shell(*(line for stack in forgotten for line in _forget_commands(environment, stack))),
    ]


def _forget_commands(environment: EnvironmentGuide, stack: str) -> list[str]:
    """The state, thrown away where it lies; a workspace keeps its history."""
    gcs = environment.context.platform.state.gcs
    if gcs is not None:
        prefix = environment.context.names.state_prefix(stack)
        return [gcloud("storage", "rm", f"gs://{gcs.bucket}/{prefix}/default.tfstate")]
    forget = environment.terraform(stack, "state", "rm")
    return [environment.terraform(stack, "init"), f"{environment.terraform(stack, 'state', 'list')} | xargs {forget}"]


def _destroy(environment: EnvironmentGuide) -> Blocks:
    stacks = [stack for stack in reversed(list(environment.stacks)) if stack not in private_network.NEEDED_BY]
    commands = [
        line
        for stack in stacks
        for line in (environment.terraform(stack, "init"), environment.terraform(stack, "destroy"))
    ]
    return [
        paragraph(fmt("Destroy from the last stack to the first ({}):", link("as whom", anchor(applying.TITLE)))),
        shell(*commands),
        *(
            [
                paragraph(
                    "Where Google holds the network back because a service still uses it, go on: it goes with the"
                    " project."
                )
            ]
            if environment.context.needs_network
            else []
        ),
        *(
            [
                paragraph(
                    fmt(
                        "Stack {} schedules every version of the environment's keys for destruction: for {} days they can be"
                        " brought back, after that nobody ever reads what is left of what they encrypted.",
                        link("keys", anchor(encryption.title(environment))),
                        environment.context.safety.key_destruction_days,
                    )
                )
            ]
            if environment.context.encrypted
            else []
        ),
        *(
            [
                paragraph(
                    fmt(
                        "The locked record of {} can't be destroyed before its last entry is {} days old, and the"
                        " project can't either. Let Terraform forget it ({}), and come back then.",
                        link("who read or changed data", anchor(audit.title(environment))),
                        environment.context.safety.audit_retention_days,
                        code("terraform state rm google_logging_project_bucket_config.audit-bucket"),
                    )
                )
            ]
            if environment.context.safety.audit_locked
            else []
        ),
    ]


def _remove(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    if len(guide.environments) > 1:
        return [
            paragraph(
                fmt(
                    "Take {} out of {}, and let what was made for it go:",
                    code(f"id: {environment.id}"),
                    code(guide.spec_path),
                )
            ),
            shell(pants("msp-generate", guide.targets)),
        ]
    return [
        paragraph("It is the last environment, so remove the service, and let what was made for it go:"),
        shell(command("git", "rm", "-r", guide.directory or "."), pants("msp-generate", "::")),
    ]
