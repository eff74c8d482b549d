"""The generated files and where they belong."""

from __future__ import annotations

import json

from ..model.root import ServiceSpec
from ..platform import Platform
from .markdown import platform_page, service_page
from .schema import document_schema

COMMAND = "./pants msp-generate ::"
PLAIN_COMMAND = "PYTHONPATH=lib python -m spec reference --out ."
"""What writes them again, from the repository's root: with Pants, and without."""


def reference_files() -> dict[str, str]:
    """Path, relative to the repository's root → content. The same on every machine."""
    service = document_schema(
        ServiceSpec,
        title="service.yaml",
        description="One service: who it is, where its image is, and the environments it runs in."
        " Explained in docs/reference/service-yaml.md.",
    )
    platform = document_schema(
        Platform,
        title="platform.yaml",
        description="The organisation's settings. Explained in docs/reference/platform-yaml.md.",
    )
    return {
        "docs/reference/platform-yaml.md": platform_page(),
        "docs/reference/service-yaml.md": service_page(),
        "schema/platform.schema.json": _canonical(platform),
        "schema/service.schema.json": _canonical(service),
    }


def _canonical(schema: dict[str, object]) -> str:
    """Keys stay in the model's order, which is the order in which people write them."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
