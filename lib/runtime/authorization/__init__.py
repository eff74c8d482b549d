"""Who may do what, by OpenFGA: `await runtime.authorization.require("user:1", "can_edit", "document:7")`.

Needs openfga-sdk.
"""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import openfga_sdk as _openfga_sdk
except ModuleNotFoundError as error:
    if error.name != "openfga_sdk":
        raise
    raise missing("openfga_sdk", REQUIREMENTS["authorization"], "runtime.authorization") from None

from runtime.authorization.client import Authorization, Question, RelationTuple
from runtime.authorization.errors import (
    AuthorizationError,
    AuthorizationRequestError,
    AuthorizationUnavailableError,
    Forbidden,
    ModelError,
)
from runtime.authorization.model import load
from runtime.authorization.resource import AuthorizationResource
from runtime.authorization.settings import Settings

__all__ = [
    "Authorization",
    "AuthorizationError",
    "AuthorizationRequestError",
    "AuthorizationResource",
    "AuthorizationUnavailableError",
    "Forbidden",
    "ModelError",
    "Question",
    "RelationTuple",
    "Settings",
    "load",
]

del _openfga_sdk
