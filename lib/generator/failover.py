"""When a region is taken out of a service's load balancer, for the resource and for the guide."""

from __future__ import annotations

EJECT_AFTER_ERRORS = 5
"""Answers of 5xx in a row, as one of Google's front ends sees them."""

EJECTION_INTERVAL_SECONDS = 10

EJECTION_SECONDS = 30
"""The first time; each further time it is so much longer."""

MAX_EJECTION_PERCENT = 50
"""Never more of the regions: when all fail, sending everything to the last one would only finish it."""
