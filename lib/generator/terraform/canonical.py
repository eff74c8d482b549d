"""The one text of a stack: the same content gives the same bytes, and a diff shows only what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.terraform.address import qualified_source

_REMARK = "//"
_NESTED_SECTIONS = ("resource", "data", "ephemeral")
_FLAT_SECTIONS = ("output", "variable", "module")


def canonicalise(tf: Mapping[str, Any], *, origin: str) -> str:
    """The stack as canonical JSON: sorted keys, two spaces, one newline at the end, no character escaped needlessly.

    CDKTF's metadata (the `//` members) is dropped, because it names CDKTF's version and every construct's path; a
    header says instead that the file is generated from `origin`, the spec's path. Provider sources are written in
    full. `tf` is not changed.
    """
    content = {key: value for key, value in tf.items() if key != _REMARK}
    for section in _NESTED_SECTIONS:
        if section in content:
            content[section] = {kind: _without_remarks(objects) for kind, objects in content[section].items()}
    for section in _FLAT_SECTIONS:
        if section in content:
            content[section] = _without_remarks(content[section])
    if "terraform" in content:
        content["terraform"] = _with_qualified_sources(content["terraform"])
    content[_REMARK] = {"generated": f"by ./pants msp-generate from {origin}; edits are overwritten"}
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _without_remarks(objects: Mapping[str, Any]) -> dict[str, Any]:
    """The named blocks without the `//` member of each; a `//` deeper down may be a key of a map, and stays."""
    return {
        name: {key: value for key, value in body.items() if key != _REMARK} if isinstance(body, Mapping) else body
        for name, body in objects.items()
        if name != _REMARK
    }


def _with_qualified_sources(settings: Mapping[str, Any]) -> dict[str, Any]:
    required = settings.get("required_providers")
    if not required:
        return dict(settings)
    qualified = {
        name: {**requirement, "source": qualified_source(requirement["source"])}
        if "source" in requirement
        else requirement
        for name, requirement in required.items()
    }
    return {**settings, "required_providers": qualified}
