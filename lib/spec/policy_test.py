"""Exceptions end on their day: not the day before, not because of a clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from spec.cli import FINE, WRONG_SPEC, main
from spec.loader import load_fleet
from spec.policy import PLATFORM_EXCEPTIONS, expiries

SINK = Path(__file__).parent / "testdata" / "valid" / "kitchen-sink-service.yaml"
LAST_DAY = date(2027, 6, 30)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "services" / "kitchen-sink"
    folder.mkdir(parents=True)
    (folder / "service.yaml").write_bytes(SINK.read_bytes())
    (tmp_path / "platform.yaml").write_bytes((Path(__file__).parent / "testdata" / "platform.yaml").read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 1, 1), None),
        (date(2027, 5, 31), None),
        (date(2027, 6, 1), "exception-expires-soon"),
        (LAST_DAY, "exception-expires-soon"),
        (date(2027, 7, 1), "exception-expired"),
        (date(2030, 1, 1), "exception-expired"),
    ],
)
def test_the_last_day_still_counts(root: Path, today: date, code: str | None) -> None:
    fleet = load_fleet(Path("platform.yaml"), [Path("services/kitchen-sink/service.yaml")], root)
    assert fleet.diagnostics == ()
    found = expiries(fleet, today)
    assert [one.code for one in found] == ([code] if code else [])
    for one in found:
        assert one.severity == ("error" if code == "exception-expired" else "warning")
        assert one.key == "environments[2].policyExceptions[0].expires"
        assert (root / one.path).read_text().splitlines()[one.line - 1][one.column - 1 :].startswith('"2027-06-30"')
        assert today.isoformat() in one.found and "CKV_GCP_110 for google_sql_database_instance.postgres" in one.expected


def test_only_a_date_that_is_given_counts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["validate", "--root", str(root), "services/kitchen-sink/service.yaml"]
    assert main(arguments) == FINE
    assert "exception" not in capsys.readouterr().out
    assert main([*arguments, "--on", "2027-06-15"]) == FINE
    assert "warning[exception-expires-soon]" in capsys.readouterr().out
    assert main([*arguments, "--on", "2027-07-01"]) == WRONG_SPEC
    assert "error[exception-expired]" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*arguments, "--on", "soon"])


def test_the_platforms_exceptions_say_why() -> None:
    assert all(len(reason) > 40 for reason in PLATFORM_EXCEPTIONS.values())
