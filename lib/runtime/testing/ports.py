"""Ports nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A TCP port of this machine that was free a moment ago. (Another process may be quicker: start again then.)"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
