"""What the platform and the service have agreed on: docs/conformance.md."""

from __future__ import annotations

from runtime.conformance import conformance

test_conformance = conformance(__file__)
