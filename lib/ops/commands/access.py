"""Access for a while, through Privileged Access Manager."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from typing import Any

from ops import receipts
from ops.durations import seconds, words
from ops.errors import Misuse, OpsError
from ops.session import Session

NAME = "access"
HELP = "Ask for more access for a while, see who has it, give it back."
EXAMPLES = (
    "accounts prod",
    "accounts prod request read --reason 'INC-142: sign-in fails' --for 30m",
    "accounts prod approve GRANT --reason 'looked at with me'",
    "accounts prod revoke GRANT --reason done",
)
ENDED = ("DENIED", "REVOKED", "EXPIRED", "ENDED", "ACTIVATION_FAILED", "WITHDRAWN")
WAIT_SECONDS = 3600
POLL_SECONDS = 5.0


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "verb", nargs="?", default="list", choices=("list", "request", "approve", "deny", "revoke"), help="default: %(default)s"
    )
    parser.add_argument("what", nargs="?", metavar="LEVEL|GRANT", help="the level to request, or the grant's name")
    parser.add_argument("--reason", metavar="WHY", help="why; it is kept, and approvers read it")
    parser.add_argument(
        "--for", dest="duration", type=seconds, metavar="TIME", help="how long (default: as long as is allowed)"
    )
    parser.add_argument("--no-wait", action="store_true", help="do not wait until it is given")


def run(session: Session, arguments: argparse.Namespace) -> int:
    levels = _levels(session)
    if arguments.verb == "list":
        return _list(session, levels)
    if arguments.what is None:
        raise Misuse(f"{arguments.verb} what?", *_choices(session, levels))
    if not arguments.reason:
        raise Misuse(f"{arguments.verb} needs a reason", "--reason 'INC-142: sign-in fails'")
    if arguments.verb == "request":
        request(session, arguments.what, arguments.reason, arguments.duration, wait=not arguments.no_wait)
    else:
        session.gcloud.show("pam", "grants", arguments.verb, arguments.what, reason=arguments.reason)
    return 0


def request(session: Session, level: str, reason: str, duration: int | None = None, *, wait: bool = True) -> str:
    """Ask for a level, and wait until it is given; the grant's name. Raises OpsError where it is not given."""
    levels = _levels(session)
    if level not in levels:
        raise Misuse(f"{session.environment.id} has no level {level!r}", *_choices(session, levels))
    terms = levels[level]
    most = int(terms["maxSeconds"])
    if duration is not None and duration > most:
        raise Misuse(f"{level} is given for {words(most)} at most; {words(duration)} were asked for")
    asked: dict[str, str | int | bool | None] = {
        "entitlement": terms["entitlement"],
        "location": "global",
        "project": session.environment.project,
        "requested_duration": f"{duration or most}s",
        "justification": reason,
    }
    if session.processes.dry_run:
        session.processes.show(session.gcloud.call("pam", "grants", "create", **asked))
        return "GRANT"
    grant = session.gcloud.json("pam", "grants", "create", **asked)
    name = str(grant["name"])
    receipts.write(session, "access", {"level": level, "reason": reason, "grant": name, "seconds": duration or most})
    session.terminal.note(f"asked for {level} for {words(duration or most)}: {name}")
    if wait:
        _wait(session, name, approvers=terms["approvers"])
        session.terminal.note(f"given; give it back with: {session.said(f'access {session.environment.id} revoke {name}')}")
    return name


def _wait(session: Session, name: str, approvers: list[str]) -> None:
    told = False
    for _ in range(int(WAIT_SECONDS / POLL_SECONDS)):
        state = str(session.gcloud.json("pam", "grants", "describe", name).get("state"))
        if state == "ACTIVE":
            return
        if state in ENDED:
            raise OpsError(f"the grant was not given: {state.lower().replace('_', ' ')}", f"gcloud pam grants describe {name}")
        if not told:
            who = f" by {' or '.join(approvers)}" if state == "APPROVAL_AWAITED" and approvers else ""
            session.terminal.note(
                f"waits to be {'approved' if 'APPROVAL' in state else 'activated'}{who}; Ctrl-C leaves it asked for"
            )
            told = "APPROVAL" in state
        time.sleep(POLL_SECONDS)
    raise OpsError(f"nobody answered within {words(WAIT_SECONDS)}", f"gcloud pam grants describe {name}")


def _levels(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """Level -> its terms. Raises Misuse where the organisation gives no time-bound access."""
    found = session.environment.operating.get("access")
    if not found:
        raise Misuse(f"{session.environment.id} has no time-bound access: platform.yaml switches it off")
    return {level["level"]: level for level in found}


def _choices(session: Session, levels: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [f"{level}: up to {words(int(terms['maxSeconds']))}" for level, terms in levels.items()]


def _list(session: Session, levels: Mapping[str, Mapping[str, Any]]) -> int:
    grants: list[Mapping[str, Any]] = []
    for terms in levels.values():
        options = {"entitlement": terms["entitlement"], "location": "global", "project": session.environment.project}
        if session.processes.dry_run:
            session.processes.show(session.gcloud.call("pam", "grants", "list", **options))
        else:
            grants += session.gcloud.json("pam", "grants", "list", **options) or []
    if session.processes.dry_run:
        return 0
    if session.json:
        session.terminal.json({"levels": list(levels.values()), "grants": grants})
        return 0
    session.terminal.table(
        ("LEVEL", "AT MOST", "APPROVED BY"),
        [
            (level, words(int(terms["maxSeconds"])), ", ".join(terms["approvers"]) or "nobody: given at once")
            for level, terms in levels.items()
        ],
    )
    if grants:
        session.terminal.data("")
        session.terminal.table(
            ("STATE", "WHO", "WHY", "GRANT"),
            [
                (
                    str(g.get("state")),
                    str(g.get("requester")),
                    str((g.get("justification") or {}).get("unstructuredJustification", "")),
                    str(g.get("name")),
                )
                for g in grants
            ],
        )
    session.terminal.note(f"ask for one: {session.said(f'access {session.environment.id} request read')} --reason WHY")
    return 0
