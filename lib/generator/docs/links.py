"""Addresses of Google Cloud's console, with every value quoted. One function for each page that guides link to.

The console documents few of its addresses; these are the forms that it shows in the browser itself.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

CONSOLE = "https://console.cloud.google.com"
LOG_WINDOW = "PT1H"
"""How far back the Logs Explorer looks at first, an ISO 8601 duration."""


def project(project_id: str) -> str:
    return _page("home/dashboard", project_id)


def folder(folder_id: str) -> str:
    return f"{CONSOLE}/cloud-resource-manager?{urlencode({'folder': folder_id})}"


def run_service(project_id: str, region: str, name: str) -> str:
    return _page(f"run/detail/{_part(region)}/{_part(name)}/metrics", project_id)


def run_revisions(project_id: str, region: str, name: str) -> str:
    return _page(f"run/detail/{_part(region)}/{_part(name)}/revisions", project_id)


def run_job(project_id: str, region: str, name: str) -> str:
    return _page(f"run/jobs/details/{_part(region)}/{_part(name)}/executions", project_id)


def run_worker_pools(project_id: str) -> str:
    """The project's worker pools, of which there is one."""
    return _page("run/worker-pools", project_id)


def logs(project_id: str, query: str) -> str:
    """The Logs Explorer with the query filled in (`generator.docs.log_filters`)."""
    return _page(f"logs/query;query={_part(query)};duration={LOG_WINDOW}", project_id)


def errors(project_id: str) -> str:
    return _page("errors", project_id)


def traces(project_id: str) -> str:
    return _page("traces/list", project_id)


def metrics(project_id: str) -> str:
    return _page("monitoring/metrics-explorer", project_id)


def dashboards(project_id: str) -> str:
    return _page("monitoring/dashboards", project_id)


def alerting(project_id: str) -> str:
    return _page("monitoring/alerting", project_id)


def objectives(project_id: str) -> str:
    return _page("monitoring/services", project_id)


def uptime(project_id: str) -> str:
    return _page("monitoring/uptime", project_id)


def sql_instance(project_id: str, instance: str) -> str:
    return _page(f"sql/instances/{_part(instance)}/overview", project_id)


def query_insights(project_id: str, instance: str) -> str:
    return _page(f"sql/instances/{_part(instance)}/insights", project_id)


def valkey(project_id: str, region: str, instance: str) -> str:
    return _page(
        f"memorystore/valkey/locations/{_part(region)}/instances/{_part(instance)}/details/overview", project_id
    )


def bucket(project_id: str, name: str) -> str:
    return _page(f"storage/browser/{_part(name)}", project_id)


def topic(project_id: str, name: str) -> str:
    return _page(f"cloudpubsub/topic/detail/{_part(name)}", project_id)


def subscription(project_id: str, name: str) -> str:
    return _page(f"cloudpubsub/subscription/detail/{_part(name)}", project_id)


def queue(project_id: str, region: str, name: str) -> str:
    return _page(f"cloudtasks/queue/{_part(region)}/{_part(name)}/tasks", project_id)


def load_balancer(project_id: str, url_map: str) -> str:
    return _page(f"net-services/loadbalancing/details/httpAdvanced/{_part(url_map)}", project_id)


def security_policy(project_id: str, policy: str) -> str:
    return _page(f"net-security/securitypolicies/details/{_part(policy)}", project_id)


def iap(project_id: str) -> str:
    """Identity-Aware Proxy: who gets through, and to what."""
    return _page("security/iap", project_id)


def dataset(project_id: str, dataset_id: str) -> str:
    """The dataset in BigQuery's own pages, opened in the project that holds it."""
    query = {"project": project_id, "p": project_id, "d": dataset_id, "page": "dataset"}
    return f"{CONSOLE}/bigquery?{urlencode(query)}"


def stream(project_id: str, region: str, stream_id: str) -> str:
    return _page(f"datastream/streams/locations/{_part(region)}/instances/{_part(stream_id)}", project_id)


def secrets(project_id: str) -> str:
    return _page("security/secret-manager", project_id)


def secret(project_id: str, secret_id: str) -> str:
    return _page(f"security/secret-manager/secret/{_part(secret_id)}/versions", project_id)


def iam(project_id: str) -> str:
    return _page("iam-admin/iam", project_id)


def time_bound_access(project_id: str) -> str:
    """Privileged Access Manager: what one may ask for."""
    return _page("iam-admin/pam/entitlements/my", project_id)


def dns_zone(project_id: str, managed_zone: str) -> str:
    return _page(f"net-services/dns/zones/{_part(managed_zone)}/details", project_id)


def pipeline(project_id: str, region: str, name: str) -> str:
    return _page(f"deploy/delivery-pipelines/{_part(region)}/{_part(name)}", project_id)


def scheduler(project_id: str) -> str:
    return _page("cloudscheduler", project_id)


def state(bucket: str, prefix: str) -> str:
    """A stack's Terraform state. The GCS backend keeps it in `<prefix>/default.tfstate`, where nobody uses workspaces.

    Source: https://developer.hashicorp.com/terraform/language/backend/gcs
    """
    return f"{CONSOLE}/storage/browser/_details/{_part(bucket)}/{quote(prefix, safe='/')}/default.tfstate"


def workspace(host: str, organization: str, name: str) -> str:
    """The states of a workspace of HCP Terraform."""
    return f"https://{host}/app/{_part(organization)}/workspaces/{_part(name)}/states"


def source(repository: str, directory: str) -> str:
    """The service's code: its directory where the host is one whose addresses are known, else the repository."""
    address = f"https://{quote(repository, safe='/')}"
    if directory == "." or not re.match(r"github\.com/[^/]+/[^/]+$", repository):
        return address
    return f"{address}/tree/HEAD/{quote(directory, safe='/')}"


def _page(path: str, project_id: str) -> str:
    return f"{CONSOLE}/{path}?{urlencode({'project': project_id})}"


def _part(value: str) -> str:
    return quote(value, safe="")
