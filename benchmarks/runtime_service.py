"""d: lib/runtime against a bare ASGI application: requests per second, p99, start to ready, memory.

The servers of runtime_servers.py take turns, so that whatever else the machine does meets each of them. Processor time
per request and until ready stands beside wall time, because it hardly depends on what else runs.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SERVERS = ("stock", "same", "runtime")
CONNECTIONS = 32
SECONDS = 4.0
WARM_UP = 1.0


@dataclass
class Measured:
    """Of one server, a value per round."""

    requests: list[float] = field(default_factory=list)
    """Per second."""
    p99: list[float] = field(default_factory=list)
    """Milliseconds."""
    start: list[float] = field(default_factory=list)
    """Seconds from the start of the process to its first answer."""
    start_cpu: list[float] = field(default_factory=list)
    """Seconds of processor time until then."""
    request_cpu: list[float] = field(default_factory=list)
    """Seconds of the server's processor time per request."""
    memory: list[float] = field(default_factory=list)
    """Resident MB after the load."""


def service_under_load(times: int) -> None:
    """Measure and print."""
    found = {name: Measured() for name in SERVERS}
    with _collector() as endpoint:
        for _ in range(times):
            for name in SERVERS:
                _round(name, endpoint, found[name])
    print("d. a service of lib/runtime against bare ASGI applications (uvicorn, uvloop, httptools, OTLP exporters)")
    print(f"   {CONNECTIONS} connections, {SECONDS:g} s, best of {times} turns; start: median")
    for name in SERVERS:
        one = found[name]
        print(
            f"   {name:8} {max(one.requests):6.0f} requests/s  {min(one.request_cpu) * 1e6:5.0f} CPU-us each"
            f"  p99 {min(one.p99):6.2f} ms  ready after {statistics.median(one.start) * 1000:5.0f} ms"
            f" ({min(one.start_cpu) * 1000:4.0f} CPU-ms)  {min(one.memory):5.1f} MB"
        )
    for name, meaning in (("stock", "OpenTelemetry's own middleware"), ("same", "the same spans and metrics")):
        _compare(found["runtime"], found[name], meaning)


def _compare(ours: Measured, base: Measured, meaning: str) -> None:
    wall = (statistics.median(ours.start) - statistics.median(base.start)) * 1000
    cpu = (min(ours.start_cpu) - min(base.start_cpu)) * 1000
    print(f"   against a bare application with {meaning}:")
    print(
        f"      requests  {max(ours.requests) / max(base.requests):.2f} x per second,"
        f" {min(base.request_cpu) / min(ours.request_cpu):.2f} x per CPU-second (target 0.9 x);"
        f" p99 {min(ours.p99) / min(base.p99):.2f} x"
    )
    print(
        f"      ready     {wall:+.0f} ms, {cpu:+.0f} CPU-ms (target +300 ms);"
        f" memory {min(ours.memory) - min(base.memory):+.1f} MB"
    )


def _round(name: str, endpoint: str, measured: Measured) -> None:
    port = _free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "LOG_FORMAT": "json",
        "PYTHONPATH": str(HERE.parent / "lib"),
    }
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, HERE / "runtime_servers.py", name], env=environment, stderr=subprocess.PIPE
    )
    try:
        _wait_for_an_answer(port, process)
        measured.start.append(time.perf_counter() - started)
        measured.start_cpu.append(_processor_time(process.pid))
        _load(port, WARM_UP)
        before = _processor_time(process.pid)
        made = _load(port, SECONDS)
        measured.request_cpu.append((_processor_time(process.pid) - before) / made["answered"])
        measured.requests.append(made["requests"])
        measured.p99.append(made["p99"])
        measured.memory.append(_resident(process.pid))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _load(port: int, seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, HERE / "runtime_load.py", str(port), str(CONNECTIONS), str(seconds)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    made: dict[str, Any] = json.loads(done.stdout)
    if made["failures"]:
        sys.exit(f"benchmark d: {len(made['failures'])} requests failed, such as {made['failures'][0]}")
    return made


def _wait_for_an_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        if process.poll() is not None:
            assert process.stderr is not None
            sys.exit(f"benchmark d: the server ended:\n{process.stderr.read().decode()}")
        time.sleep(0.002)


def _processor_time(pid: int) -> float:
    """Seconds of user and system time so far: proc(5)."""
    after_the_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(after_the_name[11]) + int(after_the_name[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _collector() -> Iterator[str]:
    """Takes whatever is exported and forgets it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
