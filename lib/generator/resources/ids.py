"""Construct ids out of names that people chose. They become Terraform addresses, so they must stay the same for ever."""

from __future__ import annotations

import re


def slug(text: str) -> str:
    """`roles/cloudsql.client` -> `cloudsql-client`, `a.b@acme.example` -> `a-b-acme-example`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text.removeprefix("roles/")).strip("-").lower()


def of_region(id: str, region: str, home: str) -> str:
    """The id of what there is in each region: in the home the plain one, which it had when there was no other region."""
    return id if region == home else f"{id}-{region}"
