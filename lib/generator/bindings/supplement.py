"""What the bindings cannot carry, written down by hand with its source.

CDKTF 0.21 knows neither ephemeral resources (Terraform 1.10) nor write-only arguments (Terraform 1.11): it has no
construct for the first and generated the second as ordinary arguments.

Sources:
- random_password: hashicorp/random 3.7.2, docs/ephemeral-resources/password.md (added in 3.7.1).
- google_secret_manager_secret_version: hashicorp/google 6.50.0,
  website/docs/ephemeral-resources/secret_manager_secret_version.html.markdown.
- Write-only arguments: https://developer.hashicorp.com/terraform/plugin/framework/resources/write-only-arguments and
  the naming rule of https://developer.hashicorp.com/terraform/plugin/best-practices/sensitive-state: the write-only
  twin of `x` is `x_wo`, and `x_wo_version` tells the provider that it changed. Both providers keep to it.
"""

from __future__ import annotations

import re
from typing import Any

from generator.bindings.recover import iter_blocks

_EPHEMERAL: dict[str, dict[str, dict[str, tuple[str, str]]]] = {
    "random": {
        "random_password": {
            "bcrypt_hash": ("string", "computed"),
            "length": ("number", "required"),
            "lower": ("bool", "optional"),
            "min_lower": ("number", "optional"),
            "min_numeric": ("number", "optional"),
            "min_special": ("number", "optional"),
            "min_upper": ("number", "optional"),
            "numeric": ("bool", "optional"),
            "override_special": ("string", "optional"),
            "result": ("string", "computed"),
            "special": ("bool", "optional"),
            "upper": ("bool", "optional"),
        },
    },
    "google": {
        "google_secret_manager_secret_version": {
            "create_time": ("string", "computed"),
            "destroy_time": ("string", "computed"),
            "enabled": ("bool", "computed"),
            "is_secret_data_base64": ("bool", "optional"),
            "name": ("string", "computed"),
            "project": ("string", "optional"),
            "secret": ("string", "required"),
            "secret_data": ("string", "computed"),
            "version": ("string", "optional"),
        },
    },
}
"""Provider → ephemeral type → attribute → its type and its use."""


def ephemeral_resources(provider: str) -> dict[str, Any]:
    """The provider's ephemeral resource types as schema entries; they have no module and no class."""
    return {
        name: {
            "block": {
                "attributes": {
                    attribute: {"js": _camel(attribute), "type": kind, use: True}
                    for attribute, (kind, use) in attributes.items()
                },
                "blocks": {},
            }
        }
        for name, attributes in _EPHEMERAL.get(provider, {}).items()
    }


def mark_write_only(entry: dict[str, Any]) -> None:
    """Mark the arguments of a resource's schema entry that Terraform never stores."""
    for _, block in iter_blocks(entry["block"]):
        attributes = block["attributes"]
        for name, attribute in attributes.items():
            if name.endswith("_wo") and "computed" not in attribute:
                attribute["write_only"] = True


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
