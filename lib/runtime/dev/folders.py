"""Where a service's local data is, and that nobody else uses it at the same time.

`<cache>/msp/dev/<checkout>/<service>/<environment>/`, where `<cache>` is $XDG_CACHE_HOME, or ~/.cache, or /var/cache for root:
PostgreSQL refuses to run as root, and the user that it then runs as can't look into root's home.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import zlib
from pathlib import Path
from typing import IO

from runtime.dev.errors import DevError
from runtime.testing.ports import free_port

FIRST_PORT, PORTS = 15_000, 15_000
"""Below what systems hand out for outgoing connections (32768 on Linux, 49152 by IANA)."""


def data_folder(root: Path, service: str, environment: str) -> Path:
    """The folder of one environment of one service of the checkout at `root`."""
    root = root.resolve()
    checkout = f"{root.name}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    return _cache() / "msp" / "dev" / checkout / service / environment


def _cache() -> Path:
    if os.geteuid() == 0:
        return Path("/var/cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def take(folder: Path) -> IO[str]:
    """The folder for this process alone, until what this returns is closed or the process ends, however it ends.

    DevError where another process has it, or where it can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise DevError(
            f"{folder} can't be written: {error.strerror}; name another folder with: -- --data <folder>"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        by = lock.read().strip() or "unknown"
        lock.close()
        raise DevError(
            f"it runs already, as process {by}: stop it with Ctrl-C there or `kill {by}`, or run a second one beside it on"
            " data of its own with: -- --data <folder>"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def clear(folder: Path) -> None:
    """Everything in it goes, but for the lock."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def stable_port(folder: Path, name: str) -> int:
    """The same port at each start, where it is free; else another one."""
    port = FIRST_PORT + zlib.crc32(f"{folder}/{name}".encode()) % PORTS
    return port if is_free(port) else free_port()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
