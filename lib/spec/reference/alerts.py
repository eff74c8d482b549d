"""The table of alerts for the reference page, and who is told by tier."""

from __future__ import annotations

from ..alerts import TABLE, Alert
from ..alerts.base import Threshold
from ..alerts.objectives import WINDOW_DAYS


def alerts() -> list[str]:
    """Paragraphs of Markdown."""
    rows = ["| id | severity | tells | may be set | watches |", "| --- | --- | --- | --- | --- |"]
    rows += [_row(alert) for alert in TABLE]
    return [
        "## Alerts",
        (
            "Every environment has those alerts of this table that it has something for. `monitoring.alerts.builtIn.<id>` sets"
            " another threshold, within the bounds of the table, or another severity, for all environments;"
            " `environments[].monitoring.builtIn.<id>` replaces that for one. To switch an alert off, or to let a page only"
            " warn, takes a reason. Each alert has an entry in the service's operations guide, to which its message leads."
        ),
        (
            "```yaml\nmonitoring:\n  slo: {availability: 99.9, latency: {thresholdMs: 500, target: 99}}\n  alerts:\n"
            "    builtIn:\n      request-5xx: {threshold: 2}\n"
            "      container-cpu: {enabled: false, reason: batch work fills the CPU on purpose}\n```"
        ),
        "\n".join(rows),
        (
            "A `page` goes to pagers where the tier (or `monitoring.paging`) pages, and everywhere to chat, e-mail and webhooks."
            " A `warn` goes to chat and webhooks, and by e-mail to owners without chat. Whose they are stands in"
            " [platform.yaml](platform-yaml.md)."
        ),
        (
            f"The alerts of objectives (`slo-…`) compare burn rates: at 1, the errors that an objective allows for {WINDOW_DAYS}"
            " days are used up exactly in that time. Each needs a long and a short window to agree."
        ),
    ]


def _row(alert: Alert) -> str:
    tells, bounds = "yes or no", ""
    if alert.threshold is not None:
        tells = _tells(alert.threshold)
        bounds = f"{alert.threshold.least} to {alert.threshold.most}"
    after = f", for {alert.seconds // 60} min" if alert.seconds else ""
    return f"| `{alert.id}` | {alert.severity} | {tells}{after} | {bounds} | {alert.title} ([source]({alert.source})) |"


def _tells(threshold: Threshold) -> str:
    if isinstance(threshold.default, int):
        return threshold.worded(threshold.default)
    return f"{threshold.when} {threshold.default_text}, in {threshold.unit}"
