"""f, g: services/gateway against no proxy at all, and against a plain reverse proxy of httpx, Starlette and uvicorn.

f: what a streamed chunk takes longer through the gateway than without it. g: answers per second, and processor time of the
proxy for each. The gateway does everything that it does in production, on a real PostgreSQL and a real Redis: it looks up
the key, counts quota and rate, checks and rewrites the request, reads the usage along, records an event.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from runtime_service import _free_port, _processor_time

HERE = Path(__file__).parent
ROOT = HERE.parent
PATHS = (ROOT / "lib", ROOT / "services" / "gateway")
LICENSE = "the-license-key-of-the-benchmarks-0123456789"

STREAMS = 10
PAUSE = 0.01
"""Seconds between two chunks of a stream: a hundred tokens a second."""
CALLERS = 32
CHUNKS = 50
SECONDS = 4.0


def added_latency(times: int) -> None:
    """Measure and print f."""
    with _servers() as ports:
        rows: dict[tuple[str, int], tuple[float, float]] = {}
        for streams in (1, STREAMS):
            for _ in range(times):
                for name in ("direct", "gateway", "plain"):
                    made = _load(ports[name], streams, SECONDS, 200, PAUSE)
                    found = (made["p50"], made["p99"])
                    rows[name, streams] = min(rows.get((name, streams), found), found)
    print(f"f. a streamed chunk, from the provider's write to the client's read, 100 chunks/s a stream, best of {times} turns")
    for streams in (1, STREAMS):
        base = rows["direct", streams]
        for name in ("direct", "gateway", "plain"):
            p50, p99 = rows[name, streams]
            added = "" if name == "direct" else f"  added {p50 - base[0]:+.3f} ms (target of the gateway: < 1 ms)"
            print(f"   {streams:2} streams  {name:8} p50 {p50:6.3f} ms  p99 {p99:6.3f} ms{added}")


def throughput(times: int) -> None:
    """Measure and print g."""
    print(f"g. answers through one process, {CALLERS} callers, {SECONDS:g} s, best of {times} turns")
    with _servers() as ports:
        for what, chunks in ((f"streams of {CHUNKS} chunks", CHUNKS), ("whole answers", 0)):
            rows: dict[str, tuple[float, float]] = {}
            for _ in range(times):
                for name in ("gateway", "plain"):
                    _load(ports[name], CALLERS, 1.0, chunks, 0)
                    before = _processor_time(ports[f"{name} pid"])
                    made = _load(ports[name], CALLERS, SECONDS, chunks, 0)
                    cpu = (_processor_time(ports[f"{name} pid"]) - before) / made["answered"]
                    best = rows.get(name, (0.0, 1e9))
                    rows[name] = (max(best[0], made["per_second"]), min(best[1], cpu))
            for name, (rate, cpu) in rows.items():
                print(f"   {what:20} {name:8} {rate:7.0f} /s  {cpu * 1e6:6.0f} CPU-us each")
            (ours, our_cpu), (theirs, their_cpu) = rows["gateway"], rows["plain"]
            print(f"      gateway against plain: {ours / theirs:.2f} x per second, {their_cpu / our_cpu:.2f} x per CPU-second")


@contextmanager
def _servers() -> Iterator[dict[str, int]]:
    """Ports, and under `… pid` processes."""
    for path in PATHS:
        sys.path.insert(0, str(path))
    from runtime.testing.postgres_server import start_postgres
    from runtime.testing.redis_server import start_redis

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gateway-benchmark-")))
        folder.chmod(0o755)
        postgres = start_postgres(folder / "postgres")
        stack.callback(postgres.stop)
        redis = start_redis(folder / "redis", "--save", "", "--appendonly", "no")
        stack.callback(redis.stop)
        postgres.create_database("gateway")
        ports: dict[str, int] = {}
        ports["direct"] = _start(stack, ports, "upstream", {})
        upstream = f"http://127.0.0.1:{ports['direct']}"
        ports["plain"] = _start(stack, ports, "plain", {"UPSTREAM": upstream})
        environment = {
            "PGDSN": postgres.dsn("{database}"), "PGDATABASES": "gateway", "REDIS_ENDPOINT": redis.endpoint,
            "BIGQUERY_PROJECT_ID": "p", "BIGQUERY_DATASET_ID": "d", "BIGQUERY_TABLES": "events",
            "BIGQUERY_LOCAL_FOLDER": str(folder / "rows"), "OPENAI_API_KEY": "sk-x", "ANTHROPIC_API_KEY": "sk-y",
            "OPENAI_URL": upstream, "ANTHROPIC_URL": upstream, "LOG_LEVEL": "warning", "LOG_FORMAT": "json",
        }  # fmt: skip
        ports["gateway"] = _start(stack, ports, "gateway", environment)
        os.environ["TOKEN"] = asyncio.run(_customer(postgres.dsn("{database}")))
        yield ports


async def _customer(dsn: str) -> str:
    """The key of a customer with quota and rate that are counted and never reached."""
    from gateway.actors import FeatureLimits
    from gateway.administration import Administration
    from runtime.contract import PostgresContract
    from runtime.postgres import Postgres

    contract = PostgresContract(
        instance="", host="127.0.0.1", user="postgres", role=None, pool_size=2, databases=("gateway",), dsn=dsn
    )
    postgres = Postgres(contract, application_name="benchmark", on_platform=False)
    await postgres.open()
    try:
        administration = Administration(postgres["gateway"])
        await administration.put_actor("benchmark", "Benchmark")
        limits = FeatureLimits(None, 10**9, 10**12, 86400, 10**6, 1)
        await administration.allow("benchmark", "chat_completions", limits)
        return await administration.add_key("benchmark", LICENSE)
    finally:
        await postgres.close()


def _start(stack: ExitStack, ports: dict[str, int], name: str, variables: dict[str, str]) -> int:
    port = _free_port()
    environment = {
        **os.environ, **variables, "PORT": str(port), "PYTHONPATH": os.pathsep.join(str(path) for path in PATHS),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, HERE / "gateway_servers.py", name], env=environment, stderr=subprocess.PIPE)
    stack.callback(_stop, process)
    ports[f"{name} pid"] = process.pid
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return port
        except OSError:
            if process.poll() is not None:
                assert process.stderr is not None
                sys.exit(f"benchmark: {name} ended:\n{process.stderr.read().decode()}")
            time.sleep(0.01)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _load(port: int, callers: int, seconds: float, chunks: int, pause: float) -> dict[str, Any]:
    command = [sys.executable, HERE / "gateway_load.py", *(str(one) for one in (port, callers, seconds, chunks, pause))]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=120)
    made: dict[str, Any] = json.loads(done.stdout)
    if made["failures"]:
        sys.exit(f"benchmark: {len(made['failures'])} callers failed, such as {made['failures'][0]}")
    return made
