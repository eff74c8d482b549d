"""A folder of migrations: `0001_users.sql`, `0002_sessions.py` …, each applied once, in this order.

A SQL file is run as it stands. Its first line may be `-- no transaction`, for the one statement that PostgreSQL refuses in
a transaction, such as CREATE INDEX CONCURRENTLY. A Python script has `def upgrade() -> None:` and uses alembic's `op`.
There is no way back down: a mistake is mended by the next migration, as the one before it may have met real data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.migrations.errors import Finding, MigrationError

NAME = re.compile(r"(?P<revision>\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.(?:sql|py)")

NO_MIGRATIONS = frozenset({"BUILD", "README.md", "__init__.py"})
"""Files that may lie beside migrations."""

NO_TRANSACTION = re.compile(r"\s*--\s*no transaction\s*(?:\n|$)")


@dataclass(frozen=True)
class Script:
    """One migration."""

    revision: str
    path: Path
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_sql(self) -> bool:
        return self.path.suffix == ".sql"

    @property
    def in_transaction(self) -> bool:
        return not (self.is_sql and NO_TRANSACTION.match(self.text))

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_scripts(folder: Path) -> tuple[Script, ...]:
    """The migrations in order. MigrationError with all files that don't fit."""
    if not folder.is_dir():
        raise MigrationError(f"there is no folder of migrations {folder}; make it, or name another with --folder")
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in NO_MIGRATIONS)
    fitting = [path for path in files if NAME.fullmatch(path.name)]
    findings = [
        Finding(path.name, "a name that is no migration's", "four digits, words and underscores: 0001_users.sql or .py")
        for path in files
        if path not in fitting
    ]
    scripts = [_script(path) for path in fitting]
    findings += _twice(scripts)
    findings += [
        Finding(script.name, "no `def upgrade`", "def upgrade() -> None:, which alembic's `op` is used in")
        for script in scripts
        if not script.is_sql and not re.search(r"^def upgrade\(\)", script.text, re.MULTILINE)
    ]
    if findings:
        raise MigrationError(f"migrations in {folder}:", findings)
    return tuple(scripts)


def _script(path: Path) -> Script:
    match = NAME.fullmatch(path.name)
    assert match is not None
    # As text, so that a checkout with another system's line endings has the same checksum.
    return Script(match["revision"], path, path.read_text(encoding="utf-8"))


def _twice(scripts: Sequence[Script]) -> Iterator[Finding]:
    for before, after in zip(scripts, scripts[1:], strict=False):
        if before.revision == after.revision:
            yield Finding(after.name, f"the number of {before.name}", "a number of its own: rename the one not yet merged")


TEMPLATES = {
    "sql": "-- {words}.\n\n",
    "py": '"""{words}."""\n\nfrom alembic import op\n\n\ndef upgrade() -> None:\n    op.execute("")\n',
}


def new_script(folder: Path, name: str, kind: str) -> Path:
    """Write the next migration's beginning. MigrationError where the folder or the name don't fit."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    if not words:
        raise MigrationError(f"{name!r} is no name for a migration; expected words such as `add email to users`")
    folder.mkdir(parents=True, exist_ok=True)
    scripts = read_scripts(folder)
    number = int(scripts[-1].revision) + 1 if scripts else 1
    path = folder / f"{number:04}_{'_'.join(words)}.{kind}"
    path.write_text(TEMPLATES[kind].format(words=" ".join(words).capitalize()), encoding="utf-8")
    return path
