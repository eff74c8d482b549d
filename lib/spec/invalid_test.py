"""Specs that are wrong, each with all of its findings.

A case is a file under testdata/invalid/. Its head says what must be found, completely and in order:

    # expect: LINE:COLUMN code key
    #   a part of: found …; expected …; fix: …

(at the end of the file where the head is what is wrong). To see what is found now:
`PYTHONPATH=lib python -m spec validate`, or the failing test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spec import rules
from spec.codes import FILE_CODES, PLATFORM_CODES, RULE_CODES, VALUE_CODES
from spec.diagnostics import Diagnostic
from spec.findings import Finding
from spec.loader import load_fleet
from spec.model import ServiceSpec
from spec.rules.registry_test import EVERY_RULE
from spec.rules.variables import variables_fit
from spec.shapes import spelled, walk

TESTDATA = Path(__file__).parent / "testdata"
PLATFORM = TESTDATA / "platform.yaml"


@dataclass(frozen=True)
class Expectation:
    line: int
    column: int
    code: str
    key: str
    says: str

    def is_met_by(self, diagnostic: Diagnostic) -> bool:
        place = (diagnostic.line, diagnostic.column, diagnostic.code, diagnostic.key)
        return place == (self.line, self.column, self.code, self.key) and self.says in diagnostic.render()


def expectations(text: str) -> list[Expectation]:
    """What a case's head says."""
    found = re.findall(r"^# expect: (\d+):(\d+) ([a-z0-9-]+) ?(.*)\n#   (.+)$", text, re.MULTILINE)
    return [Expectation(int(line), int(column), code, key, says) for line, column, code, key, says in found]


def shown(diagnostics: tuple[Diagnostic, ...]) -> str:
    """What the head would have to say."""
    lines = []
    for d in diagnostics:
        lines.append(f"# expect: {d.line}:{d.column} {d.code} {d.key}".rstrip())
        lines.append(f"#   found {d.found}; expected {d.expected}; fix: {d.fix}")
    return "\n".join(lines)


def check(expected: list[Expectation], diagnostics: tuple[Diagnostic, ...]) -> None:
    assert expected, "the case says nothing"
    wrong = [(want, got) for want, got in zip(expected, diagnostics, strict=False) if not want.is_met_by(got)]
    assert not wrong and len(expected) == len(diagnostics), f"found now:\n{shown(diagnostics)}"


CASES = sorted((TESTDATA / "invalid").glob("*.yaml"))
PLATFORM_CASES = sorted((TESTDATA / "invalid-platform").glob("*.yaml"))
FLEETS = sorted((TESTDATA / "invalid-fleet").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_spec(case: Path, tmp_path: Path) -> None:
    """Every case is the spec of a service `thing`."""
    spec = tmp_path / "services/thing/service.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_bytes(case.read_bytes())
    fleet = load_fleet(PLATFORM, [spec], tmp_path)
    assert {diagnostic.path for diagnostic in fleet.diagnostics} == {"services/thing/service.yaml"}
    assert fleet.services == ()
    assert fleet.platform is not None
    check(expectations(case.read_text(encoding="utf-8")), fleet.diagnostics)


@pytest.mark.parametrize("case", PLATFORM_CASES, ids=lambda case: case.stem)
def test_platform(case: Path, tmp_path: Path) -> None:
    """Cases of platform.yaml."""
    fleet = load_fleet(case, [], tmp_path)
    assert fleet.platform is None
    check(expectations(case.read_text(encoding="utf-8")), fleet.diagnostics)


@pytest.mark.parametrize("case", FLEETS, ids=lambda case: case.name)
def test_fleet(case: Path) -> None:
    """Cases of several files: expected.txt holds one rendered finding a line, then the services that are valid."""
    specs = [path.relative_to(case) for path in sorted(case.glob("services/*/service.yaml"))]
    fleet = load_fleet(Path("platform.yaml"), specs[::-1], case)
    found = [diagnostic.render() for diagnostic in fleet.diagnostics]
    found.append(f"valid: {' '.join(service.spec.service.id for service in fleet.services)}".rstrip())
    assert "\n".join(found) + "\n" == (case / "expected.txt").read_text(encoding="utf-8")


def test_there_is_a_case_for_every_code() -> None:
    """No code without a file that shows it; those about the file itself are in loader_test.py too."""
    only_bytes = {
        "byte-order-mark",
        "file-missing",
        "file-too-large",
        "file-unreadable",
        "invalid-character",
        "not-utf-8",
        "too-many",
        "variable-too-long",
    }
    texts = "".join(path.read_text(encoding="utf-8") for path in CASES + PLATFORM_CASES)
    seen = {expectation.code for expectation in expectations(texts)}
    seen |= set(re.findall(r"error\[([a-z-]+)\]", "".join((f / "expected.txt").read_text() for f in FLEETS)))
    declared = {*FILE_CODES, *VALUE_CODES, *RULE_CODES, *PLATFORM_CODES}
    assert seen - declared == set()
    assert declared - seen == only_bytes


def test_there_is_a_case_for_every_key() -> None:
    """Each key of the model is refused somewhere, so that the words for it have been read by somebody."""
    refused = {re.sub(r"\[\d+\]", "[]", found.key) for case in CASES for found in expectations(case.read_text())}
    refused = {re.sub(r"(secretVolumes|builtIn)\.[^.]+", r"\1.<name>", key) for key in refused}
    every = {spelled(path) for path, _ in walk(ServiceSpec)}
    assert every - refused == set()


def test_there_is_a_case_for_every_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a rule away, and some case fails."""
    speaking: set[object] = set()

    def noted(run: Callable[..., Iterable[Finding]]) -> Callable[..., Iterator[Finding]]:
        def noting(rule: object, *arguments: object) -> Iterator[Finding]:
            for finding in run(rule, *arguments):
                speaking.add(rule)
                yield finding

        return noting

    monkeypatch.setattr(rules, "_run", noted(rules._run))
    monkeypatch.setattr(rules, "_run_on_parts", noted(rules._run_on_parts))
    spec = tmp_path / "services/thing/service.yaml"
    spec.parent.mkdir(parents=True)
    for case in CASES:
        spec.write_bytes(case.read_bytes())
        load_fleet(PLATFORM, [spec], tmp_path)
    for case in PLATFORM_CASES:
        load_fleet(case, [], tmp_path)
    for case in FLEETS:
        load_fleet(Path("platform.yaml"), [p.relative_to(case) for p in case.glob("services/*/service.yaml")], case)
    # Of too many and too long variables loader_test.py makes the files.
    assert [rule for rule in EVERY_RULE if rule not in speaking] == [variables_fit]
