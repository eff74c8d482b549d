"""Where a program is tried: the platform's servers on this machine, and the environment that leads there.

What the program finds is what Cloud Run gives it, value for value, `MSP=true` included: it signs in to databases with tokens
of a metadata server, over TLS. Only addresses are others, and secrets have made-up values.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from runtime.testing.certificates import make_authority
from runtime.testing.collector import Collector
from runtime.testing.openfga_server import openfga_server
from runtime.testing.ports import free_port

from . import stores
from .metadata import Metadata
from .network import Link, Network
from .process import Instance
from .subject import Subject

NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: nothing that is checked reaches a real server."""

REQUIRED_VALUES = {"PGUSER": "workload@example.iam", "PGROLE": "platform_owner", "PGPOOLSIZE": "5"}
"""Where the description leaves these to other stacks."""


@dataclass(frozen=True)
class Patience:
    """How long is waited for what should come, in seconds. Long: a machine may be busy, and what comes is not waited for."""

    start: float = 120.0
    """Until a program is ready, or has said something."""
    refuse: float = 30.0
    """Until one that has not ended counts as started."""
    notice: float = 30.0
    """Until it says that a database is gone."""
    recover: float = 60.0
    """Until it is well again."""


@dataclass
class Evidence:
    """What every instance has written, and what was told to whom; what must not show up anywhere."""

    instances: list[Instance] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    """What it is -> its value."""
    traces: set[str] = field(default_factory=set)
    """Ids of the traces that requests were sent with, as 32 hexadecimal digits."""

    def traceparent(self, *, sampled: bool = True) -> tuple[str, str, str]:
        """A new trace: (the header's value, its id, the id of the caller's span). https://www.w3.org/TR/trace-context/"""
        trace, span = secrets.token_hex(16), secrets.token_hex(8)
        self.traces.add(trace)
        return f"00-{trace}-{span}-{'01' if sampled else '00'}", trace, span


class Bench:
    """Everything ends with its block: processes, servers, files."""

    def __init__(self, subject: Subject, patience: Patience | None = None) -> None:
        self.subject = subject
        self.patience = patience or Patience()
        self.evidence = Evidence()
        self.databases: stores.Databases | None = None
        self.redis: Link | None = None
        self.authorization: Link | None = None
        self._stack = ExitStack()
        self._shared: Instance | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._folder = Path(tempfile.mkdtemp(prefix="conformance-"))
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._authority = self._folder / "authority.pem"
            # PostgreSQL runs as a user of its own where this process is root's.
            self._folder.chmod(0o755)
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for instance in self.evidence.instances:
            instance.kill()
        self._stack.close()

    def _open(self, stack: ExitStack) -> None:
        subject, described = self.subject, self.subject.described
        token = self._secret("the workload's token", f"ya29.{secrets.token_hex(16)}")
        email = f"{described.value('PGUSER') or REQUIRED_VALUES['PGUSER']}.gserviceaccount.com"
        project = described.value("GOOGLE_CLOUD_PROJECT") or "conformance"
        self.metadata = stack.enter_context(Metadata(token, project, email))
        self.collector = stack.enter_context(Collector())
        network, authority = stack.enter_context(Network()), make_authority()
        if subject.databases:
            user, role = (described.value(name) or REQUIRED_VALUES[name] for name in ("PGUSER", "PGROLE"))
            self.databases = stores.databases(
                stack, network, authority, self._folder / "postgres", token, subject.databases, user, role
            )
        if subject.has_redis:
            self.redis = stores.redis(stack, network, authority, self._folder / "redis", token)
        if described.has("OPENFGA_API_URL"):
            server = stack.enter_context(openfga_server())
            self.authorization = network.tls(urlsplit(server.url).port or 0, authority.server)
        self._authority.write_text(authority.pem, encoding="ascii")
        self._values = self._environment(authority.pem)
        for name, value in subject.headers.items():
            self._secret(f"the header {name} of requests", value)

    def _secret(self, what: str, value: str) -> str:
        self.evidence.secrets[what] = value
        return value

    def _environment(self, authority: str) -> dict[str, str]:
        """The description's variables with values that work here, and what the machine itself has to have."""
        found: dict[str, str] = {}
        for variable in self.subject.described.variables:
            if variable.kind == "secret":
                found[variable.name] = self.subject.own.get(variable.name) or f"conformance-{secrets.token_hex(16)}"
            elif variable.kind == "plain":
                found[variable.name] = variable.value or REQUIRED_VALUES.get(variable.name, "conformance")
        found |= self.subject.own
        if self.databases is not None:
            found["PGHOST"] = self.databases.link.host
        if self.redis is not None:
            found["REDIS_ENDPOINT"] = f"rediss://{self.redis.host}:{self.redis.port}"
            found["REDIS_CA_CERTIFICATE"] = authority
        if self.authorization is not None:
            found["OPENFGA_API_URL"] = f"https://{self.authorization.host}:{self.authorization.port}"
        found["OTEL_EXPORTER_OTLP_ENDPOINT"] = self.collector.url
        found.setdefault("SENTRY_DSN", self.collector.sentry_dsn)
        for variable in self.subject.described.variables:
            if variable.kind == "secret" and variable.name != "REDIS_CA_CERTIFICATE":
                self._secret(f"the value of {variable.name}", found[variable.name])
        return found

    @property
    def machine(self) -> dict[str, str]:
        """What no description has, and every process needs here."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([*(str(path) for path in self.subject.search_path), *filter(None, sys.path)]),
            "GCE_METADATA_HOST": self.metadata.host,
            # Whoever speaks TLS trusts this bench's own authority, as nothing else is reached.
            "SSL_CERT_FILE": str(self._authority),
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def variables(self, changes: Mapping[str, str] | None = None, without: Iterable[str] = ()) -> dict[str, str]:
        """The environment of one instance, on a port of its own."""
        port = {"PORT": str(free_port())} if self.subject.described.has("PORT") else {}
        left_out = frozenset(without)
        found = {**self._values, **port, **(changes or {})}
        return {**self.machine, **{name: value for name, value in found.items() if name not in left_out}}

    def start(
        self,
        *,
        changes: Mapping[str, str] | None = None,
        without: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> Instance:
        """Start the program. `environment` stands in for all of its variables."""
        chosen = self.variables(changes, without) if environment is None else {**self.machine, **environment}
        instance = Instance(self.subject.command, chosen, self._folder, arguments)
        self.evidence.instances.append(instance)
        return instance

    def ready(self, changes: Mapping[str, str] | None = None) -> Instance:
        """A new instance that is ready; of what has no port, one that has said something."""
        instance = self.start(changes=changes)
        self.until_started(instance)
        return instance

    def until_started(self, instance: Instance) -> None:
        """Wait for that. Broken where it does not come."""
        if self.subject.kind == "service":
            instance.until_ready(self.patience.start)
            if self.databases is not None:
                self.databases.seed(self.subject.seed)
        else:
            instance.until(lambda: instance.lines, self.patience.start, "it says nothing when it starts")

    def shared(self) -> Instance:
        """A ready instance for checks that only look at it."""
        if self._shared is None or not self._shared.runs:
            self._shared = self.ready()
        return self._shared

    def stop_shared(self) -> None:
        """End it, for checks that want the servers for themselves."""
        if self._shared is not None:
            self._shared.kill()
            self._shared = None
