"""A new image into an environment, and the old one back."""

from __future__ import annotations

import re

from generator.docs import links
from generator.docs.inline import Inline, code, fmt, link
from generator.docs.markdown import Block, Blocks, anchor, fenced, heading, paragraph, shell, steps
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import access, applying, job, release_access, release_commands, releases, time_bound
from generator.docs.shell import command, gcloud, pants
from spec.workloads import Kind

RUN = "run"
LOCK = "images.lock.yaml"
ARTIFACT_REGISTRY = re.compile(r"[a-z0-9-]+-docker\.pkg\.dev/")


def title(environment: EnvironmentGuide) -> str:
    return f"Roll out and roll back in {environment.id}"


def title_back(environment: EnvironmentGuide) -> str:
    return f"Roll back in {environment.id}"


HOW: dict[str, Inline] = {
    "manual": fmt(
        "Deploy type {}: an image runs because the spec names it and somebody applied stack {}. A digest always means the"
        " same bytes; a tag can be moved.",
        code("manual"),
        code(RUN),
    ),
    "subscription": fmt(
        "Deploy type {}: an environment follows a tag. What the tag means is looked up by a command, written into the"
        " committed {} and applied: never at another time.",
        code("subscription"),
        code(LOCK),
    ),
    "rollout": fmt("Deploy type {}: {} bring images.", code("rollout"), link("releases", anchor(releases.TITLE))),
}
"""How an image comes to run, for each type of deployment."""


def blocks(guide: ServiceGuide) -> Blocks:
    types = [environment.context.environment.deploy.type for environment in guide.environments]
    found: list[Block] = [
        heading(2, "Roll out and roll back"),
        *(paragraph(how) for type, how in HOW.items() if type in types),
    ]
    ways = {"manual": _manual, "subscription": _subscription, "rollout": _released}
    for environment in guide.environments:
        found += [heading(3, title(environment), environment.id)]
        found += ways[environment.context.environment.deploy.type](guide, environment)
    return found


def _manual(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    named = _by_digest if environment.context.environment.deploy.digest else _by_tag
    return [*named(guide, environment), *_back(guide, environment)]


def _released(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        *releases.of_environment(environment),
        heading(4, title_back(environment)),
        paragraph(fmt("The release that ran before, once more ({}):", link("as whom", anchor(release_access.WHO)))),
        release_commands.rollback(environment),
    ]


def _subscription(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    names = environment.context.names
    tag = environment.context.environment.deploy.tag
    return [
        paragraph(
            fmt(
                "{} follows {}; it runs {} until somebody looks the tag up again.",
                environment.id,
                code(f"{names.image_repository}:{tag}"),
                code(environment.context.environment.deploy.digest),
            )
        ),
        steps(
            [
                [
                    paragraph(
                        fmt(
                            "Look up what the tag means now, with the credentials that {} has; it prints what changed. CI"
                            " may do so on a schedule and propose the change.",
                            code("docker"),
                        )
                    ),
                    shell(pants("msp-resolve-images", guide.targets)),
                ],
                _regenerate(guide, environment),
                _apply(environment),
                _watch(environment),
            ]
        ),
        heading(4, title_back(environment)),
        *_at_once(environment),
        paragraph(
            fmt(
                "For good: move the tag back, or write the older digest into {}; its history has what ran before. Then as"
                " above, without looking the tag up.",
                code(LOCK),
            )
        ),
        shell(command("git", "log", "-p", "--", f"{guide.directory}/{LOCK}" if guide.directory else LOCK)),
    ]


def _by_digest(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        steps(
            [
                _image(guide, environment),
                [
                    paragraph(fmt("In {}, name it:", code(guide.spec_path))),
                    fenced(_snippet(environment), "yaml"),
                ],
                _regenerate(guide, environment),
                _apply(environment),
                _watch(environment),
            ]
        )
    ]


def _snippet(environment: EnvironmentGuide) -> str:
    lines = [
        "environments:",
        f"  - id: {environment.id}",
        "    deploy:",
        f"      type: {environment.context.environment.deploy.type}",
        "      digest: sha256:DIGEST",
    ]
    return "\n".join(lines)


def _image(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    repository = environment.context.names.image_repository
    pushed = fmt("Push the image to {} and note its digest, {}.", code(repository), code("sha256:…"))
    if ARTIFACT_REGISTRY.match(repository) is None:
        return [paragraph(pushed, "The push prints it.")]
    return [
        paragraph(pushed, "The push prints it; for an image that is there already:"),
        shell(
            command(
                "gcloud",
                "artifacts",
                "docker",
                "images",
                "describe",
                f"{repository}:TAG",
                format="value(image_summary.digest)",
            )  # fmt: skip
        ),
    ]


def _regenerate(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        paragraph(
            fmt(
                "Make the Terraform anew; nothing of it may differ but the image in {} (and this guide). Commit both"
                " and have them reviewed.",
                code(f"{environment.folder(RUN)}/cdk.tf.json"),
            )
        ),
        shell(
            pants("msp-generate", guide.targets), command("git", "diff", guide.output), pants("check", guide.targets)
        ),
    ]


def _apply(environment: EnvironmentGuide) -> Blocks:
    return [
        paragraph(fmt("After the merge, apply ({}):", link("as whom", anchor(applying.TITLE)))),
        applying.apply(environment, RUN),
    ]


def _watch(environment: EnvironmentGuide) -> Blocks:
    if not environment.workload.stays:
        return [
            paragraph(
                fmt(
                    "The next run uses the new image; a run that goes on keeps the old one. {}.",
                    link("Run it now", anchor(job.TITLE)),
                )
            )
        ]
    return [paragraph(_comes_in(environment)), shell(revisions(environment, 3))]


def _comes_in(environment: EnvironmentGuide) -> Inline:
    if not environment.workload.answers:
        return fmt("The new revision's instances take the place of the old ones, which may end what they are at:")
    page = link("revisions", links.run_revisions(environment.project_id, environment.region, environment.run_name))
    return fmt("The new revision takes all requests once its instances are ready ({}):", page)


def revisions(environment: EnvironmentGuide, limit: int) -> str:
    """The command that lists the newest revisions; of a workload that has some."""
    workload = environment.workload
    of = {workload.revisions_of: environment.run_name}
    return gcloud(
        *workload.revisions, "list", **of, project=environment.project_id, region=environment.region, limit=limit
    )


def _by_tag(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        paragraph(
            fmt(
                "{} runs what the tag {} meant when it was last rolled out. Terraform sees the tag and not what it"
                " means, so after a push to the same tag there is nothing to apply; have Cloud Run look the tag up"
                " again ({}):",
                environment.id,
                code(environment.context.environment.deploy.tag),
                as_whom(environment),
            )
        ),
        again(environment),
        paragraph(
            fmt(
                "Another tag, or better a digest, goes into {} in {} under {}; then:",
                code("deploy"),
                code(guide.spec_path),
                code(f"id: {environment.id}"),
            )
        ),
        steps([_regenerate(guide, environment), _apply(environment), _watch(environment)]),
    ]


def again(environment: EnvironmentGuide) -> Block:
    """The same image once more: a tag is looked up again, and a service gets new instances.

    gcloud makes a new revision whenever it is given an image, even the same one.
    """
    if environment.context.rollout is not None:
        return release_commands.again(environment)
    return shell(
        gcloud(
            *environment.workload.gcloud, "update", environment.run_name,
            image=environment.context.names.image, project=environment.project_id, region=environment.region,
        )
    )  # fmt: skip


def _back(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        heading(4, title_back(environment)),
        *_at_once(environment),
        paragraph(
            fmt("For good, name the image that was fine in the spec, as above. The spec's history has what ran before:")
        ),
        shell(command("git", "log", "-p", "--", guide.spec_path)),
    ]


BACK: dict[Kind, tuple[str, str]] = {
    "service": ("send all requests to", "update-traffic"),
    "worker": ("let all instances be of", "update-instance-split"),
}
"""What brings a revision back at once, in words and in gcloud's; a job has no revisions."""


def _at_once(environment: EnvironmentGuide) -> Blocks:
    workload = environment.workload
    if workload.kind not in BACK:
        return []
    words, verb = BACK[workload.kind]
    where = {"project": environment.project_id, "region": environment.region}
    return [
        paragraph(
            fmt(
                "At once, {} a revision that was fine ({}); the third command has its image's digest."
                " The next apply of stack {} brings the newest revision back.",
                words,
                as_whom(environment),
                code(RUN),
            )
        ),
        shell(
            revisions(environment, 10),
            gcloud(*workload.gcloud, verb, environment.run_name, **where, to_revisions="REVISION=100"),
            gcloud(*workload.revisions, "describe", "REVISION", **where, format="value(status.imageDigest)"),
        ),
    ]


def as_whom(environment: EnvironmentGuide) -> Inline:
    """Who may change the Cloud Run service, job or worker pool by hand."""
    if environment.context.rollout is not None:
        return link("as whom", anchor(release_access.WHO))
    if access.may_at_all_times(environment, access.RUN_DEVELOPER):
        return fmt("owners may")
    if time_bound.entitlement(environment, "deploy") is not None:
        return fmt("with {}: {}", code("deploy"), access.how_to_get_more(environment))
    return link("as whom", anchor(applying.TITLE))
