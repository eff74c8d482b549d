"""Alerts on what a service answers, and on whether it can be reached."""

from __future__ import annotations

from .base import Alert, LogMetric, Subject, Threshold
from .container import RUN_METRICS

MIN_REQUESTS = 20
"""Requests in the window below which a ratio says nothing: one failure of three is no outage."""

UPTIME_METRICS = "https://cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-monitoring"

REFUSED_STARTS = LogMetric(
    "instance_start_failed",
    'log_id("cloudaudit.googleapis.com/system_event") AND resource.type="cloud_run_revision"'
    ' AND resource.labels.service_name="$run" AND protoPayload.status.code=9',
)
"""Cloud Run's refusals to start an instance. 9 is FAILED_PRECONDITION:
https://cloud.google.com/apis/design/errors#handling_errors"""


def _is_service(subject: Subject) -> bool:
    return subject.workload.answers


def _scales(subject: Subject) -> bool:
    """With one or two instances, full scale is the normal state."""
    return _is_service(subject) and subject.environment.instances.scaling.max_count > 2


def _is_public(subject: Subject) -> bool:
    """The check comes from the Internet, so it needs a name there that lets everybody in."""
    environment = subject.environment
    return _is_service(subject) and environment.domain is not None and environment.authentication.type == "public"


def _is_behind_proxy(subject: Subject) -> bool:
    """The check comes from the Internet and signs in nowhere: what it gets is Identity-Aware Proxy's refusal."""
    environment = subject.environment
    return _is_service(subject) and environment.domain is not None and environment.authentication.type == "iap"


def _max_count(subject: Subject) -> int:
    return subject.environment.instances.scaling.max_count


_FAILED = (
    'gcloud logging read "$log_filter AND httpRequest.status>=500" --project=$project --freshness=30m --limit=20',
    'gcloud logging read "$log_filter AND severity>=ERROR" --project=$project --freshness=30m --limit=20',
    "gcloud run revisions list --service=$run --project=$project --region=$region --limit=5",
)

REQUEST_5XX = Alert(
    id="request-5xx",
    title="Too many requests fail",
    group="service",
    severity="page",
    chart='sum(rate(run_googleapis_com:request_count{$run,response_code_class="5xx"}[5m]))'
    " / sum(rate(run_googleapis_com:request_count{$run}[5m])) * 100",
    query='(sum(rate(run_googleapis_com:request_count{$run,response_code_class="5xx"}[5m]))'
    " / sum(rate(run_googleapis_com:request_count{$run}[5m])) * 100 > $threshold)"
    f" and (sum(increase(run_googleapis_com:request_count{{$run}}[5m])) >= {MIN_REQUESTS})",
    seconds=120,
    threshold=Threshold("percent", 5, least=1, most=50),
    source=RUN_METRICS,
    meaning="More than the threshold of all requests are answered with 5xx: callers see errors now."
    f" Windows with fewer than {MIN_REQUESTS} requests are passed over.",
    first="Did a rollout precede it? Then go back first and look for the reason after.",
    causes=(
        "a new version is broken: roll back",
        "something the service depends on fails or answers slowly",
        "instances are ended for want of memory (container-memory)",
    ),
    commands=_FAILED,
    applies=_is_service,
)

REQUEST_LATENCY = Alert(
    id="request-latency",
    title="Requests are slow",
    group="service",
    severity="warn",
    chart="histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{$run}[5m])))",
    query="histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{$run}[5m])))"
    " > $threshold",
    seconds=600,
    threshold=Threshold("milliseconds", 2000, least=10, most=3_600_000),
    source=RUN_METRICS,
    meaning="One request in twenty takes longer than the threshold.",
    first="Look at the slowest traces: where is the time spent?",
    causes=(
        "something the service depends on has become slow",
        "instances are out of CPU (container-cpu), or too few (instance-count, pending-requests)",
        "cold starts: set scaling.minCount",
    ),
    commands=_FAILED[2:],
    applies=_is_service,
)

INSTANCE_COUNT = Alert(
    id="instance-count",
    title="As many instances as are allowed",
    group="service",
    severity="warn",
    query='sum(max_over_time(run_googleapis_com:container_instance_count{$run,state="active"}[5m])) >= $threshold',
    seconds=600,
    threshold=Threshold("instances", _max_count, least=1, most=1000, default_text="`scaling.maxCount`", when="from"),
    source=RUN_METRICS,
    meaning="The service can't grow any further: with more traffic, requests will wait and then be refused.",
    first="Is it traffic, or do instances hold on to requests that take too long?",
    causes=(
        "more traffic than expected: raise scaling.maxCount",
        "requests take longer, so that more of them are open at once (request-latency)",
        "a client that repeats without a pause",
    ),
    commands=_FAILED[2:],
    applies=_scales,
)

PENDING_REQUESTS = Alert(
    id="pending-requests",
    title="Requests wait for an instance",
    group="service",
    severity="warn",
    chart="sum(run_googleapis_com:pending_queue_pending_requests{$run})",
    query="sum(max_over_time(run_googleapis_com:pending_queue_pending_requests{$run}[1m])) > $threshold",
    seconds=60,
    threshold=Threshold("requests", 5, least=1, most=10000),
    source=RUN_METRICS,
    meaning="Requests stand in Cloud Run's queue because no instance is free to take them.",
    first="Are new instances starting (startup-latency), or is the service at its limit (instance-count)?",
    causes=(
        "a burst of traffic that is faster than new instances start: raise scaling.minCount",
        "the limit of instances is reached: raise scaling.maxCount",
        "new instances fail to start (instance-start-failed)",
    ),
    commands=_FAILED[2:],
    applies=_is_service,
)

INSTANCE_START_FAILED = Alert(
    id="instance-start-failed",
    title="An instance could not be started",
    group="service",
    severity="warn",
    counts=REFUSED_STARTS,
    query=f"sum(increase(logging_googleapis_com:user_{REFUSED_STARTS.name}"
    '{monitored_resource="cloud_run_revision"}[5m])) > $threshold',
    seconds=0,
    threshold=Threshold("failures in 5 minutes", 0, least=0, most=1000),
    source="https://cloud.google.com/run/docs/audit-logging",
    meaning="Cloud Run gave up starting an instance because something that it needs is not in order. What runs goes on"
    " running; nothing new starts.",
    first="Read the entry in the system event log: it names what was missing.",
    causes=(
        "a secret has no version, or the version was destroyed",
        "the image is gone from the registry, or may not be read",
        "the container ends, or does not open its port in time",
    ),
    commands=(
        'gcloud logging read "log_id(\\"cloudaudit.googleapis.com/system_event\\") AND protoPayload.status.code=9"'
        " --project=$project --freshness=1h --limit=10",
        *_FAILED[2:],
    ),
    applies=_is_service,
)

UPTIME = Alert(
    id="uptime",
    title="Not reachable from the Internet",
    group="service",
    severity="page",
    chart="avg(avg_over_time(monitoring_googleapis_com:uptime_check_check_passed{$uptime}[3m])) * 100",
    query="avg(avg_over_time(monitoring_googleapis_com:uptime_check_check_passed{$uptime}[3m])) * 100 < $threshold",
    seconds=60,
    threshold=Threshold("percent of checks passed", 40, least=1, most=99, when="below"),
    source=UPTIME_METRICS,
    meaning="Most of Google's checkers around the world get no good answer from the service's name: the name, the"
    " certificate, the load balancer or the service itself fails.",
    first="Ask it yourself, from outside. An answer of 5xx is the service's; no answer at all is before it.",
    causes=(
        "the service fails as a whole (request-5xx)",
        "the name or the certificate: was something changed in DNS, or in stack `edge`?",
        "the firewall takes the checkers for an attack",
    ),
    commands=('curl --verbose --max-time 10 "https://$host/-/livez"', *_FAILED[:2]),
    applies=_is_public,
)

PROXY_ANSWERS = Alert(
    id="iap-answer",
    title="Strangers are not turned away by Identity-Aware Proxy",
    group="service",
    severity="page",
    chart=UPTIME.chart,
    query=UPTIME.query,
    seconds=UPTIME.seconds,
    threshold=UPTIME.threshold,
    source="https://cloud.google.com/iap/docs/sessions-howto",
    meaning="Google's checkers around the world ask without signing in and must be answered with 401. Most get another answer,"
    " or none: nobody can sign in, or Identity-Aware Proxy is switched off (Cloud Run then refuses everybody, with 403).",
    first="Ask it yourself, from outside and without signing in: which answer comes instead of 401?",
    causes=(
        "the name, the certificate or the load balancer: was something changed in DNS, or in stack `edge`?",
        "somebody switched Identity-Aware Proxy off by hand: apply stack `edge`",
        "the firewall takes the checkers for an attack",
    ),
    commands=(
        'curl --verbose --max-time 10 --header "X-Requested-With: XMLHttpRequest" "https://$host/-/livez"',
        "gcloud compute backend-services describe $run --global --project=$project",
    ),
    applies=_is_behind_proxy,
)

ALERTS = (
    REQUEST_5XX,
    REQUEST_LATENCY,
    UPTIME,
    PROXY_ANSWERS,
    PENDING_REQUESTS,
    INSTANCE_COUNT,
    INSTANCE_START_FAILED,
)
