"""The variables are those of the platform, for every service that there is a description of."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.contract import Reader, read_contract, read_options
from runtime.dev.errors import DevError
from runtime.dev.local_settings import LocalSettings
from runtime.dev.sample import DESCRIPTION
from runtime.dev.servers import LocalServers
from runtime.dev.variables import local_variables
from spec.description import Description, read

GOLDEN = Path(__file__).parents[2] / "generator" / "testdata" / "golden"
ADDED = {"LOG_FORMAT", "PGDSN", "BIGQUERY_LOCAL_FOLDER"}


def servers(description: Description, id: str) -> LocalServers:
    """As they are after the start of the environment's servers."""
    environment, made = description.environment(id), LocalServers(Path("/nowhere"))
    if environment.resources.postgres is not None:
        made.dsn, made.owner_role = "postgresql://me@127.0.0.1:5/{database}", "msp_owner"
    if environment.resources.redis:
        made.redis_endpoint = "redis://127.0.0.1:6"
    if environment.variable("OPENFGA_API_URL") is not None:
        made.urls["openfga"] = "http://127.0.0.1:8"
    return made


@pytest.mark.parametrize("service", sorted(path.parent.name for path in GOLDEN.glob("*/description.json")))
def test_names_are_those_of_the_platform_and_the_library_takes_the_values(service: str) -> None:
    description = read(GOLDEN / service / "description.json")
    for environment in description.environments:
        secrets = {one.name: "s" for one in environment.variables if one.kind == "secret" and one.origin == "spec"}
        found = local_variables(
            description, environment, servers(description, environment.id), port=7,
            settings=LocalSettings(variables=secrets),
        )  # fmt: skip
        assert found.keys() - ADDED == {one.name for one in environment.variables} - ADDED
        reader = Reader(found)
        contract = read_contract(reader, service, description.kind)
        read_options(reader, on_platform=False)
        assert [str(problem) for problem in reader.problems] == []
        assert contract is not None and not contract.on_platform
        assert (contract.postgres is None) == (environment.resources.postgres is None)
        assert (contract.redis is None) == (not environment.resources.redis)
        assert dict(contract.buckets) == dict(environment.resources.buckets)
        if description.kind == "service":
            assert contract.port == 7


def test_every_run_has_a_secret_of_its_own() -> None:
    one, other = (local_variables(DESCRIPTION, "dev", servers(DESCRIPTION, "dev"), port=7) for _ in range(2))
    assert one["DIAGNOSTICS_SECRET"] != other["DIAGNOSTICS_SECRET"]
    assert len(one["DIAGNOSTICS_SECRET"]) >= 24


def test_what_the_service_says_goes_before_the_spec_and_what_the_developer_says_before_that() -> None:
    settings = LocalSettings(variables={"PUBLIC_URL": "{{ url }}/here", "MORE": "{{port}}"})
    found = local_variables(
        DESCRIPTION, "dev", servers(DESCRIPTION, "dev"), port=7, settings=settings, given={"MORE": "{{ port }}"}
    )
    assert found["PUBLIC_URL"] == "http://127.0.0.1:7/here"
    assert found["MORE"] == "{{ port }}"


def test_a_template_that_there_is_not() -> None:
    settings = LocalSettings(variables={"ISSUER": "{{ oidc }}"})
    with pytest.raises(DevError, match=r"VARIABLES\['ISSUER'\] in dev.py: \{\{ oidc \}\} is not known; there are: url, port"):
        local_variables(DESCRIPTION, "dev", servers(DESCRIPTION, "dev"), port=7, settings=settings)
