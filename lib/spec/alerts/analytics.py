"""Alerts on the copies that analysts work with."""

from __future__ import annotations

from .base import Alert, Subject, Threshold

DATASTREAM_METRICS = "https://cloud.google.com/monitoring/api/metrics_gcp_d_h#gcp-datastream"

LATE_MINUTES = 30
"""Datastream's own lag beside the freshness that is asked for, before it counts as late."""


def _has_copies(subject: Subject) -> bool:
    postgres = subject.environment.resources.postgres
    return postgres is not None and postgres.analytics is not None and bool(postgres.analytics.publications)


def _late_minutes(subject: Subject) -> int:
    postgres = subject.environment.resources.postgres
    assert postgres is not None and postgres.analytics is not None
    return postgres.analytics.freshness_minutes + LATE_MINUTES


_AGE = "max(datastream_googleapis_com:stream_freshness{$datastream}) / 60"

LATE = Alert(
    id="copies-late",
    title="Copies for analysts are late",
    group="database",
    severity="warn",
    chart=_AGE,
    query=f"{_AGE} > $threshold",
    seconds=900,
    threshold=Threshold(
        "minutes", _late_minutes, least=5, most=7 * 24 * 60, default_text=f"`freshnessMinutes` and {LATE_MINUTES} more"
    ),
    source=DATASTREAM_METRICS,
    meaning="A stream has not brought changes into BigQuery for so long. Analysts work with old rows, and the database keeps"
    " every change until the stream reads it: its disk fills.",
    first="Is the stream running? Its page and its log name the error. Then look at what the database keeps for it.",
    causes=(
        "the stream is paused, or a table lost its primary key or its place in the publication",
        "the password's secret, or Datastream's door into the network, was changed",
        "more changes arrive than the stream brings over: a migration that touches every row",
    ),
    commands=(
        "gcloud datastream streams list --project=$project --location=$region",
        'gcloud logging read "resource.type=\\"datastream.googleapis.com/Stream\\" AND severity>=WARNING" --project=$project'
        " --freshness=1d --limit=50",
    ),
    applies=_has_copies,
)

ALERTS = (LATE,)
