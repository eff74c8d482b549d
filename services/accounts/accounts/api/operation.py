"""What an operation of the API is: one declaration, of which its route is made and its part of openapi.json."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from starlette.requests import Request

from accounts.api.schemas import Answer, Body
from accounts.context import Context
from accounts.errors import InvalidError, NotFoundError
from accounts.model import Actor, Scope
from accounts.rows import Window
from runtime.postgres import Connection


@dataclass
class Call:
    """One request, allowed and checked."""

    context: Context
    actor: Actor
    request: Request
    body: Any
    window: Window
    version: int | None
    """What `If-Match` asks for."""
    granted: frozenset[str]
    """Which of the operation's `asks` the caller may."""
    opened: Connection | None = None

    @property
    def connection(self) -> Connection:
        """For everything that the operation does: to change something it is one transaction."""
        assert self.opened is not None
        return self.opened

    def id(self, name: str) -> UUID:
        """A part of the path. NotFoundError where it is no id."""
        try:
            return UUID(self.request.path_params[name])
        except ValueError:
            raise NotFoundError("There is nothing here.") from None

    def query(self, name: str) -> str | None:
        return self.request.query_params.get(name) or None

    def query_id(self, name: str) -> UUID | None:
        """A parameter. InvalidError where it is no id."""
        text = self.query(name)
        try:
            return None if text is None else UUID(text)
        except ValueError:
            raise InvalidError("That is no id.", {name: "an id"}) from None


@dataclass(frozen=True)
class Result:
    """What a handler answers."""

    answer: Answer | None = None
    version: int | None = None
    """For the ETag."""
    settle: tuple[str, ...] = ()
    """What roles of have changed."""
    kept: Answer | None = None
    """What is kept for a repetition of the request, where that is not the answer: a secret is never kept."""


Handler = Callable[[Call], Awaitable[Result]]


@dataclass(frozen=True)
class Parameter:
    name: str
    description: str
    kind: Literal["text", "id"] = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """An operation.

    name       operationId
    needs      a relation to the organisation in the path, or `admin`: to the service
    asks       relations to the organisation that the handler only wants to know of
    versioned  it answers with an ETag, and changes only what still has that of `If-Match`
    repeatable it takes an Idempotency-Key
    own_work   the handler makes its transactions itself
    """

    name: str
    method: str
    path: str
    summary: str
    scope: Scope
    handler: Handler = field(repr=False)
    body: type[Body] | None = None
    answer: type[Answer] | None = None
    status: int = 200
    needs: str | None = None
    asks: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    paged: bool = False
    versioned: bool = False
    repeatable: bool = False
    own_work: bool = False
    problems: tuple[int, ...] = ()
