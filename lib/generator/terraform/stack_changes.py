"""Changes to the correct stack of testdata/, for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Stack = dict[str, Any]
Change = Callable[[Stack], Any]

USER = "google_sql_user.owner"
INSTANCE = "google_sql_database_instance.main"
SERVICE = "google_cloud_run_v2_service.main"


def body(stack: Stack, address: str) -> Stack:
    """The arguments of a resource."""
    kind, name = address.split(".")
    arguments: Stack = stack["resource"][kind][name]
    return arguments


def assign(address: str, **arguments: Any) -> Change:
    """Set arguments of a resource."""
    return lambda stack: body(stack, address).update(arguments)


def drop(address: str, argument: str) -> Change:
    """Take an argument away from a resource."""
    return lambda stack: body(stack, address).pop(argument)


def output(value: Any) -> Change:
    """Add an output with that value."""
    return lambda stack: stack["output"].update(probe={"value": value})


def settings(**arguments: Any) -> Change:
    """Set arguments of the terraform block."""
    return lambda stack: stack["terraform"].update(arguments)


def requires(name: str, **arguments: Any) -> Change:
    """Set arguments of a required provider."""
    return lambda stack: stack["terraform"]["required_providers"][name].update(arguments)


def template(stack: Stack) -> Stack:
    """The template of the service."""
    block: Stack = body(stack, SERVICE)["template"]
    return block


def project(**arguments: Any) -> Stack:
    """The resources with a second project."""
    return {"google_project": {"extra": {"name": "x", "project_id": "x-1", **arguments}}}
