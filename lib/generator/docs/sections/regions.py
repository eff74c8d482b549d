"""An environment in several regions: what is where, how one fails over to another, how one is drained, added, left."""

from __future__ import annotations

from collections.abc import Mapping

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link, strong
from generator.docs.markdown import Block, Blocks, anchor, bullets, careful, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import applying, changing, first_deployment
from generator.docs.shell import command, pants
from generator.docs.terraform_json import first
from generator.failover import EJECT_AFTER_ERRORS, EJECTION_SECONDS, MAX_EJECTION_PERCENT

HELD_HOURS = 2
"""Cloud Run keeps a subnetwork's addresses so long after the last instance:
https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#direct-vpc-ip-allocation"""


def title(environment: EnvironmentGuide) -> str:
    return f"Regions of {environment.id}"


def title_drain(environment: EnvironmentGuide) -> str:
    return f"Drain a region of {environment.id}"


def title_leave(environment: EnvironmentGuide) -> str:
    return f"Add or leave a region of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found = [block for one in guide.environments if len(one.regions) > 1 for block in _environment(guide, one)]
    return [heading(2, "Regions"), *found] if found else []


def _environment(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    return [
        heading(3, title(environment), environment.id),
        paragraph(
            fmt(
                "{} runs in each of these regions with the same image and the same size; one load balancer stands before"
                " all of them and sends a request to the nearest.",
                environment.run_name,
            )
        ),
        table(("Region", "Has", "In the console"), [_row(environment, region) for region in environment.regions]),
        *_home(environment),
        *_failover(environment),
        *_drain(environment),
        *_add_or_leave(guide, environment),
    ]


def _row(environment: EnvironmentGuide, region: str) -> tuple[Text, ...]:
    project, name = environment.project_id, environment.run_name
    pages = [
        link("service", links.run_service(project, region, name)),
        link("revisions", links.run_revisions(project, region, name)),
    ]
    has = "instances, and everything that keeps data: the home" if region == environment.region else "instances"
    return code(region), has, join(pages)


def _home(environment: EnvironmentGuide) -> Blocks:
    context, home = environment.context, code(environment.region)
    rows: list[Inline] = [
        fmt(
            "Secrets lie in {} alone, and an instance reads them when it starts: without {}, what runs elsewhere goes on,"
            " and new instances may not start.",
            home,
            home,
        )
    ]
    if context.has_postgres:
        rows.append(
            fmt(
                "The database is in {}, and the other regions reach it through the network: each of its answers takes the"
                " way between the regions, a hundred milliseconds and more from one continent to another. Ask for"
                " much at once, not for little often. Its connections are shared out over the instances of all regions.",
                home,
            )
        )
    if context.environment.resources.buckets or context.has_bigquery:
        rows.append(fmt("Buckets and datasets are in {}; they can be read and written from everywhere.", home))
    if context.has_messaging:
        rows.append(
            fmt(
                "Topics, subscriptions and queues are in {}. What is pulled, any instance gets; what Google delivers goes"
                " to {} alone.",
                home,
                home,
            )
        )
    return [paragraph(fmt("What stays in the home, {}:", home)), bullets(rows)]


def _failover(environment: EnvironmentGuide) -> Blocks:
    return [
        paragraph(
            fmt(
                "{} The load balancer judges a region by its answers: after {} of 5xx in a row it takes the region out for"
                " {} seconds, longer each time, and sends its requests to the next nearest; then it tries again. Until"
                " then callers see those errors. It never takes out more than {} % of the regions, so an error that all of"
                " them make takes out one and is seen by everybody. Alerts name the region in their label {}. What"
                " remains has to carry the load: {} counts in each region.",
                strong("When a region fails."),
                EJECT_AFTER_ERRORS,
                EJECTION_SECONDS,
                MAX_EJECTION_PERCENT,
                code("location"),
                code("scaling.maxCount"),
            )
        ),
        paragraph(
            fmt(
                "{} Where {} itself is lost, the others go on with what they have in memory and with what needs no data;"
                " a database does not fail over to another region.",
                strong("When the home fails."),
                code(environment.region),
            )
        )
        if environment.context.has_postgres
        else paragraph(
            fmt("{} What runs in the other regions goes on (see secrets above).", strong("When the home fails."))
        ),
    ]


def _drain(environment: EnvironmentGuide) -> Blocks:
    backend = first(environment.stack("edge"), "google_compute_backend_service")
    group = first(environment.stack("edge"), "google_compute_region_network_endpoint_group")
    assert backend is not None and group is not None  # several regions need a domain
    name, project = backend.text("name"), environment.project_id
    region = environment.regions[-1]
    balancer: dict[str, str | bool] = {"global": True, "project": project}
    which = {**balancer, "network_endpoint_group": group.text("name"), "network_endpoint_group_region": region}
    return [
        heading(4, title_drain(environment)),
        paragraph(
            fmt(
                "By hand, within a minute or two ({}); here {}. Requests that are under way are answered. First see that"
                " the others can carry the load:",
                link("as whom", anchor(applying.TITLE)),
                code(region),
            )
        ),
        shell(
            _backends("describe", name, {**balancer, "format": "value(backends[].group)"}),
            _backends("remove-backend", name, which),
        ),
        paragraph("And back:"),
        shell(_backends("add-backend", name, which)),
        careful(
            fmt(
                "Terraform does not know of it: the next apply of stack {} puts the region back. While a region is drained,"
                " alert {} tells so.",
                code("edge"),
                code("region-idle"),
            )
        ),
    ]


def _backends(verb: str, name: str, options: Mapping[str, str | bool]) -> str:
    return command("gcloud", "compute", "backend-services", verb, name, then="", **options)


def _add_or_leave(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    steps_in, way_out = _ways(environment)
    applied = link("the first deployment", anchor(first_deployment.title(environment)))
    return [
        heading(4, title_leave(environment)),
        paragraph(
            fmt(
                "A region is a word in {} of {}. It touches what is in that region and the load balancer's list, and where"
                " there is a database the share of its connections that each instance has. Make, check, review and merge"
                " it like {}:",
                code("additionalRegions"),
                code(guide.spec_path),
                link("any change", anchor(changing.title(guide))),
            )
        ),
        shell(pants("msp-generate", guide.targets), pants("check", guide.targets)),
        bullets(
            [
                fmt("To add one, apply {}, as in {}.{}", steps_in, applied, _first_image(environment)),
                fmt(
                    "To leave one, apply {}: the load balancer lets go of it before it goes.{}{}",
                    way_out,
                    _held(environment),
                    _address_is_kept(environment),
                ),
            ]
        ),
    ]


def _ways(environment: EnvironmentGuide) -> tuple[Inline, Inline]:
    """The stacks in the order to apply when a region comes, and when one goes."""
    rollout = environment.context.rollout
    pipeline = fmt("{} of {}", code("delivery"), rollout.last_environment) if rollout is not None else None
    middle = [code(stack) for stack in ("network", "run", "monitoring") if environment.stack(stack)]
    released = [] if pipeline is None else [pipeline, fmt("a release")]
    coming = [*middle, *released, code("edge")]
    going = [code("edge"), *([] if pipeline is None else [pipeline]), *reversed(middle)]
    return join(coming, " → "), join(going, " → ")


def _first_image(environment: EnvironmentGuide) -> Text:
    if environment.context.rollout is None:
        return ""
    return fmt(
        " Until the first release it runs {}, which callers should not see: that is why {} comes last.",
        code("rollout.initialImage"),
        code("edge"),
    )


def _held(environment: EnvironmentGuide) -> Text:
    if not environment.stack("network"):
        return ""
    return fmt(
        " Google keeps the addresses of its instances up to {} hours, and its subnetwork can't go before: apply {} again"
        " then.",
        HELD_HOURS,
        code("network"),
    )


def _address_is_kept(environment: EnvironmentGuide) -> Text:
    if not environment.context.has_static_egress:
        return ""
    return fmt(" Its outgoing address goes only with {}: others may have it on their lists.", code("allowDestroys"))
