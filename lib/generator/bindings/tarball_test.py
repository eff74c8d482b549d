from __future__ import annotations

import json
from typing import Any

import pytest

from generator.bindings.errors import BindingsError
from generator.bindings.tarball import (
    ASSEMBLY,
    dump_assembly,
    read_assembly,
    read_tarball,
    required_directories,
    slim_index,
    without_source_map,
    write_tarball,
)


def _assembly() -> dict[str, Any]:
    return {
        "name": "@cdktf/provider-x",
        "readme": {"markdown": "long"},
        "submodules": {
            "@cdktf/provider-x.oneThing": {"symbolId": "src/one-thing/index:", "readme": {"markdown": "long"}},
            "@cdktf/provider-x.other": {"symbolId": "src/other/index:"},
        },
        "types": {
            "@cdktf/provider-x.oneThing.OneThing": {"kind": "class", "docs": {"summary": "long"}, "name": "OneThing"},
            "@cdktf/provider-x.oneThing.OneThingConfig": {
                "kind": "interface",
                "properties": [{"name": "a", "optional": True, "locationInModule": {"line": 1}}],
            },
            "@cdktf/provider-x.other.Other": {"kind": "class"},
        },
        "version": "1.0.0",
    }


@pytest.mark.parametrize("indent", [2, None], ids=["as jsii writes it", "in another form"])
def test_only_the_wanted_submodules_and_types_are_read(indent: int | None) -> None:
    slim = read_assembly(json.dumps(_assembly(), indent=indent).encode(), {"one_thing"})
    assert json.loads(dump_assembly(slim)) == {
        "name": "@cdktf/provider-x",
        "submodules": {"@cdktf/provider-x.oneThing": {"symbolId": "src/one-thing/index:"}},
        "types": {
            "@cdktf/provider-x.oneThing.OneThing": {"kind": "class", "name": "OneThing"},
            "@cdktf/provider-x.oneThing.OneThingConfig": {
                "kind": "interface",
                "properties": [{"name": "a", "optional": True}],
            },
        },
        "version": "1.0.0",
    }


def test_a_tarball_is_read_back_and_its_bytes_do_not_depend_on_order() -> None:
    files = {ASSEMBLY: b"{}", "package/lib/a/index.js": b"a", "package/README.md": b"r"}
    packed = write_tarball(files)
    assert packed == write_tarball(dict(reversed(files.items())))
    assert read_tarball(packed, lambda name: not name.endswith(".md"), "x") == {
        ASSEMBLY: b"{}",
        "package/lib/a/index.js": b"a",
    }


@pytest.mark.parametrize("damage", [lambda data: b"not gzip", lambda data: data[:60]], ids=["no gzip", "cut short"])
def test_a_damaged_tarball_is_told(damage: Any) -> None:
    packed = write_tarball({ASSEMBLY: bytes(range(256)) * 100})
    with pytest.raises(BindingsError, match="some.whl: unreadable tarball: .*; install or fetch the wheel again"):
        read_tarball(damage(packed), lambda name: True, "some.whl")


def test_a_tarball_without_an_assembly_is_told() -> None:
    with pytest.raises(BindingsError, match=r"some\.whl: no package/\.jsii"):
        read_tarball(write_tarball({"package/x": b""}), lambda name: True, "some.whl")


def test_the_index_requires_a_submodule_when_it_is_used() -> None:
    index = slim_index(read_assembly(json.dumps(_assembly()).encode(), {"one_thing"})).decode()
    assert 'exports, "oneThing", { enumerable: true, get: function () { return require("./one-thing"); } });' in index
    assert "other" not in index


def test_source_maps_are_dropped_and_requires_found() -> None:
    script = b'const a = require("../other/index");\nconst cdktf = require("cdktf");\n//# sourceMappingURL=data:xyz'
    assert without_source_map(script) == script.partition(b"//#")[0]
    assert without_source_map(b"x\n") == b"x\n"
    assert required_directories({"a": script}) == {"other"}


def test_the_assembly_is_written_compact_and_sorted_without_documentation() -> None:
    assert dump_assembly({"b": 1, "a": [{"docs": {"summary": "long"}}]}) == b'{"a":[{}],"b":1}'
