"""Alerts on objectives: how fast the errors that an objective allows are being used up.

An objective of 99.9 % allows one failure in a thousand. A burn rate of 1 uses that up exactly in the objective's window;
at 14 a month's worth is gone in two days. Each alert looks at a long window, so that a blip tells nobody, and at a short
one, so that it ends when the trouble does: https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .base import Alert, Severity, Subject, Threshold

WINDOW_DAYS = 30
"""The window of every objective, in days, as Cloud Monitoring shows its error budget."""

SLO_METHOD = "https://sre.google/workbook/alerting-on-slos/"


def decimal(value: float) -> str:
    """The number with ten digits at most: 1 - 0.999 is 0.001, whatever a float makes of it."""
    return f"{value:.10g}"


@dataclass(frozen=True)
class _Burn:
    """One pair of windows. The longest stays within a day, which every PromQL policy may look back."""

    suffix: str
    speed: str
    severity: Severity
    rate: int
    most: int
    long: str
    short: str


_BURNS = (
    _Burn("fast", "very fast", "page", 14, 18, "1h", "5m"),
    _Burn("slow", "fast", "page", 6, 18, "6h", "30m"),
    _Burn("drain", "too fast", "warn", 3, 18, "24h", "2h"),
)
"""Burn rates stay below 20, at which even the lowest target (95 %) would allow every request to fail."""


def _availability_target(subject: Subject) -> float | None:
    slo = subject.spec.monitoring.slo
    return None if slo is None or not subject.workload.answers else slo.availability


def _latency_target(subject: Subject) -> float | None:
    slo = subject.spec.monitoring.slo
    return None if slo is None or slo.latency is None or not subject.workload.answers else slo.latency.target


def allowed_ratio(target: float, burn_rate: int) -> float:
    """The part of requests that may miss the objective while errors are used up at this rate; 1 is all of them."""
    return burn_rate * (100 - target) / 100


def _availability_terms(subject: Subject, threshold: int) -> Mapping[str, str]:
    target = _availability_target(subject)
    assert target is not None
    return {"allowed": decimal(allowed_ratio(target, threshold))}


def _latency_terms(subject: Subject, threshold: int) -> Mapping[str, str]:
    """More than a part p of requests is slower than a limit exactly if the (1 - p) quantile is above the limit.

    So any limit can be asked for, not those alone that are bounds of the histogram's buckets.
    """
    slo, target = subject.spec.monitoring.slo, _latency_target(subject)
    assert slo is not None and slo.latency is not None and target is not None
    return {
        "quantile": decimal(1 - allowed_ratio(target, threshold)),
        "limit": str(slo.latency.threshold_ms),
    }


_ERRORS = (
    'sum(rate(run_googleapis_com:request_count{{$run,response_code_class="5xx"}}[{0}]))'
    " / sum(rate(run_googleapis_com:request_count{{$run}}[{0}])) > $allowed"
)
_SLOWNESS = "histogram_quantile($quantile, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{{$run}}[{0}]))) > $limit"


def _alert(
    burn: _Burn,
    sli: str,
    what: str,
    condition: str,
    target: Callable[[Subject], float | None],
    terms: Callable[[Subject, int], Mapping[str, str]],
) -> Alert:
    return Alert(
        id=f"slo-{sli}-{burn.suffix}",
        title=f"{sli.capitalize()} objective: its errors are used up {burn.speed}",
        group="objectives",
        severity=burn.severity,
        query=f"({condition.format(burn.long)}) and ({condition.format(burn.short)})",
        seconds=0,
        threshold=Threshold("times the allowed rate", burn.rate, least=1, most=burn.most),
        terms=terms,
        source=SLO_METHOD,
        meaning=f"Over the last {burn.long} and still over the last {burn.short}, {what} so often that the errors which the"
        f" objective allows for {WINDOW_DAYS} days are used up many times too fast.",
        first="How much of the error budget is left? The service's page under SLOs shows it.",
        causes=(
            "what the alerts on requests tell, at a lower rate but for longer",
            "a part of the callers, or one kind of request, fails all the time",
            "the objective is stricter than the service was ever able to keep",
        ),
        commands=(
            'gcloud logging read "$log_filter AND httpRequest.status>=500" --project=$project --freshness=6h --limit=50',
            "gcloud run revisions list --service=$run --project=$project --region=$region --limit=5",
        ),
        applies=lambda subject: target(subject) is not None,
    )


ALERTS = (
    *(
        _alert(burn, "availability", "requests failed", _ERRORS, _availability_target, _availability_terms)
        for burn in _BURNS
    ),
    *(
        _alert(burn, "latency", "requests were slower than promised", _SLOWNESS, _latency_target, _latency_terms)
        for burn in _BURNS
    ),
)
