"""Each environment: its facts, its pages in the console, who may look at it at all times, and how safe it is."""

from __future__ import annotations

from collections.abc import Callable

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link, strong
from generator.docs.markdown import Block, Blocks, anchor, facts, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.pages import pages
from generator.docs.sections import (
    access,
    cache,
    database,
    job,
    logs,
    policy,
    proxy,
    regions,
    releases,
    rollout,
    safety,
    secrets,
    variables,
    worker,
)
from generator.docs.shell import command, gcloud
from spec import constants
from spec.workloads import JOB, WORKER, Kind

TIERS = {
    "test": "test: for trying things, serves nobody",
    "internal": "internal: serves colleagues",
    "external": "external: serves customers",
}


def title(environment: EnvironmentGuide) -> str:
    return f"Environment {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [heading(2, "Environments")]
    for environment in guide.environments:
        found += [
            heading(3, title(environment), environment.id),
            facts(_facts(environment)),
            paragraph(fmt("In the console: {}.", join([link(page.title, page.url) for page in pages(environment)], " · "))),
            paragraph(fmt("In this guide: {}.", join(_sections(environment), " · "))),
            *_is_it_up(environment),
            *proxy.blocks(environment),
            *access.blocks(environment),
            *safety.blocks(environment),
            *policy.blocks(environment),
        ]
    return found


def _sections(environment: EnvironmentGuide) -> list[Inline]:
    """What else the guide has about this environment."""
    resources = environment.context.environment.resources
    titles = [
        ("logs", logs.title(environment)),
        *([("run it", job.title(environment))] if environment.workload is JOB else []),
        *([("more or fewer instances", worker.title(environment))] if environment.workload is WORKER else []),
        ("roll out", rollout.title(environment)),
        ("roll back", rollout.title_back(environment)),
        *([("database", database.title(environment))] if resources.postgres else []),
        *([("regions", regions.title(environment))] if len(environment.regions) > 1 else []),
        *([("cache", cache.title(environment))] if resources.redis else []),
        ("secrets", secrets.title(environment)),
        ("variables", variables.title(environment)),
    ]
    return [link(label, anchor(title)) for label, title in titles]


def _facts(environment: EnvironmentGuide) -> list[tuple[Text, Text]]:
    context = environment.context
    rows: list[tuple[Text, Text]] = [
        ("Project", link(environment.project_id, links.project(environment.project_id))),
        ("Tier", TIERS[context.environment.tier]),
        ("Regions" if len(environment.regions) > 1 else "Region", _regions(environment)),
        ("Image", _image(environment)),
        ("Runs as", code(context.names.workload_email)),
        ("Size", _size(environment)),
    ]
    if environment.release is not None:
        rows.append(("Terraform made by", _release(environment, environment.release)))
    if environment.workload.answers:
        rows += [("Reached", _reached(environment)), ("Lets in", _lets_in(environment))]
    if not context.safety.deletion_protection:
        rows.append(
            (strong("Unprotected"), fmt("{} is set: what holds data can be destroyed", code("allowDestroys: true")))
        )
    return rows


def _release(environment: EnvironmentGuide, release: int) -> Inline:
    return fmt(
        "release {} of the generator, at which tier {} is held; this guide is made by the newest one and may tell of what"
        " this environment is yet to get",
        str(release),
        environment.context.environment.tier,
    )


def _regions(environment: EnvironmentGuide) -> Text:
    if len(environment.regions) == 1:
        return environment.region
    home, *others = environment.regions
    return fmt("{} (the home), {}: {}", home, join(others), link("what is where", anchor(regions.title(environment))))


def _image(environment: EnvironmentGuide) -> Inline:
    image = code(environment.context.names.image)
    if environment.context.rollout is None:
        return image
    return fmt("what {} brought last; at first {}", link("a release", anchor(releases.TITLE)), image)


def _size(environment: EnvironmentGuide) -> Inline:
    instances = environment.context.environment.instances
    return fmt("{} vCPU, {}{}", instances.cpu, instances.memory, NUMBERS[environment.workload.kind](environment))


def _of_service(environment: EnvironmentGuide) -> Inline:
    instances = environment.context.environment.instances
    return fmt(
        " each; {} to {} instances{}; {} requests at a time in one; a request may take {} s",
        environment.context.safety.min_instances,
        instances.scaling.max_count,
        " in each region" if len(environment.regions) > 1 else "",
        instances.scaling.max_request_concurrency,
        instances.request_timeout_seconds,
    )


def _of_job(environment: EnvironmentGuide) -> Inline:
    declared = environment.context.environment
    retries = {0: "no retry", 1: "1 retry"}.get(declared.max_retries, f"{declared.max_retries} retries")
    return fmt("; an attempt may take {} s; {}", declared.deadline_seconds, retries)


def _of_worker(environment: EnvironmentGuide) -> Inline:
    number = environment.context.safety.worker_instances
    return fmt(" each; {}", {0: "no instance: work is held", 1: "1 instance"}.get(number, f"{number} instances"))


NUMBERS: dict[Kind, Callable[[EnvironmentGuide], Inline]] = {"service": _of_service, "job": _of_job, "worker": _of_worker}
"""How many containers, and for how long, for each kind of workload."""


def _reached(environment: EnvironmentGuide) -> Inline:
    name = environment.context.names.dns_name
    if name is not None:
        return fmt("{}, through its load balancer only", link(f"https://{name}", f"https://{name}"))
    if environment.context.environment.ingress == "all":
        return fmt("from the Internet, at the address that Cloud Run gave it (below)")
    return fmt("from within the project only: `ingress` is `internal`")


def _lets_in(environment: EnvironmentGuide) -> Inline:
    authentication = environment.context.environment.authentication
    if authentication.type == "public":
        return fmt("everybody: the service checks its callers itself")
    if authentication.type == "iap":
        return fmt("who signs in with Google: {}", link("who gets through", anchor(proxy.title(environment))))
    if not authentication.invokers:
        return fmt("nobody: `authentication.invokers` is empty")
    return fmt("callers with an identity token of {}", join(map(code, authentication.invokers), ", ", " or "))


def _is_it_up(environment: EnvironmentGuide) -> Blocks:
    """How to ask the running service, where it can be reached from outside and has probes (so that it answers)."""
    declared = environment.context.environment
    if not environment.workload.answers or not declared.health_probes.enabled:
        return []
    if environment.context.has_iap:
        return proxy.does_it_answer(environment)
    name = environment.context.names.dns_name
    if name is not None:
        return [
            paragraph(fmt("Is it up? The process answers without looking at anything else:")),
            shell(command("curl", "-fsS", f"https://{name}{constants.LIVE_PATH}")),
        ]
    if declared.ingress != "all":
        return []
    describe = gcloud(
        "run", "services", "describe", environment.run_name,
        project=environment.project_id, region=environment.region, format="value(status.url)",
    )  # fmt: skip
    is_public = declared.authentication.type == "public"
    token = "" if is_public else ' -H "Authorization: Bearer $(gcloud auth print-identity-token)"'
    return [
        paragraph(fmt("Its address, and whether it is up (the process answers without looking at anything else):")),
        shell(f"url=$({describe})", f'curl -fsS{token} "$url{constants.LIVE_PATH}"'),
    ]
