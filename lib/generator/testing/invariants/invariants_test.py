"""The goldens break no invariant, and each invariant can be broken: a predicate that finds nothing proves nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.testing import rendered
from generator.testing.invariants import INVARIANTS, Made, Predicate, violations
from generator.testing.invariants.names import LIMITS, NAMING
from spec.loader import load_fleet

GOLDEN = Path(__file__).parents[2] / "testdata" / "golden"

Stacks = dict[str, Any]


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    root = tmp_path_factory.mktemp("fleet")
    fleet = load_fleet(Path("platform.yaml"), rendered.golden_fleet(root), root)
    assert fleet.platform is not None
    files = {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}
    return {one.spec.service.id: Made.of(one.spec, fleet.platform, files) for one in fleet.services}


def test_the_goldens_break_nothing(goldens: dict[str, Made]) -> None:
    assert {id: found for id, made in goldens.items() if (found := violations(made))} == {}


def test_one_environment_alone_breaks_nothing(goldens: dict[str, Made]) -> None:
    """What the tests below change."""
    made = goldens["kitchen-sink"]
    place = next(place for place in made.places if place.id == "prod")
    assert violations(replace(made, places=(place,))) == []


def test_names_are_known_and_say_what_is_promised() -> None:
    names = [predicate.__name__ for predicate in INVARIANTS]
    assert len(set(names)) == len(names)
    assert all(predicate.__doc__ for predicate in INVARIANTS)


def of(stacks: Stacks, kind: str) -> dict[str, Any]:
    """The arguments of the first resource of a kind."""
    found: dict[str, Any] = next(
        body for stack in stacks.values() for body in stack.get("resource", {}).get(kind, {}).values()
    )
    return found


def predicate(name: str) -> Predicate:
    return next(one for one in INVARIANTS if one.__name__ == name)


def put(stacks: Stacks, stack: str, kind: str, **body: Any) -> None:
    stacks[stack]["resource"].setdefault(kind, {})["intruder"] = body


def database(stacks: Stacks) -> dict[str, Any]:
    return of(stacks, "google_sql_database_instance")


def container(stacks: Stacks) -> dict[str, Any]:
    body: dict[str, Any] = of(stacks, "google_cloud_run_v2_service")["template"]["containers"]
    return body[0] if isinstance(body, list) else body


def grant(role: str, member: str) -> Callable[[Stacks], Any]:
    return lambda stacks: put(stacks, "iam", "google_project_iam_member", project="p", role=role, member=member)


WORKLOAD = "serviceAccount:${google_service_account.workload.email}"

BROKEN: list[tuple[str, Callable[[Stacks], Any]]] = [
    # what breaks, how: of environment prod of the kitchen sink
    ("no_database_is_public", lambda s: database(s)["settings"]["ip_configuration"].update(ipv4_enabled=True)),
    ("no_database_is_public", lambda s: database(s)["settings"]["ip_configuration"].update(authorized_networks=[{"value": "10.0.0.0/8"}])),
    ("no_database_is_public", lambda s: database(s)["settings"]["ip_configuration"].update(ssl_mode="ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
    ("no_cache_is_open", lambda s: of(s, "google_memorystore_instance").update(authorization_mode="AUTH_DISABLED")),
    ("nobody_unknown_is_let_in_unasked", lambda s: put(s, "data", "google_storage_bucket_iam_member", role="roles/storage.objectViewer", member="allUsers", bucket="b")),
    ("nobody_comes_past_the_front_door", lambda s: of(s, "google_cloud_run_v2_service").update(ingress="INGRESS_TRAFFIC_ALL")),
    ("no_bucket_is_public", lambda s: of(s, "google_storage_bucket").update(public_access_prevention="inherited")),
    ("no_machine_has_a_public_address", lambda s: put(s, "data", "google_compute_firewall", source_ranges=["0.0.0.0/0"])),
    ("no_machine_has_a_public_address", lambda s: of(s, "google_project").update(auto_create_network=True)),
    ("a_domain_has_its_firewall", lambda s: of(s, "google_compute_backend_service").pop("security_policy")),
    ("no_basic_roles", grant("roles/editor", WORKLOAD)),
    ("the_service_may_do_little", grant("roles/cloudbuild.builds.builder", WORKLOAD)),
    ("grants_are_narrow", grant("roles/secretmanager.secretAccessor", WORKLOAD)),
    ("grants_are_narrow", grant("roles/cloudsql.admin", "group:data@acme.example")),
    ("there_are_no_keys", lambda s: put(s, "iam", "google_service_account_key", service_account_id="x")),
    ("the_service_runs_as_itself", lambda s: of(s, "google_cloud_run_v2_service")["template"].pop("service_account")),
    ("people_have_no_standing_write_access", grant("roles/run.developer", "group:data@acme.example")),
    ("no_secret_is_an_argument", lambda s: of(s, "google_sql_user").update(password="hunter2")),
    ("no_secret_is_an_argument", lambda s: of(s, "google_sql_user").update(password_wo="hunter2")),
    ("no_secret_is_an_argument", lambda s: s["grants"]["provider"]["postgresql"][0].update(password="hunter2")),
    ("no_secret_is_read_into_a_state", lambda s: put(s, "data", "random_password", length=32)),
    ("no_secret_is_read_into_a_state", lambda s: s["data"]["data"].update(google_secret_manager_secret_version={"x": {}})),
    ("no_secret_is_a_variable", lambda s: container(s)["env"].append({"name": "DIAGNOSTICS_SECRET", "value": "x"})),
    ("no_variable_is_set_twice", lambda s: container(s)["env"].append({"name": "MSP", "value": "true"})),
    ("what_holds_something_is_locked", lambda s: of(s, "google_storage_bucket").pop("lifecycle")),
    ("what_holds_something_is_locked", lambda s: database(s)["settings"].update(deletion_protection_enabled=False)),
    ("databases_are_kept_as_the_tier_says", lambda s: database(s)["settings"]["backup_configuration"].update(enabled=False)),
    ("databases_are_kept_as_the_tier_says", lambda s: database(s)["settings"].update(availability_type="REGIONAL")),
    ("logs_are_kept_as_the_tier_says", lambda s: of(s, "google_logging_project_bucket_config").update(retention_days=1)),
    ("images_are_pinned", lambda s: container(s).update(image="registry.example/x:latest")),
    ("everything_is_where_it_belongs", lambda s: of(s, "google_storage_bucket").update(project="somewhere-else")),
    ("versions_are_pinned", lambda s: s["run"]["terraform"]["required_providers"]["google"].update(version=">= 6")),
    ("versions_are_pinned", lambda s: s["run"]["terraform"].update(backend=s["iam"]["terraform"]["backend"])),
    ("every_alert_reaches_somebody", lambda s: of(s, "google_monitoring_alert_policy").update(notification_channels=[])),
    ("every_alert_has_its_runbook_entry", lambda s: of(s, "google_monitoring_alert_policy")["user_labels"].update(alert="other")),
    ("every_query_is_promql", lambda s: of(s, "google_monitoring_alert_policy")["conditions"][0]["condition_prometheus_query_language"].update(query="sum(")),
    ("every_channel_is_used", lambda s: put(s, "monitoring", "google_monitoring_notification_channel", display_name="x")),
    ("names_are_within_limits", lambda s: database(s).update(name="x" * 80)),
    ("names_are_within_limits", lambda s: of(s, "google_storage_bucket").update(name="Upper")),
    ("names_are_within_limits", lambda s: of(s, "google_compute_network").update(name="ends-")),
    ("nothing_has_the_same_name_twice", lambda s: put(s, "data", "google_storage_bucket", **of(s, "google_storage_bucket"))),
    ("labels_are_valid", lambda s: of(s, "google_monitoring_alert_policy")["user_labels"].update(Team="x")),
    ("what_is_read_was_applied_before", lambda s: s["run"]["output"].update(x={"value": "${data.terraform_remote_state.iam.outputs.no_such}"})),
    ("what_is_read_was_applied_before", lambda s: (s["iam"].setdefault("data", {}).update(terraform_remote_state={"run": {"config": s["run"]["terraform"]["backend"]["gcs"]}}), s["iam"]["output"].update(x={"value": "${data.terraform_remote_state.run.outputs.x}"}))),
    ("what_is_named_is_declared", lambda s: s["run"]["output"].update(x={"value": "${google_sql_database_instance.gone.name}"})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), BROKEN, ids=[f"{index}-{name}" for index, (name, _) in enumerate(BROKEN)])
def test_each_can_be_broken(goldens: dict[str, Made], name: str, change: Callable[[Stacks], Any]) -> None:
    made = goldens["kitchen-sink"]
    index = next(index for index, place in enumerate(made.places) if place.id == "prod")
    stacks = copy.deepcopy(dict(made.places[index].stacks))
    change(stacks)
    alone = replace(made, places=(replace(made.places[index], stacks=stacks),))
    assert list(predicate(name)(alone))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("the_guide_is_whole", "\n## Alerts\n", "\n## Other\n"),
        ("the_guide_is_whole", "```sh\n", "`````\n"),
        ("the_guide_speaks_of_everything", "kitchen_audit", "elsewhere"),
        ("every_alert_has_its_runbook_entry", "### ", "#### "),
    ],
)
def test_the_guide_can_be_broken(goldens: dict[str, Made], name: str, old: str, new: str) -> None:
    made = goldens["kitchen-sink"]
    assert old in made.guide
    assert list(predicate(name)(replace(made, guide=made.guide.replace(old, new))))


def test_each_is_broken_here() -> None:
    broken = {name for name, _ in BROKEN} | {"the_guide_is_whole", "the_guide_speaks_of_everything"}
    assert {predicate.__name__ for predicate in INVARIANTS} - broken == set()


def test_whatever_is_named_has_a_limit(goldens: dict[str, Made]) -> None:
    """A new kind of resource with a name of its own gets its row, with the source of the rule."""
    without = {
        kind
        for made in goldens.values()
        for place in made.places
        for kind, _, body in place.resources
        if not kind.startswith("google_compute_") and kind not in LIMITS and "_iam_" not in kind
        for argument, value in body.items()
        if NAMING.match(argument) and isinstance(value, str) and "${" not in value
    }
    assert without - {"google_project_service", "google_secret_manager_secret_version"} == set()
    assert all(limit.source.startswith("https://") for limits in LIMITS.values() for limit in limits)
