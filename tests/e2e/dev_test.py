"""A real service on this machine, by the real ./pants: `./pants run services/gateway:dev`, and what Ctrl-C leaves of it."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.checkout import Checkout

START_SECONDS = 300.0
STOP_SECONDS = 60.0


@pytest.fixture
def data() -> Iterator[Path]:
    """Everybody can look into it: PostgreSQL runs as another user where the tests run as root."""
    made = Path(tempfile.mkdtemp(prefix="msp-dev-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def processes(folder: Path) -> list[str]:
    """Command lines that name the folder, where the system shows them."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        found += [line] if str(folder) in line else []
    return found


def wait_for_url(run: subprocess.Popen[str], lines: list[str]) -> str:
    until = time.monotonic() + START_SECONDS
    while run.poll() is None and time.monotonic() < until:
        for line in list(lines):
            if match := re.search(r"^  gateway +(http://127\.0\.0\.1:\d+)", line):
                return match[1]
        time.sleep(0.05)
    raise AssertionError("".join(lines))


def test_a_service_runs_here_and_leaves_nothing(checkout: Checkout, data: Path) -> None:
    run = checkout.start("run", "services/gateway:dev", "--", "--data", str(data))
    assert run.stdout is not None
    lines: list[str] = []
    threading.Thread(target=lambda: lines.extend(iter(run.stdout.readline, "")), daemon=True).start()
    try:
        url = wait_for_url(run, lines)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/-/readyz", timeout=10) as answer:
            assert answer.status == 200
        ports = {int(port) for line in lines for port in re.findall(r"127\.0\.0\.1:(\d+)", line)}
        assert len(ports) >= 4 and all(map(answers, ports)) and processes(data)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(STOP_SECONDS)
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until and (processes(data) or any(map(answers, ports))):
        time.sleep(0.05)
    assert processes(data) == [] and not any(map(answers, ports))


def test_a_service_without_a_program_says_so(checkout: Checkout) -> None:
    output = checkout.pants("run", "services/bulletin:dev", exit_code=2)
    assert "bulletin has no program here: `python -m bulletin` would run services/bulletin/bulletin/__main__.py" in output
