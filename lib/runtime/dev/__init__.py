"""A service on a developer's machine: `./pants run services/<id>:dev`, or `python -m runtime.dev services/<id>`.

LocalServers and local_variables serve others too: whoever wants to run a service in the environment that its spec describes.
"""

from __future__ import annotations

from runtime.dev.errors import DevError
from runtime.dev.local_settings import Companion, LocalSettings, Server, local_settings
from runtime.dev.servers import LocalServers
from runtime.dev.variables import local_variables

__all__ = [
    "Companion",
    "DevError",
    "LocalServers",
    "LocalSettings",
    "Server",
    "local_settings",
    "local_variables",
]
