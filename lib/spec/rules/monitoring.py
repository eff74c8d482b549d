"""What is watched, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from ..alerts import BY_ID, Alert, Subject
from ..alerts.recipients import MAX_RECIPIENTS, told
from ..check.partial import MISSING
from ..findings import Finding, Keys
from ..model.monitoring import Alerts, Tuning
from ..model.root import ServiceSpec
from ..names import Names
from ..platform import Platform
from ..promql import unbalanced
from ..tiers import resolve
from .base import Place, known

_ALERTS: Keys = ("monitoring", "alerts")


def ids_are_unique(spec: ServiceSpec) -> Iterator[Finding]:
    """No alert of the service's own has the id of another, or of a built-in one."""
    seen: set[str] = set()
    for keys, id in _own_ids(spec.monitoring.alerts):
        if id is MISSING:
            continue
        if id in BY_ID:
            yield Finding(keys, "reserved-alert", "an id that no built-in alert has", "choose another")
        elif id in seen:
            yield Finding(keys, "duplicate-alert", "each id once", "choose another")
        seen.add(id)


def _own_ids(alerts: Alerts) -> Iterator[tuple[Keys, str]]:
    for index, alert in known(alerts.custom):
        yield (*_ALERTS, "custom", index, "id"), alert.id
    for index, ratio in known(alerts.response_code_ratios):
        yield (*_ALERTS, "responseCodeRatios", index, "id"), ratio.id


def ratios_name_one_code(spec: ServiceSpec) -> Iterator[Finding]:
    """A code or a class of codes, never both and never neither; and what is counted is not excluded."""
    for index, ratio in known(spec.monitoring.alerts.response_code_ratios):
        keys: Keys = (*_ALERTS, "responseCodeRatios", index)
        both = ratio.code is not None and ratio.code_class is not None
        if both or (ratio.code is None and ratio.code_class is None):
            yield Finding(
                keys,
                "one-code",
                "either `code` or `codeClass`",
                "delete one of them" if both else "add one of them, such as `codeClass: 4xx`",
                "both" if both else "neither",
            )
        for position, code in known(ratio.exclude_codes):
            if ratio.code is not None and code == ratio.code:
                yield Finding(
                    (*keys, "excludeCodes", position),
                    "without-effect",
                    "codes other than `code`",
                    "delete it: the ratio would always be 0",
                )


def queries_are_balanced(spec: ServiceSpec) -> Iterator[Finding]:
    """Brackets and quotes are closed. What else is wrong with a query Cloud Monitoring says at the apply."""
    for index, alert in known(spec.monitoring.alerts.custom):
        problem = unbalanced(alert.query)
        if problem is not None:
            yield Finding(
                (*_ALERTS, "custom", index, "query"),
                "broken-query",
                "PromQL whose brackets and quotes are all closed",
                problem,
            )


def service_tunings_fit(spec: ServiceSpec) -> Iterator[Finding]:
    """What is said about a built-in alert for every environment has a meaning in one of them at least."""
    subjects = [Subject(spec, environment) for _, environment in known(spec.environments)]
    yield from _tunings(spec.monitoring.alerts.built_in, (*_ALERTS, "builtIn"), subjects, "no environment has")


def environment_tunings_fit(place: Place) -> Iterator[Finding]:
    """The same for one environment."""
    subjects = [Subject(place.spec, place.environment)]
    keys = place.keys("monitoring", "builtIn")
    yield from _tunings(place.environment.monitoring.built_in, keys, subjects, "this environment does not have")


def _tunings(tunings: Mapping[str, Tuning], keys: Keys, subjects: list[Subject], lacks: str) -> Iterator[Finding]:
    for id, tuning in tunings.items():
        alert = BY_ID.get(id)
        if alert is None:
            # An unknown id, about which there is a finding already.
            continue
        if not any(alert.applies(subject) for subject in subjects):
            yield Finding(
                (*keys, id),
                "without-effect",
                "an alert that has something to watch here",
                _instead(alert, subjects),
                f"`{id}`, which watches what {lacks}",
                on_key=True,
            )
            continue
        yield from _threshold(alert, tuning, (*keys, id))
        yield from _lowered(alert, tuning, (*keys, id))


def _instead(alert: Alert, subjects: list[Subject]) -> str:
    others = [other.id for other in BY_ID.values() if any(other.applies(subject) for subject in subjects)]
    nearest = get_close_matches(alert.id, others, n=1, cutoff=0.7)
    return f"write {nearest[0]}, or delete it" if nearest else "delete it"


def _threshold(alert: Alert, tuning: Tuning, keys: Keys) -> Iterator[Finding]:
    """The threshold is within the table's bounds."""
    if tuning.threshold is None:
        return
    bounds = alert.threshold
    if bounds is None:
        yield Finding(
            (*keys, "threshold"),
            "threshold-out-of-bounds",
            "no threshold: this alert knows yes and no alone",
            "delete it",
        )
    elif not bounds.least <= tuning.threshold <= bounds.most:
        nearest = bounds.least if tuning.threshold < bounds.least else bounds.most
        yield Finding(
            (*keys, "threshold"),
            "threshold-out-of-bounds",
            f"from {bounds.least} to {bounds.most} {bounds.unit}",
            f"write {nearest}, or `enabled: false` with a reason",
        )


def _lowered(alert: Alert, tuning: Tuning, keys: Keys) -> Iterator[Finding]:
    """An alert that is switched off, or a page that only warns, says why."""
    if tuning.reason is not None:
        return
    if not tuning.enabled:
        yield Finding(
            (*keys, "enabled"), "reason-required", "a reason why nobody needs the alert", "add `reason: …` beside it"
        )
    elif alert.severity == "page" and tuning.severity == "warn":
        yield Finding((*keys, "severity"), "reason-required", "a reason why this can wait", "add `reason: …` beside it")


def channels_are_own(place: Place) -> Iterator[Finding]:
    """Google Cloud finds a channel only in the policy's own project:
    https://github.com/hashicorp/terraform-provider-google/issues/25878"""
    project = place.environment.project_id
    channels = place.environment.monitoring.channels
    for name, listed in (("chat", channels.chat), ("pager", channels.pager)):
        for index, channel in known(listed):
            if channel.split("/")[1] != project:
                yield Finding(
                    place.keys("monitoring", "channels", name, index),
                    "foreign-channel",
                    f"a channel of projects/{project}",
                    "make the channel in this project, as the operations guide tells",
                )


def somebody_is_paged(place: Place, platform: Platform) -> Iterator[Finding]:
    """Where alerts wake somebody, somebody has a pager."""
    monitoring = place.environment.monitoring
    if not resolve(place.environment).paging or monitoring.channels.pager or platform.notifications.pager:
        return
    owners = [platform.owners[owner] for _, owner in known(place.spec.service.owners) if owner in platform.owners]
    if owners and not any(owner.notifications.pager for owner in owners):
        yield Finding(
            place.keys("tier"),
            "paging-without-pager",
            "a pager of an owner, or one for every service, in platform.yaml",
            "add `notifications: {pager: …}` to an owner in platform.yaml, or"
            " `monitoring: {paging: {value: false, reason: …}}` to the environment",
            f"tier {place.environment.tier}, and no pager",
        )


def recipients_fit(place: Place, platform: Platform) -> Iterator[Finding]:
    """One policy takes so many channels: https://cloud.google.com/monitoring/quotas#alerting_uptime"""
    owners = [owner for _, owner in known(place.spec.service.owners)]
    if not all(owner in platform.owners for owner in owners):
        return
    number = len(told(Names(place.spec, place.environment, platform), "page"))
    if number > MAX_RECIPIENTS:
        yield Finding(
            place.keys("id"),
            "too-many-recipients",
            f"at most {MAX_RECIPIENTS} channels for one alert",
            "name fewer owners or channels, or let some share an address",
            f"{number} channels",
        )


SERVICE_RULES = (ids_are_unique, ratios_name_one_code, queries_are_balanced, service_tunings_fit)
ENVIRONMENT_RULES = (environment_tunings_fit, channels_are_own)
PLATFORM_RULES = (somebody_is_paged, recipients_fit)
