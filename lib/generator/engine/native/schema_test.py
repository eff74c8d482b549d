from __future__ import annotations

from typing import Any

import pytest

from generator.engine.native.schema import Block, Schema

RAW: dict[str, Any] = {
    "attributes": {
        "disk_size": {"js": "diskSize", "type": "number"},
        "members": {"js": "members", "type": ["set", "string"]},
        "count": {"js": "countAttribute", "type": "number"},
        "endpoints": {
            "js": "endpoints",
            "type": [
                "list",
                ["object", {"ip_address": "string", "build": "string", "deep": ["set", ["object", {"x": "bool"}]]}],
            ],
        },
    },
    "blocks": {
        "settings": {"js": "settings", "nesting": "list", "max_items": 1, "block": {"attributes": {}, "blocks": {}}},
        "rule": {"js": "rule", "nesting": "set", "block": {"attributes": {}, "blocks": {}}},
        "env": {"js": "env", "nesting": "list", "block": {"attributes": {}, "blocks": {}}},
        "timeouts": {"js": "timeouts", "nesting": "single", "block": {"attributes": {}, "blocks": {}}},
        "by_key": {"js": "byKey", "nesting": "map", "block": {"attributes": {}, "blocks": {}}},
    },
}


@pytest.mark.parametrize(
    ("js", "tf", "flags"),
    [
        ("diskSize", "disk_size", ""),
        ("members", "members", "is_set"),
        ("countAttribute", "count", ""),
        ("settings", "settings", "is_list indexed"),
        ("rule", "rule", "is_set"),
        ("env", "env", "is_list"),
        ("timeouts", "timeouts", ""),
        ("byKey", "by_key", "is_map"),
    ],
)
def test_a_property_has_its_terraform_name_and_nesting(js: str, tf: str, flags: str) -> None:
    found = Block(RAW).get(js)
    assert found is not None and found.tf == tf
    assert [flag for flag in ("is_set", "is_list", "is_map", "indexed") if getattr(found, flag)] == flags.split()


def test_what_is_not_there_is_none() -> None:
    assert Block(RAW).get("disk_size") is None
    assert Block(RAW).get("DiskSize") is None


def test_computed_objects_are_found_by_the_names_of_their_fields() -> None:
    endpoints = Block(RAW).get("endpoints")
    assert endpoints is not None and endpoints.block is not None
    names = {js: prop.tf for js in ("ipAddress", "buildAttribute", "deep") if (prop := endpoints.block.get(js))}
    assert names == {"ipAddress": "ip_address", "buildAttribute": "build", "deep": "deep"}
    deep = endpoints.block.get("deep")
    assert deep is not None and deep.is_set and deep.block is not None and deep.block.get("x") is not None
    assert endpoints.block.get("nothing") is None


def test_a_kind_is_found_by_the_module_of_its_class() -> None:
    entry = {"module": "project", "block": RAW}
    provider = {"source": "s", "version": "1", "package": "p", "provider": {"module": "provider", "block": RAW}}
    schema = Schema.of({"google": {**provider, "resource": {"google_project": entry}, "data": {}}})
    found = schema.kind("p", "project")
    assert found is not None and (found.kind, found.terraform_type) == ("resource", "google_project")
    assert (found.provider, found.provider_source, found.provider_version) == ("google", "s", "1")
    assert schema.kind("p", "project") is found
    assert schema.kind("p", "other") is None
    provider_kind = schema.kind("p", "provider")
    assert provider_kind is not None and provider_kind.kind == "provider"
