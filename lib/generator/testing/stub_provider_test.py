from __future__ import annotations

from typing import Any

from generator.testing.protocol import MESSAGES
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_provider import StubProvider
from generator.testing.values import SECRET, decode, encode


def _provider(name: str = "google") -> StubProvider:
    return StubProvider(name, recovered_schema())


def _attributes(block: Any) -> dict[str, Any]:
    return {attribute.name: attribute for attribute in block.attributes}


def _config(type_name: str, value: dict[str, Any]) -> Any:
    return MESSAGES["ConfigRequest"](type_name=type_name, config={"msgpack": encode(value)})


def test_the_schema_is_served_with_write_only_and_ephemeral() -> None:
    served = _provider().GetProviderSchema(None)
    user = _attributes(served.resource_schemas["google_sql_user"].block)
    assert (user["password_wo"].write_only, user["password_wo"].computed) == (True, False)
    assert (user["instance"].required, user["instance"].computed) == (True, False)
    assert (user["name"].required, user["host"].optional, user["host"].computed) == (True, True, True)
    assert "alias" not in _attributes(served.provider.block)
    assert not any(attribute.computed for attribute in served.provider.block.attributes)
    beta = _provider("google-beta").GetProviderSchema(None)
    secret = _attributes(beta.ephemeral_resource_schemas["google_secret_manager_secret_version"].block)
    assert (secret["secret_data"].computed, secret["project"].computed) == (True, False)
    assert "google_secret_manager_secret_version" not in served.ephemeral_resource_schemas
    template = next(
        nested
        for nested in served.resource_schemas["google_cloud_run_v2_service"].block.block_types
        if nested.type_name == "template"
    )
    assert (template.min_items, template.max_items) == (1, 1)


def test_a_providers_own_types_only() -> None:
    served = _provider("random").GetProviderSchema(None)
    assert list(served.ephemeral_resource_schemas) == ["random_password"]
    assert list(served.resource_schemas) == []


def test_what_terraform_leaves_to_providers_is_refused_with_its_place() -> None:
    value = {
        "uri": "x",
        "ingress": "ALL",
        "location": None,
        "name": "n",
        "template": [{"containers": [{"image": None}]}],
    }
    diagnostics = _provider().ValidateResourceConfig(_config("google_cloud_run_v2_service", value)).diagnostics
    places = {
        tuple(step.attribute_name or step.element_key_int for step in diagnostic.attribute.steps): diagnostic.summary
        for diagnostic in diagnostics
    }
    assert places == {
        ("uri",): "Value for unconfigurable attribute",
        ("ingress",): "Value not accepted",
        ("location",): "Missing required argument",
        ("template", 0, "containers", 0, "image"): "Missing required argument",
    }


def test_opening_an_ephemeral_resource_gives_the_made_up_secret() -> None:
    response = _provider("random").OpenEphemeralResource(_config("random_password", {"length": 20, "result": None}))
    assert decode(response.result)["result"] == SECRET
