"""The source addresses of providers."""

from __future__ import annotations

_DEFAULT_HOST = "registry.terraform.io"
_DEFAULT_NAMESPACE = "hashicorp"


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
