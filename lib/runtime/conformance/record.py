"""What was measured, held against what is committed (`spec.conformance`)."""

from __future__ import annotations

from spec.conformance import Entry

from .outcome import Check, Outcome


def entry(check: Check, outcome: Outcome) -> Entry:
    """A check as it is committed."""
    return Entry(check.promise, outcome.result, outcome.reason)


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
