from __future__ import annotations

import json
import subprocess

import pytest

from generator.terraform.functions import BUILTIN, is_known
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import terraform_missing_reason

_REASON = terraform_missing_reason()


def test_functions_of_providers_are_not_known_here_and_pass() -> None:
    assert is_known("provider::google::name_from_id")
    assert is_known("core::upper")
    assert not is_known("uper")


@pytest.mark.skipif(_REASON is not None, reason=_REASON or "")
def test_the_list_is_what_terraform_has() -> None:
    with StubProviders(recovered_schema()) as stub:
        command = ["terraform", "metadata", "functions", "-json"]
        done = subprocess.run(command, env=stub.environment, capture_output=True, text=True, check=True)
    names = {name.removeprefix("core::") for name in json.loads(done.stdout)["function_signatures"]}
    assert names == BUILTIN
