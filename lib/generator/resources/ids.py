"""Construct ids out of names that people chose. They become Terraform addresses, so they must stay the same for ever."""

from __future__ import annotations

import re


def slug(text: str) -> str:
    """`roles/cloudsql.client` -> `cloudsql-client`, `a.b@acme.example` -> `a-b-acme-example`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text.removeprefix("roles/")).strip("-").lower()
