"""What was done with more than one's standing access: who, what, why, how long. A line of JSON each, kept by the person."""

from __future__ import annotations

import datetime
import getpass
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.session import Session


def folder() -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/ : state that outlives the program."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "msp"


def write(session: Session, what: str, more: Mapping[str, Any]) -> Path | None:
    """Append one; readable by its owner alone. Where it can't be kept, that is told and nothing else fails."""
    line = {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "user": getpass.getuser(),
        "service": session.description.id,
        "environment": session.environment.id,
        "project": session.environment.project,
        "what": what,
        **more,
    }
    path = folder() / "receipts.jsonl"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    except OSError as error:
        session.terminal.warn(f"no receipt was kept: {error}")
        return None
    return path
