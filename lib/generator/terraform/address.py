"""The source addresses of providers."""

from __future__ import annotations

_DEFAULT_HOST = "registry.terraform.io"
_DEFAULT_NAMESPACE = "hashicorp"

OPENTOFU_HOST = "registry.opentofu.org"
"""OpenTofu's registry: the same providers under the same names. https://opentofu.org/docs/language/providers/requirements"""


def qualified_source(source: str) -> str:
    """`google` → `registry.terraform.io/hashicorp/google`, by Terraform's rules for a short source address.

    https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses
    """
    parts = source.split("/")
    if len(parts) == 1:
        parts = [_DEFAULT_NAMESPACE, *parts]
    if len(parts) == 2:
        parts = [_DEFAULT_HOST, *parts]
    return "/".join(parts)


def from_opentofu(source: str) -> str:
    """The full address of the same provider in OpenTofu's registry; one of any other registry stays."""
    full = qualified_source(source)
    return full.replace(f"{_DEFAULT_HOST}/", f"{OPENTOFU_HOST}/", 1) if full.startswith(_DEFAULT_HOST) else full


def from_default_registry(source: str) -> str:
    """The address of the same provider in Terraform's registry."""
    return source.replace(f"{OPENTOFU_HOST}/", f"{_DEFAULT_HOST}/", 1) if source.startswith(OPENTOFU_HOST) else source
