"""`conformance.json` beside a service's spec: what was measured last, committed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .outcome import Check, Outcome


@dataclass(frozen=True)
class Entry:
    """A check as it is committed: nothing in it varies from run to run."""

    promise: str
    result: str
    reason: str

    @classmethod
    def of(cls, check: Check, outcome: Outcome) -> Entry:
        return cls(check.promise, outcome.result, outcome.reason)


def read(path: Path) -> dict[str, Entry]:
    """Check -> entry; nothing where there is no such file. ValueError where it is none of ours."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        listed = json.loads(text)["checks"]
        return {one["id"]: Entry(one["promise"], one["result"], one.get("reason", "")) for one in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: no result of the conformance kit ({error})") from None


def render(environment: str, entries: Mapping[str, Entry]) -> str:
    """The file's text."""
    listed = [
        {"id": id, "promise": one.promise, "result": one.result, **({"reason": one.reason} if one.reason else {})}
        for id, one in entries.items()
    ]
    return json.dumps({"environment": environment, "checks": listed}, indent=2, ensure_ascii=False) + "\n"


def difference(id: str, committed: Entry | None, measured: Entry) -> str | None:
    """What differs, for a person; None where nothing does."""
    if committed == measured:
        return None
    found = f"{measured.result}{f': {measured.reason}' if measured.reason else ''}"
    if committed is None:
        return f"{id}: measured {found}; nothing is committed"
    was = f"{committed.result}{f': {committed.reason}' if committed.reason else ''}"
    if found == was:
        return f"{id}: its text is another than the committed one"
    return f"{id}: measured {found}; committed {was}"
