"""Releases on their way through the stages, and back."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ops.description import part
from ops.errors import Misuse
from ops.session import Session

NAME = "rollout"
HELP = "Releases: list, promote, approve, advance a canary, roll back."
EXAMPLES = (
    "accounts prod",
    "accounts prod promote RELEASE",
    "accounts prod approve RELEASE ROLLOUT",
    "accounts prod advance RELEASE ROLLOUT",
    "accounts prod back",
    "accounts prod back RELEASE",
)
VERBS = ("list", "promote", "approve", "reject", "advance", "cancel", "back")
OF_A_ROLLOUT = ("approve", "reject", "advance", "cancel")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", default="list", choices=VERBS, help="default: %(default)s")
    parser.add_argument(
        "release", nargs="?", help="of promote, approve, reject, advance, cancel; back: that one, not the one before"
    )
    parser.add_argument("rollout", nargs="?", help="of approve, reject, advance, cancel")
    parser.add_argument("--region", help="back to a revision: in which, where it runs in several")
    parser.add_argument("--limit", type=int, default=10, metavar="N", help="of list (default: %(default)s)")
    parser.add_argument("--yes", action="store_true", help="do not ask before a roll-back where somebody is served")


def run(session: Session, arguments: argparse.Namespace) -> int:
    if session.environment.operating.get("pipeline"):
        return _pipeline(session, arguments)
    if arguments.verb not in ("list", "back") or session.description.kind == "job":
        _no_pipeline(session)
    return _revisions(session, arguments)


def _pipeline(session: Session, arguments: argparse.Namespace) -> int:
    pipeline: Mapping[str, Any] = session.environment.operating["pipeline"]
    where: dict[str, str] = {
        "delivery_pipeline": pipeline["name"],
        "region": pipeline["region"],
        "project": pipeline["project"],
    }
    verb, release = arguments.verb, arguments.release
    if verb == "list":
        format = "json" if session.json else None
        if release is None:
            session.gcloud.show("deploy", "releases", "list", **where, limit=arguments.limit, format=format)
        else:
            session.gcloud.show("deploy", "rollouts", "list", release=release, **where, limit=arguments.limit, format=format)
    elif verb == "back":
        _confirmed(session, "back to " + (release or "the release before"), arguments.yes)
        session.gcloud.show("deploy", "targets", "rollback", pipeline["target"], **where, release=release)
    elif release is None:
        raise Misuse(f"{verb} which release?", f"see: {session.said(f'rollout {session.environment.id}')}")
    elif verb == "promote":
        session.gcloud.show("deploy", "releases", "promote", release=release, **where, to_target=pipeline["target"])
    elif arguments.rollout is None:
        raise Misuse(f"{verb} which rollout?", f"see: {session.said(f'rollout {session.environment.id} list {release}')}")
    else:
        session.gcloud.show("deploy", "rollouts", verb, arguments.rollout, release=release, **where)
    return 0


def _revisions(session: Session, arguments: argparse.Namespace) -> int:
    """Without a pipeline: back is all traffic to a revision that was fine."""
    run = session.environment.operating["run"]
    if arguments.verb == "list":
        for region in session.environment.regions:
            session.gcloud.show(
                *run["revisions"], "list", **{run["revisionsOf"]: run["name"]}, project=session.environment.project,
                region=region, limit=arguments.limit, format="json" if session.json else None,
            )  # fmt: skip
        return 0
    if arguments.release is None:
        raise Misuse("back to which revision?", f"see: {session.said(f'rollout {session.environment.id}')}")
    region = _region(session, arguments.region)
    _confirmed(session, f"back to {arguments.release}", arguments.yes)
    session.gcloud.show(
        *run["gcloud"], run["backVerb"], run["name"], project=session.environment.project, region=region,
        to_revisions=f"{arguments.release}=100",
    )  # fmt: skip
    session.terminal.warn("until stack `run` is applied again, which brings the newest revision back: mend the spec too")
    return 0


def _region(session: Session, asked: str | None) -> str:
    """Each region has revisions of its own names."""
    regions = session.environment.regions
    if asked is None and len(regions) > 1:
        raise Misuse("in which region?", *(f"--region={region}" for region in regions))
    if asked is not None and asked not in regions:
        raise Misuse(f"{session.environment.id} does not run in {asked}", f"it runs in: {', '.join(regions)}")
    return asked or session.region


def _confirmed(session: Session, what: str, yes: bool) -> None:
    if session.environment.tier != "test":
        session.confirm(f"{session.description.id} in {session.environment.id} goes {what}.", yes=yes)


def _no_pipeline(session: Session) -> None:
    part(
        session.environment,
        "pipeline",
        "delivery pipeline",
        ("deploy:", "  type: rollout", "# and, beside environments, rollout: {stages: [...]}"),
    )
