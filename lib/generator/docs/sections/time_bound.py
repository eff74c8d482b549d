"""What people may ask for beyond their standing access: the levels, on which terms, and the commands."""

from __future__ import annotations

from collections.abc import Iterator

from generator.docs import links
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide
from generator.docs.shell import gcloud, quote
from generator.docs.terraform_json import Resource, resources
from spec import tiers

STACK = "access"
KIND = "google_privileged_access_manager_entitlement"
LOCATION = "global"

LEVELS: dict[tiers.Level, str] = {
    "read": "read",
    "write": "write",
    "deploy": "deploy",
    "break_glass": "break-glass",
}
"""Level, as the spec calls it -> as stack `access` does."""

MEANINGS = {
    "read": "look: logs, traces and states{data}",
    "write": "change data: {data}{secrets}",
    "deploy": "change what runs: another image, traffic, settings of the {noun}{data}",
    "break-glass": "all of these, and what an emergency needs besides: read secrets, act as any account of the"
    " project{data}",
}
"""What each is for."""


def title(environment: EnvironmentGuide) -> str:
    return f"More access to {environment.id}, for a while"


def entitlement(environment: EnvironmentGuide, level: str) -> Resource | None:
    """The level's entitlement; None where there is no time-bound access."""
    return next((found for found in resources(environment.stack(STACK), KIND) if found.id == level), None)


def blocks(environment: EnvironmentGuide) -> Blocks:
    """Nothing where Privileged Access Manager is switched off."""
    levels = {level: found for level in LEVELS.values() if (found := entitlement(environment, level)) is not None}
    if not levels:
        return []
    page = link("the console", links.time_bound_access(environment.project_id))
    return [
        heading(4, title(environment)),
        paragraph(
            fmt(
                "{} may ask for more, here or in {}, and say why. It is theirs some minutes after it is given, and ends by"
                " itself.",
                _who(levels["read"]),
                page,
            ),
            "Nobody approves what they asked for themselves.",
        ),
        table(
            ("Level", "To", "At most", "Approved by"),
            [
                (code(level), _meaning(environment, level), _most(terms(environment, level).max_minutes), _approvers(found))
                for level, found in levels.items()
            ],
        ),
        shell(*(request(environment, found) for found in levels.values())),
        *_told(levels),
        *_answer(environment, levels),
    ]


def terms(environment: EnvironmentGuide, level: str) -> tiers.Terms:
    """On which terms a level is given here."""
    return {id: environment.context.safety.access[key] for key, id in LEVELS.items()}[level]


def request(environment: EnvironmentGuide, found: Resource) -> str:
    """The command that asks for a level for as long as it may last."""
    return gcloud(
        "pam", "grants", "create", entitlement=found.text("entitlement_id"), location=LOCATION,
        project=environment.project_id, requested_duration=found.text("max_request_duration"), justification="WHY",
    )  # fmt: skip


def _answer(environment: EnvironmentGuide, levels: dict[str, Resource]) -> Iterator[Block]:
    """What approvers do, and how access is ended before its time."""
    approved = [level for level, found in levels.items() if found.value("approval_workflow") is not None]
    if approved:
        yield paragraph("Approvers see what waits for them, and answer with a reason; GRANT is a name from that list:")
        waiting = "value(name,requester,justification.unstructuredJustification)"
        yield shell(
            _each(environment, approved, "search", caller_relationship="can-approve", format=waiting),
            gcloud("pam", "grants", "approve", "GRANT", reason="WHY"),
            gcloud("pam", "grants", "deny", "GRANT", reason="WHY"),
        )
    yield paragraph("Who had what, when and why, and how to end a grant before its time:")
    yield shell(
        _each(environment, list(levels), "list"),
        gcloud("pam", "grants", "revoke", "GRANT", reason="WHY"),
    )


def _each(environment: EnvironmentGuide, levels: list[str], verb: str, **options: str) -> str:
    """A command about the grants of each of the levels."""
    prefix = quote(environment.context.names.entitlement(""))
    line = gcloud(
        "pam", "grants", verb, location=LOCATION, project=environment.project_id, **options,
        then=f'--entitlement={prefix}"$level"',
    )  # fmt: skip
    return f"for level in {' '.join(levels)}; do\n  {line}\ndone"


def _who(found: Resource) -> Inline:
    return fmt("{}", join(_names(found.value("eligible_users", "principals") or []), ", ", " and "))


def _names(principals: list[str]) -> list[Text]:
    return [code(principal.partition(":")[2]) for principal in principals]


def _meaning(environment: EnvironmentGuide, level: str) -> Text:
    context = environment.context
    resources = context.environment.resources
    # What there is -> what reading, writing and repairing it is called.
    stores = [
        words
        for there, words in (
            (context.has_postgres, ("what is in the database", "write to the database", "the database")),
            (context.has_redis, (None, "write to the cache", "the cache")),
            (resources.buckets, ("files in buckets", "change files in buckets", None)),
            (context.has_bigquery, ("tables of BigQuery", "change tables of BigQuery", None)),
            (resources.topics or resources.subscriptions, (None, "publish and take messages", None)),
            (resources.queues, (None, "run and delete tasks", "queues")),
        )
        if there
    ]
    read, written, repaired = ([words for words in column if words] for column in (zip(*stores) if stores else ((), (), ())))
    data = {
        "read": "".join(f", {what}" for what in read),
        "write": "".join(f", {what}" for what in written),
        "deploy": "; operate the delivery pipeline, in all of its stages" if context.holds_pipeline else "",
        "break-glass": (f", change, restart or pause {', '.join(repaired)}" if repaired else "")
        + (", bring back encryption keys" if context.encrypted else ""),
    }.get(level, "")
    if level == "write":
        use = f", call or start the {context.spec.service.kind}" if context.workload.invoked else ""
        data = f"{use}{data}".removeprefix(", ") or "nothing here"
    adds_versions = any("secretVersionAdder" in role for role in roles(environment, "write"))
    secrets = "; give secrets new versions" if adds_versions else ""
    return MEANINGS[level].format(data=data, noun=context.spec.service.kind, secrets=secrets)


def roles(environment: EnvironmentGuide, level: str) -> list[str]:
    """The roles on the project that a level gives."""
    found = entitlement(environment, level)
    bindings = found.value("privileged_access", "gcp_iam_access", "role_bindings") if found else None
    return [binding["role"] for binding in bindings or []]


def _most(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h" if hours and not rest else f"{minutes} min"


def approvers(found: Resource) -> list[str]:
    """Who may approve it, by their addresses; empty where it is given at once."""
    steps = found.value("approval_workflow", "manual_approvals", "steps") or []
    return [one.partition(":")[2] for step in steps for one in step["approvers"]["principals"]]


def _approvers(found: Resource) -> Text:
    names = approvers(found)
    return join(map(code, names), ", ", " or ") if names else "nobody: given at once"


def _told(levels: dict[str, Resource]) -> Blocks:
    addresses = levels["break-glass"].value("additional_notification_targets", "admin_email_recipients")
    if not addresses:
        return []
    return [
        paragraph(fmt("Every use of {} is told to {}.", code("break-glass"), join(map(code, addresses), ", ", " and ")))
    ]
