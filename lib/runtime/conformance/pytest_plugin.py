"""The checks as tests of a service:

    from runtime.conformance import conformance

    test_conformance = conformance(__file__)

One test for each check. It fails when what was measured differs from the committed `conformance.json`; at the end of the run
there is a table of everything that was measured.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from spec import conformance

from . import record, report
from .bench import Bench
from .checks import CHECKS
from .outcome import Check, Outcome
from .subject import Subject

NAME = "conformance-table"
LOAD = "load_subject"
"""The attribute of the test function that gives the subject."""


class Table:
    """pytest's plug-in: prints what was measured, of each subject."""

    def __init__(self) -> None:
        self.measured: dict[str, dict[str, Outcome]] = {}

    def note(self, subject: Subject, check: Check, outcome: Outcome) -> None:
        self.measured.setdefault(title(subject), {})[check.id] = outcome

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, outcomes in self.measured.items():
            terminalreporter.write_line(report.table(name, outcomes))


def title(subject: Subject) -> str:
    return f"Conformance of {subject.id} in {subject.described.id}"


def tests_of(load: Callable[[], Subject], command: str) -> Callable[..., None]:
    """The test function, parametrized by every check.

    load      gives the subject, when the first test runs
    command   what brings the committed file up to date
    """
    benches = _Benches(load)

    @pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
    def test_conformance(check: Check, request: pytest.FixtureRequest) -> None:
        bench = benches.open(request)
        outcome = check.outcome(bench)
        _table(request.config).note(bench.subject, check, outcome)
        committed = conformance.read(bench.subject.result_file)
        known = None if committed is None else committed.entries.get(check.id)
        differs = record.difference(check.id, known, record.entry(check, outcome))
        if differs is not None:
            pytest.fail(f"{differs}\n{outcome.detail}\nto accept: {command}", pytrace=False)

    setattr(test_conformance, LOAD, load)
    return test_conformance


class _Benches:
    """The one bench of a test module, from its first test to its last."""

    def __init__(self, load: Callable[[], Subject]) -> None:
        self._load = load
        self._bench: Bench | None = None

    def open(self, request: pytest.FixtureRequest) -> Bench:
        if self._bench is None:
            self._bench = Bench(self._load()).__enter__()
            module = request.node.getparent(pytest.Module)
            assert module is not None
            module.addfinalizer(self._close)
        return self._bench

    def _close(self) -> None:
        if self._bench is not None:
            self._bench.__exit__(None, None, None)
            self._bench = None


def _table(config: pytest.Config) -> Table:
    found = config.pluginmanager.get_plugin(NAME)
    if found is None:
        found = Table()
        config.pluginmanager.register(found, NAME)
    assert isinstance(found, Table)
    return found
