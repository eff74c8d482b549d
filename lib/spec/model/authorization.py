"""`resources.authorization`: who may do what, answered by the organisation's OpenFGA server."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key

ModelPath = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.fga$", max_length=200),
    Expect("a path below the service's folder that ends with .fga"),
]


class Authorization(Section):
    """Fine-grained authorisation: the environment has a store of its own on the organisation's OpenFGA server."""

    model: ModelPath = key(
        "The authorisation model, relative to the service's folder. The service brings it to the store when it starts"
        " (`Program.authorization_model`).",
        examples=("accounts/authorization.fga",),
        source="https://openfga.dev/docs/configuration-language",
    )
