"""What the bindings cannot carry, written down by hand with its source.

CDKTF 0.21 knows neither ephemeral resources (Terraform 1.10) nor write-only arguments (Terraform 1.11): it has no
construct for the first and generated the second as ordinary arguments.

Sources:
- random_password: hashicorp/random 3.7.2, docs/ephemeral-resources/password.md (added in 3.7.1).
- google_service_account_access_token: hashicorp/google 6.50.0,
  google/services/resourcemanager/ephemeral_google_service_account_access_token.go.
- google_secret_manager_secret_version: hashicorp/google and google-beta, since 7.6.0, and by the secret's short name
  since 7.11.0 (CHANGELOG.md), so *not* in the google 6.50.0 that the bindings are made for;
  google-beta/services/secretmanager/ephemeral_google_secret_manager_secret_version.go.
- Write-only arguments: https://developer.hashicorp.com/terraform/plugin/framework/resources/write-only-arguments and
  the naming rule of https://developer.hashicorp.com/terraform/plugin/best-practices/sensitive-state: the write-only
  twin of `x` is `x_wo`, and `x_wo_version` tells the provider that it changed. Both providers keep to it.
"""

from __future__ import annotations

import re
from typing import Any

from generator.bindings.javascript import Type
from generator.bindings.recover import iter_blocks

GOOGLE_BETA = {"source": "registry.terraform.io/hashicorp/google-beta", "version": "7.11.0"}
"""The provider that can read a secret without storing it; used for nothing else, so it may be newer than `google`."""

Attributes = dict[str, tuple[Type, str]]
"""Attribute → its type and its use: required, optional or computed."""

_SECRET_VERSION: Attributes = {
    "create_time": ("string", "computed"),
    "destroy_time": ("string", "computed"),
    "enabled": ("bool", "computed"),
    "is_secret_data_base64": ("bool", "optional"),
    "name": ("string", "computed"),
    "project": ("string", "optional"),
    "secret": ("string", "required"),
    "secret_data": ("string", "computed"),
    "version": ("string", "optional"),
}

_EPHEMERAL: dict[str, dict[str, Attributes]] = {
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
        "google_service_account_access_token": {
            "access_token": ("string", "computed"),
            "delegates": (["set", "string"], "optional"),
            "lifetime": ("string", "optional"),
            "scopes": (["set", "string"], "required"),
            "target_service_account": ("string", "required"),
        },
    },
    "google-beta": {"google_secret_manager_secret_version": _SECRET_VERSION},
}
"""Provider → ephemeral type → attribute → its type and its use."""

_CONFIGURATION: Attributes = {
    "access_token": ("string", "optional"),
    "add_terraform_attribution_label": ("bool", "optional"),
    "billing_project": ("string", "optional"),
    "credentials": ("string", "optional"),
    "default_labels": (["map", "string"], "optional"),
    "impersonate_service_account": ("string", "optional"),
    "project": ("string", "optional"),
    "region": ("string", "optional"),
    "request_timeout": ("string", "optional"),
    "user_project_override": ("bool", "optional"),
    "zone": ("string", "optional"),
}
"""What the provider google-beta can be configured with, as far as it is of use to read a secret."""


def ephemeral_resources(provider: str) -> dict[str, Any]:
    """The provider's ephemeral resource types as schema entries; they have no module and no class."""
    return {name: {"block": _block(attributes)} for name, attributes in _EPHEMERAL.get(provider, {}).items()}


def providers_without_bindings() -> dict[str, Any]:
    """Providers that stacks use only for their ephemeral resources, as parts of schema.json."""
    return {
        "google-beta": {
            **GOOGLE_BETA,
            "package": "",
            "constraint": "",
            "provider": {"module": "", "class": "", "config": "", "block": _block(_CONFIGURATION)},
            "resource": {},
            "data": {},
            "ephemeral": ephemeral_resources("google-beta"),
        }
    }


def _block(attributes: Attributes) -> dict[str, Any]:
    return {
        "attributes": {name: {"js": _camel(name), "type": kind, use: True} for name, (kind, use) in attributes.items()},
        "blocks": {},
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
