"""What every guide has to be: tailored, whole, safe against what people write, the same every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from spec.constants import OTHER_REMEDY, REMEDIES
from spec.model import ServiceSpec, Tuning
from spec.model.monitoring import Alerts

from generator.context import Context
from generator.docs import anchors
from generator.docs.guide import ServiceGuide, render

FENCED = re.compile(r"^ *(`{3,}).*?^ *\1$", re.DOTALL | re.MULTILINE)
SERVICES = ("kitchen-job", "kitchen-rollout", "kitchen-sink", "kitchen-worker", "ledger", "smallest")


def headings(markdown: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", FENCED.sub("", markdown), re.MULTILINE)


def section(markdown: str, title: str) -> str:
    """A section of any level with what is below it."""
    match = re.search(rf"^(#+) {re.escape(title)}$", markdown, re.MULTILINE)
    assert match is not None, f"no section {title!r}"
    following = re.compile(rf"^#{{1,{len(match[1])}}} ", re.MULTILINE).search(markdown, match.end())
    return markdown[match.start() : following.start() if following else len(markdown)]


@pytest.fixture(params=SERVICES)
def guide(request: pytest.FixtureRequest, guides: dict[str, ServiceGuide]) -> ServiceGuide:
    return guides[request.param]


def test_every_link_within_leads_to_a_heading(guide: ServiceGuide) -> None:
    markdown = render(guide)
    found = anchors.slugs(headings(markdown))
    assert len(found) == len(set(found))
    assert set(re.findall(r"\]\(#([^)]*)\)", markdown)) <= set(found)


def test_no_two_headings_share_their_text(guide: ServiceGuide) -> None:
    """So that no anchor has a number, which would move when a section is added."""
    found = [anchors.slug(heading) for heading in headings(render(guide))]
    assert len(found) == len(set(found))


def test_what_an_instance_links_to_is_there(guide: ServiceGuide) -> None:
    """An instance's health page sends people here; these anchors are the contract between the two."""
    found = set(anchors.slugs(headings(render(guide))))
    for environment in guide.environments:
        resources = environment.context.environment.resources
        declared = [name for name in REMEDIES if getattr(resources, name, None) is not None]
        wanted = {remedy.format(environment=environment.id) for remedy in (OTHER_REMEDY, *map(REMEDIES.__getitem__, declared))}
        assert wanted <= found


def test_every_remedy_is_tried(guides: dict[str, ServiceGuide]) -> None:
    every = "\n".join(anchors.slug(heading) for guide in guides.values() for heading in headings(render(guide)))
    for remedy in (*REMEDIES.values(), OTHER_REMEDY):
        assert re.search(f"^{remedy.format(environment='.*')}$", every, re.MULTILINE), remedy


def test_every_table_is_whole(guide: ServiceGuide) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", FENCED.sub("", render(guide)), re.MULTILINE):
        rows = table.splitlines()
        assert len(rows) > 2, f"a table without rows: {rows}"
        assert len({row.count("|") for row in rows}) == 1, table


def test_everything_the_stacks_grant_has_words(guide: ServiceGuide) -> None:
    """The texts that stand where a table of words doesn't know a role or a secret of the platform's."""
    markdown = render(guide)
    assert "what the role says" not in markdown
    assert "| by the platform |" not in markdown
    assert not re.search(r"^\| `msp_\w+` \|  \|", markdown, re.MULTILINE)
    assert "computed by Terraform" not in markdown


def test_the_same_arguments_give_the_same_text(guide: ServiceGuide) -> None:
    assert render(guide) == render(replace(guide))


def test_the_order_of_hand_written_files_does_not_matter(guides: dict[str, ServiceGuide]) -> None:
    one = replace(guides["ledger"], custom={("live", "iam"): ["b.tf", "a.tf"], ("live", "run"): ["c.tf"]})
    other = replace(guides["ledger"], custom={("live", "run"): ["c.tf"], ("live", "iam"): ["a.tf", "b.tf"]})
    assert render(one) == render(other)


FOREIGN: Mapping[str, tuple[str, ...]] = {
    "smallest": (
        "database", "psql", "Cloud SQL", "cache", "Valkey", "a job", "execution", "load balancer", "Armor", "DNS zone",
        "msp_reader", "tunnel", "certificate", "people |",
    ),
    "ledger": ("cache", "Valkey", "Memorystore", "a job", "execution", "Cloud Armor policy", "scheduler"),
    "kitchen-worker": (
        "requests", "execution", "load balancer", "Armor", "DNS zone", "URL map", "the job", "`PORT`", "is it up", "Is it up",
        "run services", "run jobs", "run.invoker",
    ),
    "kitchen-job": ("requests", "revision", "curl", "load balancer", "Armor", "Valkey", "DNS zone", "URL map", "cache"),
}  # fmt: skip


@pytest.mark.parametrize("service", FOREIGN)
def test_nothing_irrelevant_is_said(service: str, guides: dict[str, ServiceGuide]) -> None:
    # The meanings of locals are one table for all services.
    markdown = render(guides[service])
    markdown = markdown.replace(section(markdown, "Terraform of your own"), "")
    # What an entry of an audit log calls the statement that it records.
    markdown = markdown.replace("protoPayload.request", "")
    for phrase in FOREIGN[service]:
        assert phrase not in markdown, re.findall(rf"^.*{re.escape(phrase)}.*$", markdown, re.MULTILINE)


def test_sections_follow_what_the_service_has(guides: dict[str, ServiceGuide]) -> None:
    found = {service: set(headings(render(guides[service]))) for service in SERVICES}
    assert {"Database", "Cache"} <= found["kitchen-sink"] and "Run the job" not in found["kitchen-sink"]
    assert "Database" in found["ledger"] and "Cache" not in found["ledger"]
    assert {"Run the job", "Change the job", "Database of prod"} <= found["kitchen-job"]
    assert "Database of dev" not in found["kitchen-job"]
    assert {"Instances of the worker", "Change the worker", "Database of prod"} <= found["kitchen-worker"]
    assert not {"Database", "Cache", "Run the job", "Instances of the worker"} & found["smallest"]


NASTY = "x`y|z\n# <b>$(touch pwned)</b> `id` ${HOME} [a](b) *c* \u202e'\"\\"


def nasty_tunings(tunings: Mapping[str, Tuning]) -> dict[str, Tuning]:
    return {id: tuning.model_copy(update={"reason": NASTY}) for id, tuning in tunings.items()}


def nasty_alerts(alerts: Alerts) -> Alerts:
    words = {"name": NASTY, "description": NASTY}
    return alerts.model_copy(
        update={
            "built_in": nasty_tunings(alerts.built_in),
            "custom": tuple(alert.model_copy(update={**words, "query": NASTY}) for alert in alerts.custom),
            "response_code_ratios": tuple(ratio.model_copy(update=words) for ratio in alerts.response_code_ratios),
        }
    )


def nasty_spec(spec: ServiceSpec) -> ServiceSpec:
    """The spec with text in it that no rule would let through, wherever a guide shows what people wrote."""
    environments = tuple(
        environment.model_copy(
            update={
                "project_id": NASTY,
                "region": NASTY,
                "deploy": environment.deploy.model_copy(update={"tag": NASTY, "digest": None}),
                "instances": environment.instances.model_copy(update={"memory": NASTY}),
                "secret_volumes": {
                    name: volume.model_copy(update={"mount_path": NASTY})
                    for name, volume in environment.secret_volumes.items()
                },
                "domain": environment.domain and environment.domain.model_copy(update={"subdomain": NASTY}),
                "authentication": environment.authentication.model_copy(update={"invokers": (NASTY,)}),
                # The default of the threshold would follow from a schedule that no rule lets through.
                "monitoring": environment.monitoring.model_copy(
                    update={
                        "built_in": nasty_tunings(
                            {**environment.monitoring.built_in, "job-absent": Tuning(threshold=60)}
                        )
                    }
                ),
                "schedule": environment.schedule
                and environment.schedule.model_copy(update={"cron": NASTY, "timezone": NASTY}),
                "resources": environment.resources.model_copy(
                    update={
                        "postgres": environment.resources.postgres
                        and environment.resources.postgres.model_copy(update={"databases": (NASTY, NASTY)})
                    }
                ),
            }
        )
        for environment in spec.environments
    )
    return spec.model_copy(
        update={
            "service": spec.service.model_copy(update={"name": NASTY, "description": NASTY}),
            "build": spec.build.model_copy(
                update={
                    "image": NASTY,
                    "source": spec.build.source
                    and spec.build.source.model_copy(update={"repository": NASTY, "directory": NASTY}),
                }
            ),
            "environments": environments,
            "monitoring": spec.monitoring.model_copy(update={"alerts": nasty_alerts(spec.monitoring.alerts)}),
        }
    )


def nasty_json(value: Any) -> Any:
    """Terraform JSON whose every plain text is nasty, escaped as a generator does it; references stay."""
    if isinstance(value, dict):
        return {key: inner if key in ("locals", "role", "//") else nasty_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [nasty_json(inner) for inner in value]
    return NASTY.replace("${", "$${") if isinstance(value, str) and "${" not in value else value


def nasty(guide: ServiceGuide) -> ServiceGuide:
    spec = nasty_spec(guide.contexts[0].spec)
    platform = guide.platform.model_copy(
        update={
            "organization": guide.platform.organization.model_copy(update={"name": NASTY}),
            "notifications": guide.platform.notifications.model_copy(update={"pager": NASTY, "webhook": NASTY}),
            "owners": {
                id: owner.model_copy(update={"name": NASTY, "chat": NASTY, "group": NASTY, "email": NASTY})
                for id, owner in guide.platform.owners.items()
            },
            "terraform": guide.platform.terraform.model_copy(update={"runner": NASTY}),
            "state": guide.platform.state.model_copy(
                update={"gcs": guide.platform.state.gcs and guide.platform.state.gcs.model_copy(update={"bucket": NASTY})}
            ),
        }
    )
    return ServiceGuide(
        contexts=tuple(Context.of(spec, environment, platform) for environment in spec.environments),
        stacks=nasty_json(guide.stacks),
        custom={(environment.id, "iam"): [NASTY] for environment in spec.environments},
        spec_path=f"services/{NASTY}/service.yaml",
    )


def test_what_people_write_changes_no_structure(guide: ServiceGuide) -> None:
    markdown = render(nasty(guide))
    outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)|<code>.*?</code>|\]\([^)]*\)", "", FENCED.sub("", markdown))
    assert "<b>" not in outside and "\u202e" not in outside
    assert not re.search(r"(?<!\\)\*c", outside)
    plain = [text for text in headings(render(guide))[1:] if not text.startswith("Roll out")]
    assert [text for text in headings(markdown)[1:] if not text.startswith("Roll out")] == plain
    for table in re.findall(r"(?:^\|.*\n)+", FENCED.sub("", markdown), re.MULTILINE):
        assert len({row.count("|") for row in table.splitlines()}) == 1, table
    assert set(re.findall(r"\]\(#([^)]*)\)", markdown)) <= set(anchors.slugs(headings(markdown)))
