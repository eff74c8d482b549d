"""`environments[].policyExceptions`: findings of the policy scanner that are right for now."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key
from .service import OwnerId
from .tiered import MIN_REASON_LENGTH

CheckId = Annotated[
    str,
    StringConstraints(pattern=r"^CKV2?_[A-Z0-9]+_[0-9]+$"),
    Expect("a check of checkov such as CKV_GCP_110", suggest=lambda text: [text.upper()]),
]

ResourceAddress = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[A-Za-z_][A-Za-z0-9_-]*$"),
    Expect("a Terraform address such as google_sql_database_instance.postgres"),
]

ExceptionReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=MIN_REASON_LENGTH),
    Expect(f"a reason of at least {MIN_REASON_LENGTH} characters", "write the sentence you would say in review"),
]

Date = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    Expect('a date such as "2027-01-31", in quotes'),
]


class PolicyException(Section):
    """One finding of the policy scanner that is accepted in this environment, by whom, why, and until when."""

    check: CheckId = key(
        "The check that is excepted.",
        examples=("CKV_GCP_110",),
        source="https://www.checkov.io/5.Policy%20Index/terraform.html",
    )
    resource: ResourceAddress | None = key(
        "The one resource that the exception is for.",
        default=None,
        default_text="every resource of the environment",
        examples=("google_sql_database_instance.postgres",),
    )
    reason: ExceptionReason = key(
        "Why the finding is right for now; reviewers and readers of the operations guide see it.",
        examples=("there are no real people's data in it",),
    )
    owner: OwnerId = key(
        "Who answers for it, an id under `owners` in platform.yaml.",
        examples=("identity",),
    )
    expires: Date = key(
        "The last day on which it counts; after that `check` fails. A year ahead is plenty.",
    )
