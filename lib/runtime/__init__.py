"""The runtime library: what a service imports.

from runtime import Runtime, Service, start

class Hello(Service):
    name = "hello"

    async def initialize(self, runtime: Runtime) -> App:
        return Starlette(routes=[...])

if __name__ == "__main__":
    start(Hello())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .contract import ConfigurationError, Contract, Secret, UndeclaredResourceError
from .resource import Resource

if TYPE_CHECKING:
    from .lifecycle.background import Restart
    from .runtime import Runtime
    from .service import App, Job, Limits, Service, Worker
    from .start import run_job, run_worker, start

__all__ = [
    "App",
    "ConfigurationError",
    "Contract",
    "Job",
    "Limits",
    "Resource",
    "Restart",
    "Runtime",
    "Secret",
    "Service",
    "UndeclaredResourceError",
    "Worker",
    "run_job",
    "run_worker",
    "start",
]

_WHERE = {
    "App": "service",
    "Job": "service",
    "Limits": "service",
    "Restart": "lifecycle.background",
    "Runtime": "runtime",
    "Service": "service",
    "Worker": "service",
    "run_job": "start",
    "run_worker": "start",
    "start": "start",
}


def __getattr__(name: str) -> object:
    """Imported on first use: whoever needs the contract alone (a migration, a script) starts no server's modules."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = found
    return found
