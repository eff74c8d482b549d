"""What people see of `python -m runtime.migrations` when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.migrations.cli import main
from runtime.migrations.conftest import WriteFolder

LIBRARIES = Path(__file__).resolve().parents[2]


def test_new_migrations_are_numbered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made" / "migrations"
    assert main(["new", "--folder", str(folder), "Add", "email!"], {}) == 0
    assert main(["new", "--folder", str(folder), "--python", "fill it"], {}) == 0
    assert capsys.readouterr().out.split() == [str(folder / "0001_add_email.sql"), str(folder / "0002_fill_it.py")]
    assert (folder / "0001_add_email.sql").read_text() == "-- Add email.\n\n"
    assert main(["new", "--folder", str(folder), "!"], {}) == 1


def test_a_folder_that_does_not_fit_is_itemised(folder: WriteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    made = folder({"0001_a.sql": "", "0001_b.sql": "", "2_c.sql": "", "0003_d.py": "x = 1", "0004-e.txt": ""})
    assert main(["new", "--folder", str(made), "more"], {}) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "  0004-e.txt: found a name that is no migration's; expected four digits, words and underscores: 0001_users.sql or .py",
        "  2_c.sql: found a name that is no migration's; expected four digits, words and underscores: 0001_users.sql or .py",
        "  0001_b.sql: found the number of 0001_a.sql; expected a number of its own: rename the one not yet merged",
        "  0003_d.py: found no `def upgrade`; expected def upgrade() -> None:, which alembic's `op` is used in",
    ]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "PGDSN: found nothing; expected postgresql://"),
        ({"PGDSN": "postgresql://u:hunter2@localhost/fixed"}, "PGDSN"),
        ({"PGDSN": "postgresql://h/{database}", "PGDATABASES": "a,b"}, "--database: found nothing; expected one of PGDATABASES"),
        ({"PGDSN": "postgresql://u:hunter2@127.0.0.1:1/{database}", "PGDATABASES": "a"}, "the database refused: connection"),
    ],
)
def test_an_environment_that_does_not_fit(
    environment: dict[str, str], message: str, folder: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--folder", str(folder({}))], environment) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "hunter2" not in error and "Traceback" not in error


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runtime.migrations", "status", "--folder", tmp_path / "none"],
        env={"PYTHONPATH": str(LIBRARIES), "PATH": os.defpath, "PGDSN": "postgresql://127.0.0.1:1/{database}"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("1 problem with the environment:\n  --database: found nothing")
