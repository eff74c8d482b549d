"""A stand-in for an OpenFGA server: its HTTP API, with answers of OpenFGA's real evaluator.

The server itself is on no package registry that Python's tools read. For tests, and as a process for a service on this
machine: `python -m runtime.testing.openfga_server --port 8080 --data FOLDER`.

What it lacks: Expand, ReadChanges, assertions, StreamedListObjects, and speed: a question takes the start of a process, some
30 ms, unless it was asked before of the same state.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from runtime.testing.openfga_evaluator import Json, Refusal
from runtime.testing.openfga_stores import Stores
from runtime.testing.stopping import stop

READY = "OpenFGA stand-in listens on "


@dataclass(frozen=True)
class Fault:
    """An answer instead of the real one; with status 0 none at all, the connection ends."""

    status: int
    body: str = '{"code": "unavailable", "message": "made to fail"}'
    after_doing: bool = False
    """What was asked for is done, and then the answer is lost."""


@dataclass
class OpenFgaServer:
    """`requests` has what came: operation, body, headers."""

    stores: Stores
    accepts: Callable[[str | None], bool] = lambda _: True
    """Given the bearer token."""
    url: str = ""
    requests: list[tuple[str, Json, dict[str, str]]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    gate: threading.Event = field(default_factory=threading.Event)
    """Answers wait until it is set."""

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, method: str, target: str, body: Json, headers: dict[str, str]) -> tuple[int, str]:
        """Status and body."""
        parts = urlsplit(target)
        path = [unquote(part) for part in parts.path.strip("/").split("/")]
        operation = f"{method} {path[-1] if len(path) != 2 else 'store'}"
        self.requests.append((operation, body, headers))
        self.gate.wait()
        fault = self.faults.popleft() if self.faults and operation != "GET healthz" else None
        if fault is not None and not fault.after_doing:
            return fault.status, fault.body
        try:
            scheme, _, token = headers.get("authorization", "").partition(" ")
            if not self.accepts(token if scheme == "Bearer" else None):
                raise Refusal(401, "auth_failed_invalid_bearer_token", "invalid bearer token")
            status, answer = self._do(method, path, dict(parse_qsl(parts.query)), body)
        except Refusal as refusal:
            status, answer = refusal.status, {"code": refusal.code, "message": refusal.message}
        if fault is not None:
            return fault.status, fault.body
        return status, json.dumps(answer) if answer is not None else ""

    def _do(self, method: str, path: list[str], query: dict[str, str], body: Json) -> tuple[int, Json | None]:
        stores = self.stores
        match method, *path:
            case "GET", "healthz":
                return 200, {"status": "SERVING"}
            case "GET", "stores":
                return 200, stores.list(query)
            case "POST", "stores":
                return 201, stores.create(body)
            case "GET", "stores", id:
                return 200, stores.get(id)
            case "DELETE", "stores", id:
                stores.delete(id)
                return 204, None
            case "GET", "stores", id, "authorization-models":
                return 200, stores.list_models(id, query)
            case "POST", "stores", id, "authorization-models":
                return 201, stores.write_model(id, body)
            case "GET", "stores", id, "authorization-models", model:
                return 200, stores.get_model(id, model)
            case "POST", "stores", id, "write" | "read" | "check" | "batch-check" | "list-objects" | "list-users" as what:
                act: Callable[[str, Json], Json] = getattr(stores, what.replace("-", "_"))
                return 200, act(id, body)
        raise Refusal(404, "undefined_endpoint", "Not Found")


def _handler(server: OpenFgaServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                body: Any = json.loads(text) if text else {}
            except ValueError:
                status, answer = 400, json.dumps({"code": "validation_error", "message": "invalid JSON"})
            else:
                status, answer = server.answer(self.command, self.path, body, headers)
            if not status:
                self.close_connection = True
                return
            encoded = answer.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        do_GET = do_POST = do_DELETE = _any

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on stderr."""

    return Handler


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is no error of the server's."""


@contextmanager
def openfga_server(
    folder: Path | None = None, *, accepts: Callable[[str | None], bool] = lambda _: True
) -> Iterator[OpenFgaServer]:
    """A server on a free port for the time of the block.

    folder    where it keeps what it is told; None forgets it
    accepts   whether a bearer token is good
    """
    server = OpenFgaServer(Stores(folder), accepts)
    with _Http(("127.0.0.1", 0), _handler(server)) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.gate.set()
            http.shutdown()
            thread.join()


@dataclass
class OpenFgaProcess:
    """A stand-in as a process of its own."""

    url: str
    process: subprocess.Popen[str] = field(repr=False)

    def stop(self) -> None:
        """End it. Harmless when it has ended."""
        stop(self.process)
        if self.process.stdout is not None:
            self.process.stdout.close()


def start_openfga(folder: Path, port: int = 0) -> OpenFgaProcess:
    """A stand-in that keeps its stores in `folder`; on a free port unless one is given.

    RuntimeError where it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime.testing.openfga_server", "--port", str(port), "--data", str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=None, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(READY):
        process.kill()
        process.wait()
        raise RuntimeError(f"the OpenFGA stand-in did not start on port {port}")
    return OpenFgaProcess(line.removeprefix(READY).strip(), process)


def main(arguments: list[str]) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m runtime.testing.openfga_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="the folder that keeps the stores; without it they are forgotten")
    given = parser.parse_args(arguments)
    server = OpenFgaServer(Stores(given.data))
    try:
        http = _Http((given.host, given.port), _handler(server))
    except OSError as error:
        print(f"can't listen on {given.host}:{given.port}: {error.strerror}", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=http.shutdown).start())
    with http:
        print(f"{READY}http://{given.host}:{http.server_port}", flush=True)
        http.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
