"""The runtime library: what a service imports."""

from __future__ import annotations

from .contract import Contract
from .resource import Resource

__all__ = ["Contract", "Resource"]
