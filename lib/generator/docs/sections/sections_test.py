"""What single sections say: who may do what, what is safe, where values come from, what comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.docs.guide import ServiceGuide, render
from generator.docs.guide_test import section
from generator.docs.sections import changing
from generator.docs.snapshot_test import accounts


@pytest.fixture(scope="module")
def markdown() -> str:
    return render(accounts())


def shown(text: str, *phrases: str) -> None:
    for phrase in phrases:
        assert phrase in text, text


def hidden(text: str, *phrases: str) -> None:
    for phrase in phrases:
        assert phrase not in text, text


def test_owners_of_a_test_environment_may_do_everything(markdown: str) -> None:
    access = section(markdown, "Who may look at dev at all times")
    shown(access, "| read logs |", "| inside the databases, what `msp_reader` and `msp_writer` may |")
    shown(access, "| to secret `oidc-client-secret`, add versions, without reading any |")
    hidden(access, "add-iam-policy-binding", "can't log in")


def test_owners_of_an_external_environment_are_told_how_to_get_more(markdown: str) -> None:
    access = section(markdown, "Who may look at prod at all times")
    hidden(access, "| read logs |", "msp_writer", "secretVersionAdder")
    shown(access, "inside the databases, nothing: they can't log in")
    more = section(markdown, "More access to prod, for a while")
    for level, most in (("read", 3600), ("write", 3600), ("deploy", 3600), ("break-glass", 1800)):
        shown(more, f"--entitlement=accounts-prod-{level} \\\n", f"--requested-duration={most}s")
    shown(more, "`data@acme.example`", "nobody: given at once", "--caller-relationship=can-approve")
    hidden(more, "add-iam-policy-binding")
    shown(section(markdown, "Database of prod"), "**Write**, as `operator@accounts-prod-7c2e.iam`")
    shown(section(markdown, "Logs and traces of prod"), "Owners don't hold `roles/logging.viewer` in prod at all times")
    hidden(section(markdown, "Logs and traces of dev"), "Owners don't hold")


def test_in_a_test_environment_nobody_has_to_approve(markdown: str) -> None:
    more = section(markdown, "More access to dev, for a while")
    shown(more, "--requested-duration=28800s", "| 8 h | nobody: given at once |")
    hidden(more, "can-approve", "grants approve")


def test_without_privileged_access_manager_somebody_binds_a_role_that_ends() -> None:
    guide = accounts()
    stacks = {id: {name: stack for name, stack in found.items() if name != "access"} for id, found in guide.stacks.items()}
    markdown = render(replace(guide, stacks=stacks))
    more = section(markdown, "More access to prod, for a while")
    for role in ("roles/logging.viewer", "roles/cloudsql.client", "roles/cloudsql.instanceUser"):
        shown(more, f"--role={role}")
    hidden(markdown, "gcloud pam")


def test_safety_says_where_each_value_comes_from(markdown: str) -> None:
    safety = section(markdown, "Safety settings of prod")
    shown(safety, "| Days for which daily backups of PostgreSQL are kept | 90 | tier |")
    shown(safety, "| Instances kept running without traffic | 0 | spec: nobody waits for it &#124; before nine |")
    shown(section(markdown, "Safety settings of dev"), "| no | spec: `allowDestroys: true` |")
    hidden(section(markdown, "Safety settings of dev"), "cache", "Cloud Armor")


def test_lifted_protection_is_seen_at_once(markdown: str) -> None:
    shown(section(markdown, "Environment dev"), "| **Unprotected** |")
    hidden(section(markdown, "Environment prod"), "Unprotected")


def test_the_load_balancer_is_the_one_that_serves(markdown: str) -> None:
    found = section(markdown, "Environment prod")
    shown(found, "loadbalancing/details/httpAdvanced/accounts-https?", "securitypolicies/details/accounts?")
    hidden(section(markdown, "Environment dev"), "loadbalancing", "securitypolicies", "dns/zones")


def test_variables_have_values_or_their_source_and_no_secret(markdown: str) -> None:
    variables = section(markdown, "Variables of prod")
    shown(variables, "| `PGHOST` | Private address of the database. | output `database_private_ip` of stack `data` |")
    shown(variables, "| secret `projects/accounts-prod-7c2e/secrets/oidc-client-secret`, version 4 |")
    shown(variables, "| secret: output `diagnostics_secret` of stack `iam` |", "| `8080`, by Cloud Run |")
    greeting = "<code>Hi &#124; &#96;you&#96; &#36;&#123;HOME&#125; 🎉</code>"
    shown(section(markdown, "Variables of dev"), f"| `GREETING` | From the spec. | {greeting} |")


def test_a_secret_of_another_project_is_not_ours_to_fill(markdown: str) -> None:
    secrets = section(markdown, "Secrets of prod")
    shown(secrets, "| latest | its owners, in project `acme-shared` |", "| 4 only | people |")
    shown(secrets, "versions add oidc-client-secret ", "versions add signing-key ")
    hidden(secrets, "versions add token", "versions add msp-")


def test_secrets_are_filled_between_identity_and_what_reads_them(markdown: str) -> None:
    first = section(markdown, "First deployment of prod")
    places = [
        first.index(text) for text in ("prod/iam apply", "secrets versions add", "prod/network apply", "prod/run ")
    ]
    assert places == sorted(places)


def test_only_the_stack_that_speaks_to_the_database_needs_the_tunnel(markdown: str) -> None:
    first = section(markdown, "First deployment of prod")
    lines = [line.strip() for line in first.splitlines() if "ALL_PROXY" in line]
    tunnel = "ALL_PROXY=socks5://127.0.0.1:1080 terraform -chdir=infra-out/accounts/prod/grants"
    assert lines == [f"{tunnel} plan", f"{tunnel} apply"]
    shown(first, "[a way into the network](#a-way-into-the-network-of-prod)")


def test_a_teardown_lifts_the_protection_first(markdown: str) -> None:
    prod, dev = section(markdown, "Take down prod"), section(markdown, "Take down dev")
    order = (
        "allowDestroys: true",
        "`project` → `iam`",
        "storage rm gs://acme-terraform-state/accounts/prod/grants/",
        "prod/run destroy",
    )
    assert [prod.index(text) for text in order] == sorted(prod.index(text) for text in order)
    shown(dev, "The spec lifts the protection already")
    hidden(dev, "Apply that, in this order")


def test_a_tag_is_looked_up_again_where_terraform_sees_no_change(markdown: str) -> None:
    dev, prod = section(markdown, "Roll out and roll back in dev"), section(markdown, "Roll out and roll back in prod")
    shown(dev, "gcloud run services update accounts", "accounts:main", "nothing to apply")
    hidden(prod, "gcloud run services update accounts", "nothing to apply")
    shown(prod, "digest: sha256:DIGEST", "update-traffic accounts")


def test_a_database_without_recovery_has_no_moment_to_go_back_to(markdown: str) -> None:
    shown(section(markdown, "Database of prod"), "--point-in-time=MOMENT", "any second of the last 7 days")
    hidden(section(markdown, "Database of dev"), "point-in-time", "MOMENT")


def test_stacks_say_what_they_hold_and_what_was_added_by_hand(markdown: str) -> None:
    stacks = section(markdown, "Stacks of prod")
    shown(stacks, "| `data` | 1 secret, 1 Cloud SQL instance, 2 databases, 1 Valkey instance,")
    shown(stacks, "- stack `iam`: `services/accounts/terraform/prod/iam/auditors.tf`, ")
    hidden(section(markdown, "Stacks of dev"), "by hand")
    own = section(markdown, "Terraform of your own")
    shown(own, "`services/accounts/terraform/ENVIRONMENT/STACK/NAME.tf`", "| `local.backend_service_id` | `edge` |")


def test_the_checks_promise_no_more_than_they_do(markdown: str) -> None:
    shown(section(markdown, "What the checks prove"), "None of it asks Google Cloud", "the offline plan knows no state")


@pytest.mark.parametrize(
    "environments",
    [
        {"dev": "project iam run", "prod": "project iam network data grants run edge"},
        {"dev": "project iam network data run edge", "prod": "project iam network data grants run"},
        {"dev": "project iam run edge", "prod": "project iam network data grants run"},
    ],
)
def test_the_order_of_all_stacks_keeps_each_environment_s(environments: dict[str, str]) -> None:
    stacks: dict[str, dict[str, dict[str, object]]] = {
        id: {name: {} for name in names.split()} for id, names in environments.items()
    }
    found = changing.order(replace(accounts(), stacks=stacks))
    assert found == [name for name in "project iam network data grants run edge".split() if name in found]
    assert set(found) == {name for names in environments.values() for name in names.split()}


def test_a_job_runs_by_hand_and_by_its_schedule(guides: dict[str, ServiceGuide]) -> None:
    guide = render(guides["kitchen-job"])
    prod, dev = section(guide, "Run the job in prod"), section(guide, "Run the job in dev")
    shown(prod, "`15 3 * * *` (Europe/Berlin)", "scheduler jobs pause kitchen-job", "take on the platform's identity")
    shown(dev, "It has no schedule", "Owners may start and stop it.")
    hidden(dev, "scheduler")
    for part in (prod, dev):
        shown(part, "gcloud run jobs execute kitchen-job", "executions list")


def test_exceptions_to_policy_are_told_with_who_why_and_until_when(guides: dict[str, ServiceGuide], markdown: str) -> None:
    policy = section(render(guides["kitchen-sink"]), "Policy exceptions of preview")
    shown(policy, "| `CKV_GCP_110` | `google_sql_database_instance.postgres` | there are no real people's data in it")
    shown(policy, "| 2027-06-30 |", "fails until the finding is mended")
    hidden(markdown, "Policy exceptions")


def test_regions_are_told_apart(guides: dict[str, ServiceGuide]) -> None:
    markdown = render(guides["kitchen-rollout"])
    where = section(markdown, "Regions of world")
    shown(where, "| `europe-west1` | instances, and everything that keeps data: the home |", "| `us-central1` | instances |")
    shown(where, "after 5 of 5xx in a row", "for 30 seconds", "more than 50 %")
    shown(section(markdown, "Outgoing address of world"), "--region=europe-west1", "--region=us-central1")
    shown(section(markdown, "Database of world"), "4 for each of at most 20 instances of the service in 2 regions")
    shown(section(markdown, "Logs and traces of world"), "--region=us-central1 \\\n  --limit=5")
    shown(section(markdown, "Settings for the alerts' commands"), "export REGION=us-central1")
    hidden(markdown, "Regions of prod", "Regions of dev")


def test_a_region_is_drained_and_put_back(guides: dict[str, ServiceGuide]) -> None:
    drained = section(render(guides["kitchen-rollout"]), "Drain a region of world")
    for verb in ("remove-backend", "add-backend"):
        shown(drained, f"gcloud compute backend-services {verb} kitchen-rollout \\\n  --global \\\n")
    shown(drained, "--network-endpoint-group-region=us-central1", "the next apply of stack `edge` puts the region back")


def test_a_region_joins_the_load_balancer_with_a_release(guides: dict[str, ServiceGuide]) -> None:
    way = section(render(guides["kitchen-rollout"]), "Add or leave a region of world")
    shown(way, "apply `network` → `run` → `monitoring` → `delivery` of prod → a release → `edge`")
    shown(way, "apply `edge` → `delivery` of prod → `monitoring` → `run` → `network`")


def test_a_stage_in_several_regions_is_called_by_its_target(guides: dict[str, ServiceGuide]) -> None:
    markdown = render(guides["kitchen-rollout"])
    shown(section(markdown, "Releases"), "Stage `world` is target `world-regions`")
    shown(section(markdown, "Roll a release back"), "targets rollback world-regions", "targets rollback prod ", "targets rollback dev ")
    shown(section(markdown, "Roll back in world"), "targets rollback world-regions")
