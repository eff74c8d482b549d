"""The service's own process, as the platform would start it, with nothing of the developer's shell but what every program
needs."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from spec.constants import READY_PATH

PASSED_ON = (
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TERM", "TMPDIR", "TZ", "USER",
    # Where the libraries of Google look for a developer's own credentials.
    "CLOUDSDK_CONFIG", "GOOGLE_APPLICATION_CREDENTIALS",
)  # fmt: skip
"""Variables of the developer's shell that the program sees too."""


def python_path(*first: Path) -> str:
    """Where this Python finds its modules, for another one, wherever that is started."""
    return os.pathsep.join([*map(str, first), *(os.path.abspath(path) for path in sys.path if path)])


def start(
    arguments: list[str], variables: Mapping[str, str], source_root: Path, *, in_colour: bool = False
) -> subprocess.Popen[bytes]:
    """`python <arguments>` in a group of its own; what it prints is in `stdout`, its errors too."""
    own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    colour = {"FORCE_COLOR": "1"} if in_colour else {}
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**own, **colour, "PYTHONPATH": python_path(source_root), "PYTHONUNBUFFERED": "1", **variables},
    )


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Ask it to end (as Ctrl-C does), and end it and what it started after so many seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def is_ready(port: int) -> bool:
    """Whether the service answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", READY_PATH)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    """False where the process ends before it is ready. It may take as long as it likes: migrations may be long."""
    while process.poll() is None:
        if is_ready(port):
            return True
        time.sleep(0.05)
    return False
