"""A job's executions and its schedule."""

from __future__ import annotations

import argparse

from ops.description import part
from ops.errors import Misuse
from ops.session import Session

NAME = "job"
HELP = "Run a job, see its executions, hold its schedule."
EXAMPLES = (
    "usage-report prod",
    "usage-report prod run",
    "usage-report prod cancel usage-report-x7k2p",
    "usage-report prod pause",
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "verb",
        nargs="?",
        default="list",
        choices=("list", "run", "describe", "cancel", "schedule", "pause", "resume"),
        help="default: %(default)s",
    )
    parser.add_argument("execution", nargs="?", help="of describe and cancel")
    parser.add_argument("--limit", type=int, default=10, metavar="N", help="of list (default: %(default)s)")
    parser.add_argument("--no-wait", action="store_true", help="run: do not wait for its end")
    parser.add_argument("--yes", action="store_true", help="do not ask before a run in an environment that serves somebody")


def run(session: Session, arguments: argparse.Namespace) -> int:
    if session.description.kind != "job":
        raise Misuse(f"{session.description.id} is a {session.description.kind}, no job")
    name = session.environment.operating["run"]["name"]
    verb = arguments.verb
    if verb in ("schedule", "pause", "resume"):
        _schedule(session, verb)
    elif verb in ("describe", "cancel"):
        if arguments.execution is None:
            raise Misuse(f"{verb} which execution?", f"see: {session.said(f'job {session.environment.id}')}")
        session.gcloud.show("run", "jobs", "executions", verb, arguments.execution, **session.where)
    elif verb == "run":
        if session.environment.tier != "test":
            session.confirm(
                f"This runs {name} in {session.environment.id} (tier {session.environment.tier}) now.", yes=arguments.yes
            )
        session.gcloud.show("run", "jobs", "execute", name, **session.where, wait=not arguments.no_wait)
        session.terminal.note(f"its lines: {session.said(f'logs {session.environment.id}')}")
    else:
        format = "json" if session.json else None
        session.gcloud.show(
            "run", "jobs", "executions", "list", job=name, **session.where, limit=arguments.limit, format=format
        )
    return 0


def _schedule(session: Session, verb: str) -> None:
    schedule = part(session.environment, "schedule", "schedule", ("schedule:", "  cron: 0 6 * * *"))
    where = {"project": session.environment.project, "location": session.region}
    session.gcloud.show("scheduler", "jobs", "describe" if verb == "schedule" else verb, schedule["name"], **where)
    if verb == "pause":
        session.terminal.warn("held until somebody lets it go on: nothing in the spec says so")
        session.terminal.note(session.said(f"job {session.environment.id} resume"))
