"""Every kind of resource was thought about, and what holds something is guarded in all that is generated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import engine
from generator.bindings.seam import modules_by_package, read_seam
from generator.safety.changes import allows_destroys, stateful
from generator.safety.record import read_stack
from generator.safety.stateful import STATEFUL

GOLDEN = Path(__file__).parent.parent / "testdata" / "golden"
GOOGLE = "cdktf_cdktf_provider_google"

HOLDS_NOTHING = {
    "who may do what; written anew it is the same": (
        "artifact_registry_repository_iam_member bigquery_dataset_iam_member cloud_run_v2_job_iam_member"
        " cloud_run_v2_service_iam_member cloud_tasks_queue_iam_member clouddeploy_delivery_pipeline_iam_member iam_workload_identity_pool"
        " iam_workload_identity_pool_provider iap_web_backend_service_iam_member kms_crypto_key_iam_member privileged_access_manager_entitlement project_iam_audit_config"
        " project_iam_custom_role project_iam_member pubsub_subscription_iam_member pubsub_topic_iam_member secret_manager_secret_iam_member service_account"
        " service_account_iam_member sql_user storage_bucket_iam_member tags_tag_binding tags_tag_key tags_tag_value"
    ),
    "a certificate is issued again": (
        "certificate_manager_certificate certificate_manager_certificate_map certificate_manager_certificate_map_entry"
        " certificate_manager_dns_authorization"
    ),
    "how the service is run and reached; a rollout makes it anew": (
        "cloud_run_v2_job cloud_run_v2_service cloud_run_v2_worker_pool cloud_scheduler_job clouddeploy_automation clouddeploy_delivery_pipeline"
        " clouddeploy_target compute_backend_service compute_global_forwarding_rule"
        " compute_region_network_endpoint_group compute_security_policy compute_ssl_policy compute_target_http_proxy"
        " compute_target_https_proxy compute_url_map"
    ),
    "a network is refused its end while something is in it": (
        "compute_network compute_network_attachment compute_router compute_router_nat compute_subnetwork datastream_connection_profile"
        " datastream_private_connection network_connectivity_service_connection_policy service_networking_connection"
    ),
    "what is watched, and who is told": (
        "logging_metric monitoring_alert_policy monitoring_custom_service monitoring_dashboard"
        " monitoring_notification_channel monitoring_slo monitoring_uptime_check_config"
    ),
    "where log entries go; those that are kept are in a bucket": "logging_project_exclusion logging_project_sink",
    "only looked up: data sources, which make an agent of Google's at most": (
        "data_google_bigquery_default_service_account data_google_storage_project_service_account"
    ),
    "a setting of the project, or of the provider": "project_service provider resource_manager_lien",
    "kept at its source: the secret is what is guarded": "secret_manager_secret_version",
}
"""Reason -> the other kinds that the platform uses, or that somebody is about to."""


def kinds() -> set[str]:
    return set(modules_by_package(read_seam(Path(engine.__file__).parent))[GOOGLE])


def test_every_kind_is_in_one_of_the_two_tables() -> None:
    nothing = {kind for names in HOLDS_NOTHING.values() for kind in names.split()}
    something = {kind.removeprefix("google_") for kind in STATEFUL}
    assert sorted(kinds() - nothing - something) == [], "does it hold anything? generator/safety/stateful.py, or here"
    assert sorted(nothing & something) == []


def folders() -> list[Path]:
    return sorted(path.parent for path in GOLDEN.glob("*/*/*/cdk.tf.json"))


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.relative_to(GOLDEN).as_posix())
def test_what_holds_something_is_guarded_unless_the_spec_allows_its_end(folder: Path) -> None:
    stack = read_stack({"cdk.tf.json": (folder / "cdk.tf.json").read_bytes()})
    project = json.loads((folder.parent / "project" / "cdk.tf.json").read_text())["resource"]["google_project"]["project"]
    is_guarded = "lifecycle" in project
    wrong = {address for address, one in stateful(stack).items() if one.is_guarded != is_guarded}
    assert wrong == set(), "pass lifecycle=stack.lifecycle to them"


def test_goldens_show_both() -> None:
    environments = {folder.parent for folder in folders()}
    allowed = {
        environment.name
        for environment in environments
        if allows_destroys({f.name: read_stack({"cdk.tf.json": (f / "cdk.tf.json").read_bytes()}) for f in environment.iterdir() if f.is_dir()})
    }
    assert allowed and len(allowed) < len(environments)


def test_the_table_is_sorted_and_says_what_is_lost() -> None:
    assert list(STATEFUL) == sorted(STATEFUL)
    assert all(kind.holds and kind.identity for kind in STATEFUL.values())
