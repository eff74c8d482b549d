"""What the conformance kit has measured of a service: `services/<id>/conformance.json`, committed beside its spec.

`runtime.conformance` writes it and holds it against what it measures; the operations guide shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "conformance.json"
RESULTS = ("pass", "fail", "not applicable")


class ConformanceError(Exception):
    """The file is none that the kit wrote. The text says what is wrong with it."""


@dataclass(frozen=True)
class Entry:
    """One check. Nothing in it varies from run to run.

    promise   what a program that passes does; Markdown's backticks in it are code
    result    one of RESULTS
    reason    why it does not pass; empty where it does
    """

    promise: str
    result: str
    reason: str = ""


@dataclass(frozen=True)
class Conformance:
    """What was measured last, in the environment of that id; check -> entry, in the order in which they are tried."""

    environment: str
    entries: Mapping[str, Entry]


def read(path: Path) -> Conformance | None:
    """None where there is no such file. ConformanceError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        document = json.loads(content)
        entries = {
            str(one["id"]): Entry(str(one["promise"]), str(one["result"]), str(one.get("reason", "")))
            for one in document["checks"]
        }
        environment = str(document["environment"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConformanceError("something else than a result of the conformance kit") from None
    for id, entry in entries.items():
        if entry.result not in RESULTS:
            raise ConformanceError(f"check {id} with the result {entry.result!r}")
    return Conformance(environment, entries)


def render(measured: Conformance) -> str:
    """The file's text; the same results give the same text."""
    checks = [
        {"id": id, "promise": one.promise, "result": one.result, **({"reason": one.reason} if one.reason else {})}
        for id, one in measured.entries.items()
    ]
    return json.dumps({"environment": measured.environment, "checks": checks}, indent=2, ensure_ascii=False) + "\n"


def command(directory: str) -> str:
    """What measures anew and writes the file of the service in `directory`, from the repository's root."""
    return f"./pants run lib/runtime/conformance:run -- {directory} --update"
