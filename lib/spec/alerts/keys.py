"""Alerts on the environment's own keys: somebody takes one away, and what it encrypts goes with it."""

from __future__ import annotations

from ..encryption import products
from .base import Alert, LogMetric, Subject, Threshold

LOST_VERSIONS = LogMetric(
    "key_version_lost",
    'log_id("cloudaudit.googleapis.com/activity") AND protoPayload.serviceName="cloudkms.googleapis.com"'
    ' AND resource.type="cloudkms_cryptokeyversion"'
    ' AND (protoPayload.methodName:"DestroyCryptoKeyVersion"'
    ' OR (protoPayload.methodName:"UpdateCryptoKeyVersion"'
    ' AND protoPayload.request.cryptoKeyVersion.state="DISABLED"))',
)
"""Versions of keys that were disabled, or scheduled for destruction. Cloud KMS has no metric of these."""

ENTRIES = (
    'gcloud logging read "log_id(\\"cloudaudit.googleapis.com/activity\\")'
    ' AND protoPayload.serviceName=\\"cloudkms.googleapis.com\\"" --project=$project --freshness=1d --limit=20'
)


def _has_keys(subject: Subject) -> bool:
    return bool(products(subject.spec, subject.environment))


LOST = Alert(
    id="key-lost",
    title="A key is disabled or will be destroyed",
    group="keys",
    severity="page",
    counts=LOST_VERSIONS,
    query=f"sum(increase(logging_googleapis_com:user_{LOST_VERSIONS.name}"
    '{monitored_resource="cloudkms_cryptokeyversion"}[10m])) > $threshold',
    seconds=0,
    threshold=Threshold("versions in 10 minutes", 0, least=0, most=10),
    source="https://cloud.google.com/kms/docs/audit-logging",
    meaning="A version of one of the environment's own keys was disabled, or is scheduled for destruction. What it"
    " encrypts can't be read from then on: the database stops within minutes, new instances don't start. Destroyed for"
    " good, it takes with it everything that it encrypts, backups included.",
    first="Who did it, and on purpose? The audit log says. If nobody knows, bring it back at once and ask then: the guide"
    " has the commands under “Encryption keys”.",
    causes=(
        "somebody tried out what a disabled key does",
        "an old version was destroyed while something was still encrypted with it",
        "somebody means harm: see who, and take away their access",
    ),
    commands=(
        ENTRIES,
        "gcloud kms keyrings list --project=$project --location=$region",
    ),
    applies=_has_keys,
)

ALERTS = (LOST,)
