"""Policy: what the scanner finds in every environment and is right all the same, and until when a spec's exceptions count.

The scanner is checkov, run in the tests on the plan of every golden (docs/adr/0022-policy.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .diagnostics import Diagnostic, ordered
from .findings import dotted
from .loader import Fleet, LoadedService
from .model.policy import PolicyException

PLATFORM_EXCEPTIONS: dict[str, str] = {
    "CKV2_GCP_5": (
        "Access to data is recorded by `google_project_iam_audit_config` of stack iam, for the APIs that the tier asks"
        " for and for people only; the check looks into the project's own stack, and wants all APIs and all identities."
    ),
    "CKV2_GCP_13": (
        "Durations of statements are in Query Insights, without a log entry for each statement."
    ),
    "CKV2_GCP_18": (
        "A network without firewall rules refuses everything that comes in. The default network, which has open ones, is"
        " never made."
    ),
    "CKV_GCP_6": (
        "Connections must be encrypted (`ENCRYPTED_ONLY`). Who comes is proved by IAM, not by a certificate that somebody"
        " would have to hand out, keep and renew."
    ),
    "CKV_GCP_62": (
        "Who reads or writes objects is in Cloud Audit Logs, as far as the tier has data access recorded; a bucket's usage"
        " logs would be a second record, in a bucket that has to be guarded too."
    ),
    "CKV_GCP_63": "A bucket has no usage logs (see CKV_GCP_62), so none go to itself.",
    "CKV_GCP_79": (
        "A major version is upgraded when the owners say so, because the database stands still meanwhile; each version"
        " that a spec may name is maintained."
    ),
    "CKV_GCP_80": (
        "Tables are encrypted with keys that Google keeps and changes, unless the environment's `encryption` gives them"
        " one of its own: that is one more thing that can be lost, with everything it guards, so it is a choice."
    ),
    "CKV_GCP_81": "Datasets are encrypted as their tables are (CKV_GCP_80): with Google's keys unless `encryption` says otherwise.",
    "CKV_GCP_83": (
        "Messages are encrypted with keys that Google keeps and changes, unless the environment's `encryption` gives them"
        " one of its own: a key can be lost, with every message, so it is a choice."
    ),
    "CKV_GCP_125": (
        "The check knows `assertion.sub` alone, whose form a repository may change. Tokens are taken by repository, by the"
        " repository's number (a later one of the same name is another), by branch and by kind of event."
    ),
    "CKV_GCP_108": (
        "Clients come from the private network, where addresses have no names; looking them up would delay every"
        " connection."
    ),
}
"""Check -> why every environment of every service is an exception to it. Whatever a stack can do better, it does."""

SOON = timedelta(days=30)
"""How long before its end an exception is warned of."""


def expiries(fleet: Fleet, today: date) -> tuple[Diagnostic, ...]:
    """The exceptions that have ended before `today` (errors), and those that will within a month (warnings)."""
    return ordered(found for service in fleet.services for found in _of(service, today))


def _of(service: LoadedService, today: date) -> Iterator[Diagnostic]:
    for place, environment in enumerate(service.spec.environments):
        for index, exception in enumerate(environment.policy_exceptions):
            last = date.fromisoformat(exception.expires)
            if last >= today + SOON:
                continue
            is_over = last < today
            keys = ("environments", place, "policyExceptions", index, "expires")
            position = service.position(keys)
            yield Diagnostic(
                severity="error" if is_over else "warning",
                code="exception-expired" if is_over else "exception-expires-soon",
                path=service.path.as_posix(),
                line=position.line,
                column=position.column,
                key=dotted(keys),
                found=f"{exception.expires}, on {today.isoformat()}",
                expected=f"{today.isoformat()} or later, for the exception to {named(exception)} to count",
                fix=f"mend what {exception.check} finds and delete the exception; or have {exception.owner} agree to a later date",
            )


def named(exception: PolicyException) -> str:
    """The check, and the resource where it is for one alone."""
    return exception.check + (f" for {exception.resource}" if exception.resource else "")
