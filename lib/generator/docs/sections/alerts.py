"""Alerts: who is told, and for each alert what it means and what to do. An entry is a row of `spec.alerts`."""

from __future__ import annotations

import re

from spec.alerts import IDS, Severity
from spec.alerts.active import ActiveAlert, active_alerts, commands, shell_variables, silenced_alerts
from spec.alerts.recipients import Recipient, told

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link, strong
from generator.docs.markdown import Block, Blocks, anchor, bullets, careful, fenced, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import gcloud, quote

TITLE = "Alerts"
SETTINGS = "Settings for the alerts' commands"
OWN_CHANNELS = "Channels that need a secret"

Place = tuple[EnvironmentGuide, ActiveAlert]
Entries = dict[str, list[Place]]
"""Alert id → where it is active."""

ALERT_ID = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
"""What looks like an alert's id; every built-in one has a dash but `uptime`."""

CHECKED_FROM_OUTSIDE = ("uptime", "iap-answer")
"""The alerts on the check from the Internet."""

ROLES = {"pager": "pager", "chat": "chat", "email": "mail", "webhook": "webhook"}


def blocks(guide: ServiceGuide) -> Blocks:
    entries = _entries(guide)
    return [
        heading(2, TITLE),
        paragraph(
            fmt(
                "An alert of severity {} needs somebody now, at night too; one of severity {} waits for working hours."
                " Each has an entry below: what it means, where to look first, what it usually is.",
                strong("page"),
                strong("warn"),
            )
        ),
        table(("Environment", "Page", "Warn", "Look"), [_environment(one) for one in guide.environments]),
        *_unpaged(guide),
        *_silenced(guide),
        heading(3, SETTINGS, "settings"),
        paragraph("Copy the block of the environment that the alert names; the commands of every entry use it."),
        *(block for environment in guide.environments for block in _settings(environment)),
        *(block for id in entries for block in _entry(guide, id, entries)),
        heading(3, OWN_CHANNELS, "channels of your own"),
        paragraph(
            fmt(
                "Slack, PagerDuty and the like need a token, which must be in no file of this repository and in no"
                " state. Such a channel is made once, by hand, in the environment's project, from a file that is"
                " deleted after; then its name is put under {} of the environment.",
                code("monitoring.channels"),
            )
        ),
        shell(
            gcloud(
                "beta",
                "monitoring",
                "channels",
                "create",
                "--channel-content-from-file=channel.json",
                then='--project="$PROJECT"',
            )
        ),
    ]


def _entries(guide: ServiceGuide) -> Entries:
    """Alert id → where it is active; in the order of the table, the spec's own at the end."""
    found: Entries = {}
    for environment in guide.environments:
        for alert in active_alerts(environment.context.names):
            found.setdefault(alert.id, []).append((environment, alert))
    return dict(sorted(found.items(), key=lambda entry: IDS.index(entry[0]) if entry[0] in IDS else len(IDS)))


def _environment(environment: EnvironmentGuide) -> tuple[Text, ...]:
    project, context = environment.project_id, environment.context
    pages = [link("dashboard", links.dashboards(project)), link("incidents", links.alerting(project))]
    if any(alert.id in CHECKED_FROM_OUTSIDE for alert in active_alerts(context.names)):
        pages.append(link("uptime", links.uptime(project)))
    if context.spec.monitoring.slo is not None:
        pages.append(link("objectives", links.objectives(project)))
    return environment.id, _told(environment, "page"), _told(environment, "warn"), join(pages)


def _told(environment: EnvironmentGuide, severity: Severity) -> Inline:
    return join([_recipient(recipient) for recipient in told(environment.context.names, severity)], "; ")


def _recipient(recipient: Recipient) -> Inline:
    return fmt("{} of {}: {}", ROLES[recipient.role], recipient.whose, code(recipient.address))


def _unpaged(guide: ServiceGuide) -> Blocks:
    names = [one.id for one in guide.environments if not one.context.safety.paging]
    if not names:
        return []
    return [careful(fmt("Nobody is woken in {}: pages go where the table says.", join(names, ", ", " and ")))]


def _silenced(guide: ServiceGuide) -> Blocks:
    rows = [
        fmt("{} in {}: {}", code(silenced.alert.id), environment.id, silenced.reason)
        for environment in guide.environments
        for silenced in silenced_alerts(environment.context.names)
    ]
    return [paragraph("Switched off in the spec:"), bullets(rows)] if rows else []


def _settings(environment: EnvironmentGuide) -> Blocks:
    variables = shell_variables(environment.context.names)
    return [
        paragraph(fmt("{}:", strong(environment.id))),
        shell("export " + " ".join(f"{name}={quote(value)}" for name, value in variables.items())),
    ]


def _entry(guide: ServiceGuide, id: str, entries: Entries) -> list[Block]:
    _, first = entries[id][0]
    found: list[Block] = [
        heading(3, first.heading, id),
        paragraph(fmt("{}. {}", strong(first.title), first.meaning)),
        table(("Severity", "Tells", "After", "In"), _rows(guide, entries[id])),
    ]
    if first.alert is None:
        return [*found, fenced(first.query, "promql")]
    return [
        *found,
        paragraph(fmt("{} {}", strong("First:"), _with_links(first.alert.first, entries))),
        paragraph(strong("Usually:")),
        bullets(_with_links(cause, entries) for cause in first.alert.causes),
        paragraph(fmt("With the {}:", link("settings of the environment", anchor(SETTINGS)))),
        shell(*(_broken(command) for command in commands(first.alert, guide.workload))),
    ]


def _rows(guide: ServiceGuide, places: list[Place]) -> list[tuple[Text, ...]]:
    """One row for all environments in which the alert is the same."""
    found: dict[tuple[str, ...], list[str]] = {}
    for environment, alert in places:
        found.setdefault(_row(alert), []).append(environment.id)
    everywhere = len(guide.environments)
    return [(*row, "every environment" if len(ids) == everywhere > 1 else join(ids)) for row, ids in found.items()]


def _row(alert: ActiveAlert) -> tuple[str, ...]:
    bounds = alert.alert.threshold if alert.alert is not None else None
    tells = "while the query has a result"
    if bounds is not None and alert.threshold is not None:
        tells = bounds.worded(alert.threshold) + (" (set in the spec)" if alert.tuned else "")
    severity = alert.severity if alert.reason is None else f"{alert.severity}: {alert.reason}"
    return severity, tells, f"{alert.seconds // 60} min" if alert.seconds else "at once"


def _with_links(cause: str, entries: Entries) -> Text:
    """The table's own text, with a link for each alert that it names and the service has."""
    named = [id for id in ALERT_ID.findall(cause) if id in entries]
    template = ALERT_ID.sub(lambda match: "{}" if match[0] in entries else match[0], cause)
    return fmt(template, *(link(id, anchor(entries[id][0][1].heading)) for id in named))


def _broken(command: str) -> str:
    """A long command over several lines, broken before its options."""
    return command if len(command) <= 110 else command.replace(" --", " \\\n  --")
