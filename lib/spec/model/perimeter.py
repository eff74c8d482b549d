"""`environments[].perimeter`: what the environment's service perimeter does, and whom it lets through besides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Expect, Section, key
from .names import ProjectId
from .service import ApiName
from .tiered import Reason

_RULES = "https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules"

Identity = Annotated[
    str,
    StringConstraints(pattern=r"^(user|group|serviceAccount):[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
    Expect("user:<email>, group:<email> or serviceAccount:<email>", "put its kind and a colon before the address"),
]


class PerimeterException(Section):
    """One way through the perimeter that the platform does not need itself."""

    direction: Literal["in", "out"] = key(
        "`in`: from outside to the environment; `out`: from the environment to other projects."
    )
    identities: tuple[Identity, ...] = key(
        "Who may pass. IAM has to let them too.",
        min_length=1,
        examples=(["group:auditors@acme.example"],),
        source=_RULES,
    )
    services: tuple[ApiName, ...] = key(
        "The APIs that they may use.", min_length=1, examples=(["bigquery.googleapis.com"],), source=_RULES
    )
    projects: tuple[ProjectId, ...] = key(
        "Google projects: with `out` those that may be reached, with `in` those that requests may come from.",
        default=(),
        default_text="with `in`, from anywhere; needed with `out`",
        examples=(["acme-warehouse"],),
    )
    reason: Reason = key(
        "Why; reviewers and readers of the operations guide see it.",
        examples=("the auditors read last quarter's payments",),
    )


class EnvironmentPerimeter(Section):
    """The service perimeter around the environment's project, where its tier has one."""

    enforced: bool | None = key(
        "Whether the perimeter refuses what its rules do not allow. Otherwise it refuses nothing, and says what it"
        " would.",
        default=None,
        default_text="the opposite of `perimeter.dryRun` in platform.yaml",
        source="https://cloud.google.com/vpc-service-controls/docs/dry-run-mode",
    )
    exceptions: tuple[PerimeterException, ...] = key(
        "Ways in and out besides those that the platform needs.", default=(), max_length=50
    )
