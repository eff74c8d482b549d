"""Names: what they are, and that they fit where Google limits them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spec.loader import load_fleet
from spec.model import ServiceSpec
from spec.names import Names
from spec.platform import Platform

TESTDATA = Path(__file__).parent / "testdata"


@pytest.fixture(scope="module")
def platform() -> Platform:
    platform = load_fleet(TESTDATA / "platform.yaml", [], TESTDATA).platform
    assert platform is not None
    return platform


def spec(service: str, environment: str, suffix: str, **changes: Any) -> ServiceSpec:
    return ServiceSpec.model_validate(
        {
            "service": {"id": service, "description": "A thing.", "owners": ("identity", "data")},
            "environments": (
                {
                    "id": environment,
                    "projectId": f"{service}-{environment}-{suffix}",
                    "tier": "internal",
                    "deploy": {"type": "manual", "tag": "main"},
                    "instances": {"cpu": 1, "memory": "1Gi"},
                    **changes,
                },
            ),
        }
    )


def names(platform: Platform, **changes: Any) -> Names:
    described = spec("accounts", "dev", "1f3a", **changes)
    return Names(described, described.environment("dev"), platform)


def test_names(platform: Platform) -> None:
    name = names(platform, domain={"zone": "acme.example", "subdomain": "accounts-dev"})
    assert name.project_id == "accounts-dev-1f3a"
    assert name.project_display_name == "accounts - dev"
    assert name.folder_id == "100000000002"
    assert name.region == "europe-west1"
    assert name.service_name == "accounts"
    assert name.workload_account_id == "workload"
    assert name.workload_email == "workload@accounts-dev-1f3a.iam.gserviceaccount.com"
    assert name.workload_db_user == "workload@accounts-dev-1f3a.iam"
    assert name.operator_email == "operator@accounts-dev-1f3a.iam.gserviceaccount.com"
    assert name.operator_db_user == "operator@accounts-dev-1f3a.iam"
    assert name.scheduler_account_id == "scheduler"
    assert name.scheduler_email == "scheduler@accounts-dev-1f3a.iam.gserviceaccount.com"
    assert name.database_instance == "accounts-dev-pg"
    assert name.redis_instance == "accounts-dev-redis"
    assert name.network == "accounts-dev"
    assert name.dns_name == "accounts-dev.acme.example"
    assert name.dns_zone is not None
    assert name.dns_zone.managed_zone == "acme-example"
    assert name.state_prefix("iam") == "accounts/dev/iam"
    assert name.labels == {
        "cost-center": "platform",
        "environment": "dev",
        "managed-by": "msp",
        "owners": "identity_data",
        "service": "accounts",
        "tier": "internal",
    }
    assert list(name.labels) == sorted(name.labels)


def test_without_domain(platform: Platform) -> None:
    assert names(platform).dns_name is None
    assert names(platform).dns_zone is None


def test_region_of_the_environment_comes_first(platform: Platform) -> None:
    assert names(platform, region="us-central1").region == "us-central1"


def test_image(platform: Platform) -> None:
    repository = "europe-west1-docker.pkg.dev/acme-artifacts/services/accounts"
    digest = "sha256:" + "0" * 64
    assert names(platform).image == f"{repository}:main"
    assert names(platform, deploy={"type": "manual", "digest": digest}).image == f"{repository}@{digest}"
    assert names(platform, deploy={"type": "manual", "digest": digest, "tag": "x"}).image == f"{repository}@{digest}"
    described = spec("accounts", "dev", "1f3a")
    other = ServiceSpec.model_validate(
        {**described.model_dump(by_alias=True, exclude_none=True), "build": {"image": "gcr.io/acme/other"}}
    )
    assert Names(other, other.environments[0], platform).image == "gcr.io/acme/other:main"


def test_environment_by_id() -> None:
    described = spec("accounts", "dev", "1f3a")
    assert described.environment("dev").id == "dev"
    with pytest.raises(KeyError):
        described.environment("prod")


IDS = st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True).filter(lambda text: len(text) <= 20)
ENVIRONMENT_IDS = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)


@settings(derandomize=True, deadline=None)
@given(IDS, ENVIRONMENT_IDS, st.from_regex(r"[a-z0-9]{2,4}", fullmatch=True))
def test_names_fit(service: str, environment: str, suffix: str) -> None:
    assume(6 <= len(f"{service}-{environment}-{suffix}") <= 30)
    described = spec(service, environment, suffix)
    name = Names(described, described.environments[0], Platform.model_construct())
    # Sources of the bounds: the docstrings of the names.
    assert 6 <= len(name.project_id) <= 30
    assert len(name.service_name) <= 49
    assert len(name.workload_db_user) <= 63
    assert len(name.operator_db_user) <= 63
    assert len(f"{name.project_id}:{name.database_instance}") <= 98
    assert len(name.redis_instance) <= 63
    assert len(name.network) <= 63
    for account in (name.workload_account_id, name.operator_account_id, name.scheduler_account_id):
        assert 6 <= len(account) <= 30
