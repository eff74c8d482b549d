"""The alert on the environment's service perimeter: somebody or something was refused at it, or would have been."""

from __future__ import annotations

from .base import Alert, LogMetric, Subject, Threshold

VIOLATIONS = LogMetric(
    "perimeter_violation",
    'log_id("cloudaudit.googleapis.com/policy") AND resource.type="audited_resource"'
    ' AND protoPayload.metadata.@type="type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata"',
)
"""What a perimeter refused, and in dry run what it would have refused: the entries say which."""

_SHOWN = (
    "value(timestamp,protoPayload.metadata.dryRun,protoPayload.authenticationInfo.principalEmail,protoPayload.serviceName"
    ","
    "protoPayload.methodName,protoPayload.metadata.violationReason)"
)


def _has_perimeter(subject: Subject) -> bool:
    """Without platform.yaml nobody knows, so nothing said about the alert is wrong."""
    # Imported late: the model of specs names the alerts, and a perimeter is decided by the model.
    from ..perimeter import is_inside

    return subject.platform is None or is_inside(subject.environment, subject.platform)


VIOLATED = Alert(
    id="perimeter-violated",
    title="The service perimeter was run into",
    group="perimeter",
    severity="warn",
    counts=VIOLATIONS,
    query=f"sum(increase(logging_googleapis_com:user_{VIOLATIONS.name}"
    '{monitored_resource="audited_resource"}[10m])) > $threshold',
    seconds=0,
    threshold=Threshold("violations in 10 minutes", 0, least=0, most=1000),
    source="https://cloud.google.com/vpc-service-controls/docs/audit-logging",
    meaning="A request came from outside of the environment's perimeter, or would have left it, and no rule lets it. Enforced,"
    " it was refused, whatever IAM says; in dry run it was let through, and would be refused.",
    first="Who was it, and what did they want? The log entry says. An identity that you don't know is an incident: take away"
    " its access first.",
    causes=(
        "something new uses an API or a project that the spec does not name: the guide says how to except it",
        "somebody works from outside of what the access levels of platform.yaml allow",
        "a credential was carried away and is tried from elsewhere",
    ),
    commands=(
        'gcloud logging read "log_id(\\"cloudaudit.googleapis.com/policy\\")'
        ' AND protoPayload.metadata.@type:\\"VpcServiceControlAuditMetadata\\""'
        f' --project=$project --freshness=1d --limit=20 --format="{_SHOWN}"',
    ),
    applies=_has_perimeter,
)

ALERTS = (VIOLATED,)
