"""Google Cloud, through the program that people have signed in with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ops.errors import OpsError
from ops.processes import Call, Processes, call

PROMPTLESS = {"CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
"""A question that nobody sees would wait for ever; what has to be asked, the commands ask themselves."""

TROUBLES: Sequence[tuple[str, str, tuple[str, ...]]] = (
    (
        r"do not currently have an active account|No credentialed accounts|not have any valid credentials",
        "nobody is signed in to Google Cloud",
        ("gcloud auth login",),
    ),
    (
        r"problem refreshing your current auth tokens|Reauthentication (?:is|failed)|invalid_grant|Token has been expired",
        "the sign-in to Google Cloud has expired",
        ("gcloud auth login",),
    ),
    (
        r"has not been used in project|is disabled\. Enable it|SERVICE_DISABLED|API \[[^]]+\] not enabled",
        "an API is not enabled in the project: its stacks are not applied yet",
        ("see `First deployment` in the operations guide",),
    ),
    (
        r"Failed to resolve|Name or service not known|Unable to find the server|Network is unreachable|Connection refused|"
        r"Max retries exceeded|ConnectionError|timed out",
        "Google Cloud can't be reached from here",
        ("is the network there, and does it need a proxy? gcloud info --run-diagnostics",),
    ),
)
"""What gcloud writes -> what it means, and what mends it. The order matters: the first that fits."""

DENIED = re.compile(r"PERMISSION_DENIED|does not have permission|Permission '[^']+' denied|lacks? permission|403")
ABSENT = re.compile(r"NOT_FOUND|could not be found|Cannot find|does not exist|404")


class Denied(OpsError):
    """The account may not do that."""


class Absent(OpsError):
    """There is no such thing (yet)."""


class Gcloud:
    """The commands' way to Google's APIs.

    more   the command that asks for more access, for whoever may not; None where there is none to ask for
    """

    def __init__(self, processes: Processes, more: str | None = None) -> None:
        self._processes = processes
        self._more = more

    def call(self, *words: str, **options: str | int | bool | None) -> Call:
        made = call("gcloud", *words, **options)
        return Call(made.argv, PROMPTLESS)

    def json(self, *words: str, **options: str | int | bool | None) -> Any:
        """What a command says as data. Raises OpsError as `text` does."""
        text = self.text(*words, **options, format="json")
        try:
            return json.loads(text or "null")
        except ValueError:
            raise OpsError(f"gcloud {' '.join(words)} answered with something else than JSON: {text[:200]!r}") from None

    def text(self, *words: str, **options: str | int | bool | None) -> str:
        """What a command says. Raises Denied, Absent, OpsError with what mends it."""
        made = self.call(*words, **options)
        done = self._processes.capture(made)
        if done.returncode != 0:
            raise self.trouble(done.stderr, made)
        return done.stdout

    def show(self, *words: str, **options: str | int | bool | None) -> None:
        """Run a command on this terminal. Raises OpsError where it fails; gcloud has said why."""
        made = self.call(*words, **options)
        code = self._processes.show(made)
        if code != 0:
            raise OpsError(f"gcloud ended with {code}", made.shown())

    def trouble(self, said: str, made: Call) -> OpsError:
        """What gcloud's complaint means to somebody who did not type its command."""
        for pattern, message, mend in TROUBLES:
            if re.search(pattern, said):
                return OpsError(message, *mend)
        reason = _reason(said)
        if DENIED.search(said):
            more = () if self._more is None else (f"ask for more access: {self._more}",)
            return Denied(f"this account may not do that: {reason}", *more, "which account it is: gcloud auth list")
        if ABSENT.search(said):
            return Absent(f"Google Cloud has no such thing: {reason}", "is the environment applied, and is this its project?")
        return OpsError(f"gcloud failed: {reason}", made.shown())


def _reason(said: str) -> str:
    """The complaint's first line, without gcloud's own name before it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    found = next((line for line in lines if line.startswith("ERROR:")), lines[-1] if lines else "it did not say why")
    return re.sub(r"^ERROR: (\([^)]*\) )?", "", found)[:400]
