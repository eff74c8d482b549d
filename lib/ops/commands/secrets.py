"""An environment's secrets: which there are, and a new value for one."""

from __future__ import annotations

import argparse
import difflib
import getpass
import sys

from ops.description import meant
from ops.errors import Misuse, OpsError
from ops.session import Session

NAME = "secrets"
HELP = "The secrets of an environment; a new value from standard input."
EXAMPLES = ("accounts prod", "accounts prod add oidc-client-secret <value.txt", "accounts prod versions oidc-client-secret")
MOST_BYTES = 64 * 1024
"""https://cloud.google.com/secret-manager/quotas"""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", default="list", choices=("list", "add", "versions"), help="default: %(default)s")
    parser.add_argument("secret", nargs="?", help="its id")
    parser.add_argument("--keep-newline", action="store_true", help="add: keep a line end at the value's end")


def run(session: Session, arguments: argparse.Namespace) -> int:
    secrets = session.environment.operating["secrets"]
    if arguments.verb == "list":
        if session.json:
            session.terminal.json(secrets)
        elif not secrets:
            session.terminal.note("the spec declares none: environments[].secretEnv")
        else:
            session.terminal.table(("SECRET", "READ AS"), [(found["id"], ", ".join(found["readAs"])) for found in secrets])
        return 0
    secret = _declared(session, arguments.secret, [found["id"] for found in secrets])
    project = session.environment.project
    if arguments.verb == "versions":
        format = "json" if session.json else None
        session.gcloud.show("secrets", "versions", "list", secret, project=project, limit=10, format=format)
        return 0
    call = session.gcloud.call("secrets", "versions", "add", secret, project=project, data_file="-")
    if session.processes.dry_run:
        session.processes.show(call)
        return 0
    code = session.processes.show(call, input=_value(secret, keep_newline=arguments.keep_newline))
    if code != 0:
        raise OpsError(f"gcloud ended with {code}: the secret has no new version", call.shown())
    session.terminal.note("instances that start from now on read it; those that run keep the old value")
    return 0


def _declared(session: Session, secret: str | None, known: list[str]) -> str:
    if secret is None:
        raise Misuse("which secret?", *known)
    if secret not in known:
        near = difflib.get_close_matches(secret, known, 1)
        raise Misuse(
            f"{session.environment.id} has no secret {secret!r}: the spec declares {', '.join(known) or 'none'}",
            *meant(near), "a new one is declared first, in service.yaml:", "environments:", f"  - id: {session.environment.id}",
            "    secretEnv:", f"      VARIABLE: {secret}",
        )  # fmt: skip
    return secret


def _value(secret: str, *, keep_newline: bool) -> str:
    """From standard input, unseen at a terminal. Raises OpsError where it is none that can be stored."""
    value = getpass.getpass(f"Value of {secret} (unseen): ") if sys.stdin.isatty() else sys.stdin.read()
    if not keep_newline:
        value = value.removesuffix("\n").removesuffix("\r")
    if not value:
        raise OpsError("the value is empty: nothing was stored")
    if len(value.encode()) > MOST_BYTES:
        raise OpsError(f"the value has {len(value.encode())} bytes; Secret Manager takes {MOST_BYTES} at most")
    return value
