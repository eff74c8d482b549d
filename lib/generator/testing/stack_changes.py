"""A correct stack with every form in it, and changes to it, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from generator.bindings import ensure
from generator.terraform.schema import Schema, load_schema

Stack = dict[str, Any]
Change = Callable[[Stack], Any]

USER = "google_sql_user.owner"
INSTANCE = "google_sql_database_instance.main"
SERVICE = "google_cloud_run_v2_service.main"


@cache
def recovered_schema() -> Schema:
    """The schemas of the platform's own bindings."""
    return load_schema(ensure() / "schema.json")


def correct_stack() -> Stack:
    """The stack of testdata/stack.tf.json, to be changed at will."""
    stack: Stack = json.loads((Path(__file__).parent / "testdata" / "stack.tf.json").read_text())
    return stack


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
