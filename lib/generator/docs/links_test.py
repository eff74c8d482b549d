from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from generator.docs import links

CONSOLE = "https://console.cloud.google.com/"

PAGES: tuple[tuple[str, str], ...] = (
    (links.project("p-1"), "home/dashboard?project=p-1"),
    (links.folder("123"), "cloud-resource-manager?folder=123"),
    (links.run_service("p-1", "europe-west1", "s"), "run/detail/europe-west1/s/metrics?project=p-1"),
    (links.run_revisions("p-1", "europe-west1", "s"), "run/detail/europe-west1/s/revisions?project=p-1"),
    (links.run_job("p-1", "europe-west1", "j"), "run/jobs/details/europe-west1/j/executions?project=p-1"),
    (links.logs("p-1", 'a="b" AND c>=D'), "logs/query;query=a%3D%22b%22%20AND%20c%3E%3DD;duration=PT1H?project=p-1"),
    (links.errors("p-1"), "errors?project=p-1"),
    (links.traces("p-1"), "traces/list?project=p-1"),
    (links.metrics("p-1"), "monitoring/metrics-explorer?project=p-1"),
    (links.dashboards("p-1"), "monitoring/dashboards?project=p-1"),
    (links.alerting("p-1"), "monitoring/alerting?project=p-1"),
    (links.objectives("p-1"), "monitoring/services?project=p-1"),
    (links.uptime("p-1"), "monitoring/uptime?project=p-1"),
    (links.run_worker_pools("p-1"), "run/worker-pools?project=p-1"),
    (links.iap("p-1"), "security/iap?project=p-1"),
    (links.sql_instance("p-1", "i"), "sql/instances/i/overview?project=p-1"),
    (links.query_insights("p-1", "i"), "sql/instances/i/insights?project=p-1"),
    (links.dataset("p-1", "d_1"), "bigquery?project=p-1&p=p-1&d=d_1&page=dataset"),
    (links.stream("p-1", "r1", "s"), "datastream/streams/locations/r1/instances/s?project=p-1"),
    (links.valkey("p-1", "r1", "i"), "memorystore/valkey/locations/r1/instances/i/details/overview?project=p-1"),
    (links.bucket("p-1", "b"), "storage/browser/b?project=p-1"),
    (links.topic("p-1", "t"), "cloudpubsub/topic/detail/t?project=p-1"),
    (links.subscription("p-1", "s"), "cloudpubsub/subscription/detail/s?project=p-1"),
    (links.queue("p-1", "r1", "q"), "cloudtasks/queue/r1/q/tasks?project=p-1"),
    (links.load_balancer("p-1", "m"), "net-services/loadbalancing/details/httpAdvanced/m?project=p-1"),
    (links.security_policy("p-1", "n"), "net-security/securitypolicies/details/n?project=p-1"),
    (links.secrets("p-1"), "security/secret-manager?project=p-1"),
    (links.secret("p-1", "s"), "security/secret-manager/secret/s/versions?project=p-1"),
    (links.iam("p-1"), "iam-admin/iam?project=p-1"),
    (links.dns_zone("p-1", "z"), "net-services/dns/zones/z/details?project=p-1"),
    (links.time_bound_access("p-1"), "iam-admin/pam/entitlements/my?project=p-1"),
    (links.pipeline("p-1", "europe-west1", "s"), "deploy/delivery-pipelines/europe-west1/s?project=p-1"),
    (links.scheduler("p-1"), "cloudscheduler?project=p-1"),
    (links.state("b", "a/dev/run"), "storage/browser/_details/b/a/dev/run/default.tfstate"),
)


@pytest.mark.parametrize(("url", "path"), PAGES)
def test_page(url: str, path: str) -> None:
    assert url == CONSOLE + path


def test_every_page_is_tested() -> None:
    builders = {name for name, value in vars(links).items() if isinstance(value, Callable) and name.islower()}  # type: ignore[arg-type]
    public = {name for name in builders if not name.startswith("_")} - {"quote", "urlencode", "source", "workspace"}
    assert len(public) == len(PAGES), public


def test_workspace() -> None:
    assert links.workspace("app.terraform.io", "acme", "a-b-run") == (
        "https://app.terraform.io/app/acme/workspaces/a-b-run/states"
    )


NASTY = 'a/b?c=d&e#f;g h"<i>%2F|é'


@pytest.mark.parametrize(
    "build",
    [
        lambda value: links.run_service(value, value, value),
        lambda value: links.run_job(value, value, value),
        lambda value: links.logs(value, value),
        lambda value: links.sql_instance(value, value),
        lambda value: links.stream(value, value, value),
        lambda value: links.valkey(value, value, value),
        lambda value: links.secret(value, value),
        lambda value: links.dns_zone(value, value),
    ],
)
def test_no_value_leaves_its_place(build: Callable[[str], str]) -> None:
    plain, nasty = urlsplit(build("x")), urlsplit(build(NASTY))
    assert nasty.netloc == "console.cloud.google.com"
    assert nasty.fragment == ""
    assert nasty.path.count("/") == plain.path.count("/")
    assert nasty.path.count(";") == plain.path.count(";")
    assert parse_qs(nasty.query) == {"project": [NASTY]}
    assert NASTY in unquote(nasty.path)


def test_a_dataset_is_named_in_the_query_alone() -> None:
    nasty = urlsplit(links.dataset(NASTY, NASTY))
    assert (nasty.netloc, nasty.path, nasty.fragment) == ("console.cloud.google.com", "/bigquery", "")
    assert parse_qs(nasty.query) == {"project": [NASTY], "p": [NASTY], "d": [NASTY], "page": ["dataset"]}


@pytest.mark.parametrize(
    ("repository", "directory", "url"),
    [
        ("github.com/acme/platform", "services/a", "https://github.com/acme/platform/tree/HEAD/services/a"),
        ("github.com/acme/platform", ".", "https://github.com/acme/platform"),
        ("git.acme.example/platform", "services/a", "https://git.acme.example/platform"),
    ],
)
def test_source(repository: str, directory: str, url: str) -> None:
    assert links.source(repository, directory) == url
