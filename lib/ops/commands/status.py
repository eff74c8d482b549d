"""How an environment is: what runs, what takes the traffic, what alerts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from ops import rest
from ops.errors import OpsError
from ops.session import Session

NAME = "status"
HELP = "What runs: revisions, traffic, instances, last deployments, executions, firing alerts."
EXAMPLES = ("accounts prod", "accounts prod --json")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=5, metavar="N", help="revisions or executions (default: %(default)s)")


def run(session: Session, arguments: argparse.Namespace) -> int:
    parts = {
        "service": _services,
        "worker": _revisions_only,
        "job": _executions,
    }[session.description.kind]
    found: dict[str, Any] = {**parts(session, arguments.limit)}
    if session.environment.operating.get("pipeline"):
        found["rollouts"] = _rollouts(session, arguments.limit)
    found["alerts"] = _part(lambda: _alerts(session))
    if session.processes.dry_run:
        return 0
    if session.json:
        session.terminal.json(found)
        return 0
    for title, rows in found.items():
        _tell(session, title, rows)
    return 0


Rows = list[dict[str, str]]


def _part(look: Callable[[], Rows]) -> Rows | str:
    """One part's failure hides no other."""
    try:
        return look()
    except OpsError as error:
        return error.message


def _asked(session: Session, *words: str, **options: str | int | bool | None) -> list[Mapping[str, Any]]:
    """What gcloud lists; nothing, told, with --dry-run."""
    if session.processes.dry_run:
        session.processes.show(session.gcloud.call(*words, **options))
        return []
    return session.gcloud.json(*words, **options) or []


def _services(session: Session, limit: int) -> dict[str, Rows | str]:
    found: dict[str, Rows | str] = {}
    for region in session.environment.regions:
        found[f"revisions in {region}"] = _part(partial(_revisions, session, region, limit))
    return found


def _revisions(session: Session, region: str, limit: int) -> Rows:
    run = session.environment.operating["run"]
    where = {"project": session.environment.project, "region": region}
    listed = _asked(session, "run", "revisions", "list", service=run["name"], **where, limit=limit)
    described: Mapping[str, Any] = {}
    if not session.processes.dry_run:
        described = session.gcloud.json("run", "services", "describe", run["name"], **where) or {}
    shares = {
        str(part.get("revisionName")): f"{part.get('percent', 0)} %"
        for part in described.get("status", {}).get("traffic", [])
        if part.get("percent")
    }
    return [
        {
            "REVISION": str(revision["metadata"]["name"]),
            "TRAFFIC": shares.get(str(revision["metadata"]["name"]), "-"),
            "READY": _condition(revision, "Ready"),
            "SINCE": str(revision["metadata"].get("creationTimestamp", "")),
            "IMAGE": _image(revision),
        }
        for revision in listed
    ]


def _revisions_only(session: Session, limit: int) -> dict[str, Rows | str]:
    run = session.environment.operating["run"]

    def look() -> Rows:
        listed = _asked(session, *run["revisions"], "list", **{run["revisionsOf"]: run["name"]}, **session.where, limit=limit)
        return [
            {"REVISION": str(one["metadata"]["name"]), "READY": _condition(one, "Ready"), "IMAGE": _image(one)}
            for one in listed
        ]

    return {"revisions": _part(look)}


def _executions(session: Session, limit: int) -> dict[str, Rows | str]:
    name = session.environment.operating["run"]["name"]

    def look() -> Rows:
        listed = _asked(session, "run", "jobs", "executions", "list", job=name, **session.where, limit=limit)
        return [
            {
                "EXECUTION": str(one["metadata"]["name"]),
                "BEGAN": str(one.get("status", {}).get("startTime", "-")),
                "ENDED": str(one.get("status", {}).get("completionTime", "-")),
                "COMPLETED": _condition(one, "Completed"),
            }
            for one in listed
        ]

    return {"executions": _part(look)}


def _rollouts(session: Session, limit: int) -> Rows | str:
    pipeline = session.environment.operating["pipeline"]

    def look() -> Rows:
        listed = _asked(
            session, "deploy", "releases", "list", delivery_pipeline=pipeline["name"], region=pipeline["region"],
            project=pipeline["project"], limit=limit,
        )  # fmt: skip
        return [
            {
                "RELEASE": str(one["name"]).rpartition("/")[2],
                "MADE": str(one.get("createTime", "")),
                "STATE": str(one.get("renderState", "")),
            }
            for one in listed
        ]

    return _part(look)


def _alerts(session: Session) -> Rows:
    """What fires now: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts/list"""
    url = f"https://monitoring.googleapis.com/v3/projects/{quote(session.environment.project, safe='')}/alerts"
    open = rest.get(session, url, {"filter": 'state = "OPEN"', "pageSize": "50"}).get("alerts") or []
    return [
        {
            "SINCE": str(alert.get("openTime", "")),
            "SEVERITY": str(alert.get("policy", {}).get("severity", "-")),
            "ALERT": str(alert.get("policy", {}).get("displayName", alert.get("name", ""))),
        }
        for alert in open
    ]


def _condition(resource: Mapping[str, Any], type: str) -> str:
    for condition in resource.get("status", {}).get("conditions", []):
        if condition.get("type") == type:
            said = str(condition.get("message", "")).partition("\n")[0]
            return {"True": "yes", "False": f"no: {said}"}.get(str(condition.get("status")), "not yet")
    return "-"


def _image(resource: Mapping[str, Any]) -> str:
    containers = resource.get("spec", {}).get("containers") or [{}]
    return str(containers[0].get("image", "-")).rpartition("/")[2]


def _tell(session: Session, title: str, rows: Rows | str) -> None:
    session.terminal.data(title.upper() if isinstance(rows, str) or not rows else "", "bold")
    if isinstance(rows, str):
        session.terminal.warn(f"  {rows}")
    elif not rows:
        session.terminal.data("  none")
    else:
        session.terminal.table(list(rows[0]), [list(row.values()) for row in rows])
