from __future__ import annotations

import json
from pathlib import Path

import pytest
from msp.util_rules.envelope import EnvelopeError, ordered, parse_envelope

# The library's side is tested against the same files.
FIXTURE = Path(__file__).parents[3] / "lib" / "generator" / "testdata"


def test_reads_what_the_library_writes() -> None:
    envelope = parse_envelope((FIXTURE / "envelope.json").read_bytes())
    assert envelope.files == ("accounts/dev/project/cdk.tf.json", "accounts/operations.md")
    assert [one.is_error for one in envelope.diagnostics] == [False, True, True, True]
    rendered = "".join(f"{one.render()}\n" for one in envelope.diagnostics)
    assert rendered == (FIXTURE / "envelope.txt").read_text()


@pytest.mark.parametrize(
    "stdout, reason",
    [
        ("", "not JSON"),
        ("hello", "not JSON"),
        ("[]", "version None"),
        ('{"version": 2, "files": [], "diagnostics": []}', "version 2"),
        ('{"version": 1, "files": []}', "diagnostics"),
        ('{"version": 1, "files": [{}], "diagnostics": []}', "path"),
        ('{"version": 1, "files": [], "diagnostics": [{"path": "x"}]}', "line"),
    ],
)
def test_anything_else_is_refused_with_the_reason(stdout: str, reason: str) -> None:
    with pytest.raises(EnvelopeError, match=reason):
        parse_envelope(stdout.encode())


def test_findings_are_ordered_by_place_and_told_once() -> None:
    envelope = parse_envelope((FIXTURE / "envelope.json").read_bytes())
    twice = [*reversed(envelope.diagnostics), *envelope.diagnostics]
    assert ordered(twice) == envelope.diagnostics


def test_what_a_later_version_adds_is_not_in_the_way() -> None:
    document = json.loads((FIXTURE / "envelope.json").read_text())
    document["more"] = document["diagnostics"][0]["more"] = 1
    assert parse_envelope(json.dumps(document).encode()).diagnostics
