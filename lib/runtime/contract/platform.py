"""The platform's variables as this library reads them: names and meanings are spec.constants' own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from spec import constants

from .reader import Variable

T = TypeVar("T")

BY_NAME = {variable.name: variable for variable in constants.CONTRACT}

SOURCES = {
    "always": "the platform",
    "service": "the platform, for services",
    "job": "the platform, for jobs",
    "domain": "the platform, where the spec has a domain",
    "iap": "the platform, where Identity-Aware Proxy lets people in",
    "collector": "the platform, where a collector runs beside the service; else the spec's env",
    "guides": "the platform, where platform.yaml says where guides are read",
    "called": "the platform, where Pub/Sub or Cloud Tasks call the service",
    "schedule": "the platform, for jobs with a schedule",
}
"""By a variable's `when`; a resource's variables come where the spec has the resource."""


def platform(
    name: str,
    parse: Callable[[str], T],
    expected: str,
    *,
    default: T | None = None,
    default_text: str | None = None,
    required: bool = False,
) -> Variable[T]:
    """A variable of the contract; KeyError where spec.constants has none of that name."""
    agreed = BY_NAME[name]
    source = "Cloud Run" if agreed.kind == "injected" else SOURCES.get(agreed.when)
    return Variable(
        name=name,
        meaning=agreed.meaning,
        parse=parse,
        expected=expected,
        default=default,
        default_text=default_text,
        required=required,
        secret=agreed.kind == "secret" or name == "REDIS_ENDPOINT",
        source=source or f"the platform, where the spec has resources.{agreed.when}",
    )
