"""Nobody may do more than what they are there for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec.names import WORKLOAD_ACCOUNT_ID

from generator.testing.invariants.made import Made, Place

BASIC = ("roles/owner", "roles/editor", "roles/viewer")

GOVERNS = re.compile(
    r"roles/(.*\.admin|.*Admin|resourcemanager\..*|iam\.security.*|iam\.serviceAccount(User|TokenCreator))"
)
"""Roles by which somebody could give themselves or others more."""

NARROW = re.compile(
    r"roles/(secretmanager\.secretAccessor|storage\.object(Viewer|User|Creator)|pubsub\.(publisher|subscriber|editor)"
    r"|bigquery\.data.*|run\.invoker|cloudtasks\.enqueuer|cloudkms\.cryptoKey.*)"
)
"""Roles that no service account needs for a whole project: they are given for one secret, bucket, topic or dataset."""

LOOKS = re.compile(r"roles/(.*[vV]iewer|cloudtrace\.user|cloudsql\.client|cloudsql\.instanceUser|bigquery\.jobUser)")
"""Roles of people who look, which takes a connection to a database, or a query, that changes nothing."""

WORKLOAD = frozenset(
    {
        "roles/cloudsql.client",
        "roles/cloudsql.instanceUser",
        "roles/cloudtrace.agent",
        "roles/logging.logWriter",
        "roles/memorystore.dbConnectionUser",
        "roles/monitoring.metricWriter",
        "roles/telemetry.metricsWriter",
        "roles/telemetry.tracesWriter",
    }
)
"""What the service itself may do in its whole project, unless the spec asks for more."""


def no_basic_roles(made: Made) -> Iterator[str]:
    """Owner, editor and viewer are given to nobody."""
    for place in made.places:
        for where, body in place.each():
            if body.get("role") in BASIC:
                yield f"{where} gives {body['role']}"


def the_service_may_do_little(made: Made) -> Iterator[str]:
    """In its whole project a service has the few roles that it needs, and those that its spec names."""
    asked = set(made.spec.service.iam.roles)
    for place in made.places:
        for where, body in place.each("google_project_iam_member"):
            role, member = str(body["role"]), str(body["member"])
            is_custom = role.startswith("${google_project_iam_custom_role.")
            if f".{WORKLOAD_ACCOUNT_ID}." in member and not is_custom and role not in WORKLOAD | asked:
                yield f"{where} gives the service {role}"


def grants_are_narrow(made: Made) -> Iterator[str]:
    """No service account has a role for a whole project that one thing is enough for; and nobody governs others."""
    asked = set(made.spec.service.iam.roles)
    for place in made.places:
        for where, body in place.each("google_project_iam_member"):
            role, member = str(body["role"]), str(body["member"])
            is_too_much = GOVERNS.fullmatch(role) or (member.startswith("serviceAccount:") and NARROW.fullmatch(role))
            if is_too_much and role not in asked:
                yield f"{where} gives {body['role']} for the whole project"
        for where, _ in place.each("google_project_iam_binding", "google_project_iam_policy"):
            yield f"{where} takes away what it does not name"


def there_are_no_keys(made: Made) -> Iterator[str]:
    """Nobody proves who they are with a key: none is made."""
    for place in made.places:
        for where, _ in place.each("google_service_account_key", "google_storage_hmac_key", "google_apikeys_key"):
            yield f"{where} is a key"


def the_service_runs_as_itself(made: Made) -> Iterator[str]:
    """The container has the service's own identity, never the project's default one."""
    for place in made.places:
        for where, body in _workloads(place):
            if WORKLOAD_ACCOUNT_ID not in str(body.get("service_account", "")):
                yield f"{where} runs as {body.get('service_account')}"


def _workloads(place: Place) -> Iterator[tuple[str, dict[str, object]]]:
    for where, body in place.each("google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool"):
        yield where, body["template"]
    for where, body in place.each("google_cloud_run_v2_job"):
        yield where, body["template"]["template"]


def people_have_no_standing_write_access(made: Made) -> Iterator[str]:
    """In tiers internal and external groups and users may look at most, by themselves."""
    for place in made.places:
        if place.safety.standing_access == "readWrite":
            continue
        for where, body in place.each("google_project_iam_member"):
            if str(body["member"]).startswith(("group:", "user:")) and not LOOKS.fullmatch(str(body["role"])):
                yield f"{where} gives {body['role']} to {body['member']}"


PREDICATES = (
    no_basic_roles,
    the_service_may_do_little,
    grants_are_narrow,
    there_are_no_keys,
    the_service_runs_as_itself,
    people_have_no_standing_write_access,
)
