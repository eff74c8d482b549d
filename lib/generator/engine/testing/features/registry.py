"""One function per feature of the engines: each builds stacks on an App, and both engines must make the same of them.

Import this module after `generator.engine.activate` only.
"""

from __future__ import annotations

from collections.abc import Callable

import cdktf
from cdktf import TerraformOutput
from constructs import Construct

from generator.engine import google

Feature = Callable[[cdktf.App], None]
FEATURES: dict[str, Feature] = {}


def feature(function: Feature) -> Feature:
    FEATURES[function.__name__] = function
    return function


def new_stack(app: cdktf.App, id: str = "stack") -> cdktf.TerraformStack:
    """A stack with a backend and the Google provider."""
    stack = cdktf.TerraformStack(app, id)
    cdktf.GcsBackend(stack, bucket="state", prefix=id)
    google.provider.GoogleProvider(stack, "google", project="p", region="europe-west1")
    return stack


def outputs(stack: Construct, **values: object) -> None:
    for name, value in values.items():
        TerraformOutput(stack, name, value=value)


def an_instance(scope: Construct, id: str = "db", **more: object) -> google.sql_database_instance.SqlDatabaseInstance:
    return google.sql_database_instance.SqlDatabaseInstance(scope, id, database_version="POSTGRES_17", **more)  # type: ignore[arg-type]
