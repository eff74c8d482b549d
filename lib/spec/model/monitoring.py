"""`monitoring`: what is watched, when it is too much, and who is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ..alerts import IDS
from .base import Expect, Section, key
from .tiered import MIN_REASON_LENGTH, Tiered

BuiltInId = Annotated[
    Literal[IDS],  # type: ignore[valid-type]
    Expect("the id of a built-in alert", "choose one from the table of alerts in docs/reference/service-yaml.md"),
]

AlertId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40),
    Expect("at most 40 lower-case letters, digits and single dashes, starting with a letter"),
]

AlertName = Annotated[str, StringConstraints(pattern=r"^\S(.{0,98}\S)?$"), Expect("1 to 100 characters on one line")]

AlertText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Expect("1 to 2000 characters of text", "say what it means and what to do first"),
]

PromQL = Annotated[str, StringConstraints(min_length=1, max_length=5000), Expect("a query in PromQL")]

SeverityName = Literal["page", "warn"]

CodeClass = Literal["1xx", "2xx", "3xx", "4xx", "5xx"]

ChannelName = Annotated[
    str,
    StringConstraints(pattern=r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/notificationChannels/[0-9]{1,20}$"),
    Expect("projects/<project>/notificationChannels/<number>"),
]

_METHOD = "https://sre.google/workbook/alerting-on-slos/"
_PROMQL = "https://cloud.google.com/monitoring/alerts/using-promql"


class Tuning(Section):
    """What a spec says about one built-in alert."""

    threshold: int | None = key(
        "The number that the alert compares with, in the unit and within the bounds of the table of alerts.",
        default=None,
        default_text="see the table of alerts",
    )
    severity: SeverityName | None = key(
        "Who is told: `page` wakes somebody, `warn` waits for working hours. To lower a page needs a reason.",
        default=None,
        default_text="see the table of alerts",
    )
    enabled: bool = key("Whether the alert exists. To switch it off needs a reason.", default=True)
    reason: (
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, min_length=MIN_REASON_LENGTH),
            Expect(
                f"a reason of at least {MIN_REASON_LENGTH} characters", "write the sentence you would say in review"
            ),
        ]
        | None
    ) = key(
        f"Why the alert is switched off, or only warns; at least {MIN_REASON_LENGTH} characters.",
        default=None,
        default_text="none",
        examples=("batch work fills the CPU on purpose",),
    )


class CustomAlert(Section):
    """An alert of the service's own."""

    id: AlertId = key(
        "The alert's id, unlike every other's: its Terraform address and its anchor.", examples=("stuck-orders",)
    )
    name: AlertName = key("What people call it.", examples=("Orders are stuck",))
    severity: SeverityName = key("`page` wakes somebody where the tier pages; `warn` waits for working hours.")
    query: PromQL = key(
        "PromQL that has a result while something is wrong. Metrics of Google Cloud are written as in"
        " run_googleapis_com:request_count.",
        examples=("sum(increase(workload_googleapis_com:orders_stuck[5m])) > 0",),
        source="https://cloud.google.com/monitoring/promql/promql-mapping",
    )
    duration_minutes: int = key(
        "For how long the query must have a result before somebody is told.",
        default=1,
        ge=0,
        le=1440,
        unit="minutes",
        source=_PROMQL,
    )
    description: AlertText = key(
        "What it means and what to do first: stands in the message and in the operations guide.",
        examples=("Orders wait for more than an hour. Look at the queue's oldest entry.",),
    )


class ResponseCodeRatio(Section):
    """An alert on the part of requests that are answered with one code, or one class of codes."""

    id: AlertId = key("The alert's id, unlike every other's.", examples=("too-many-429",))
    name: AlertName = key("What people call it.", examples=("Too many clients are turned away",))
    description: AlertText | None = key(
        "What it means and what to do first.", default=None, default_text="what the ratio says"
    )
    severity: SeverityName = key(
        "`page` wakes somebody where the tier pages; `warn` waits for working hours.", default="warn"
    )
    code: Annotated[int, Field(ge=100, le=599)] | None = key(
        "One status code. Either this or codeClass.", default=None, default_text="none", examples=(429,)
    )
    code_class: CodeClass | None = key(
        "A class of status codes. Either this or code.", default=None, default_text="none", examples=("4xx",)
    )
    exclude_codes: tuple[Annotated[int, Field(ge=100, le=599)], ...] = key(
        "Status codes that count neither as such answers nor as answers at all.", default=(), examples=([404],)
    )
    ratio: Annotated[float, Field(ge=0, le=1)] = key(
        "The part of all requests above which it is too much: 0.05 is five of a hundred.", examples=(0.05,)
    )
    duration_minutes: int = key(
        "For how long it must be too much before somebody is told.",
        default=1,
        ge=0,
        le=1440,
        unit="minutes",
        source=_PROMQL,
    )

    @property
    def what(self) -> str:
        """The code or class of codes."""
        return str(self.code) if self.code is not None else str(self.code_class)


class Alerts(Section):
    """Built-in alerts as they should be here, and alerts of the service's own."""

    built_in: dict[BuiltInId, Tuning] = key(
        "Other thresholds and severities for built-in alerts, by their id, in every environment.",
        default={},
        examples=({"request-5xx": {"threshold": 2}},),
    )
    custom: tuple[CustomAlert, ...] = key("Alerts of the service's own, in every environment.", default=())
    response_code_ratios: tuple[ResponseCodeRatio, ...] = key(
        "Alerts on the part of requests answered with certain status codes.", default=(), only="service"
    )


class LatencyObjective(Section):
    """Which part of requests is answered within which time."""

    threshold_ms: int = key(
        "The time within which a request should be answered.", ge=10, le=3_600_000, unit="milliseconds", examples=(500,)
    )
    target: Annotated[float, Field(ge=95, le=99.99)] = key(
        "The part of requests that should be.", unit="percent", examples=(99,), source=_METHOD
    )


class Slo(Section):
    """What the service promises over 30 days. Alerts tell when its errors are used up too fast."""

    availability: Annotated[float, Field(ge=95, le=99.99)] | None = key(
        "The part of requests that should not be answered with 5xx.",
        default=None,
        default_text="no objective",
        unit="percent",
        examples=(99.9,),
        source=_METHOD,
    )
    latency: LatencyObjective | None = key(
        "The part of requests that should be answered in time.",
        default=None,
        default_text="no objective",
        examples=({"thresholdMs": 500, "target": 99},),
    )


class Monitoring(Section):
    """What is watched in every environment."""

    slo: Slo | None = key(
        "What the service promises over 30 days.", default=None, default_text="no objectives", only="service"
    )
    alerts: Alerts = key(
        "Built-in alerts as they should be here, and alerts of the service's own.", default=Alerts.model_construct()
    )


class Channels(Section):
    """Notification channels that people have made in the environment's own project, for kinds that need a secret."""

    chat: tuple[ChannelName, ...] = key(
        "Where warnings and pages are shown, besides the owners' own channels: Slack for example.",
        default=(),
        examples=(["projects/accounts-prod-9b1d/notificationChannels/1234567890"],),
        source="https://cloud.google.com/monitoring/support/notification-options",
    )
    pager: tuple[ChannelName, ...] = key(
        "What wakes somebody, besides the owners' own: PagerDuty for example.",
        default=(),
        source="https://cloud.google.com/monitoring/support/notification-options",
    )


class EnvironmentMonitoring(Section):
    """What is watched, and who is told, in this environment alone."""

    paging: Tiered[bool] | None = key(
        "Whether alerts of severity page wake somebody. Otherwise they go where warnings go.",
        default=None,
        default_text="by tier",
    )
    built_in: dict[BuiltInId, Tuning] = key(
        "Other thresholds and severities for built-in alerts here; an entry replaces the service's of the same id.",
        default={},
        examples=({"container-cpu": {"enabled": False, "reason": "load tests run here all day"}},),
    )
    channels: Channels = key(
        "Notification channels that people have made in this project.", default=Channels.model_construct()
    )
