"""`runtime.authorization`: who may do what, answered by the organisation's OpenFGA server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openfga_sdk.client.models import (
    ClientBatchCheckItem,
    ClientBatchCheckRequest,
    ClientCheckRequest,
    ClientListObjectsRequest,
    ClientTuple,
    ClientWriteRequest,
)
from openfga_sdk.client.models.list_users_request import ClientListUsersRequest
from openfga_sdk.client.models.write_conflict_opts import (
    ClientWriteRequestOnDuplicateWrites,
    ClientWriteRequestOnMissingDeletes,
    ConflictOptions,
)
from openfga_sdk.models import FgaObject, RelationshipCondition, UserTypeFilter

from runtime.authorization import tracing
from runtime.authorization.calls import Calls, Options
from runtime.authorization.errors import AuthorizationRequestError, Forbidden
from runtime.authorization.settings import BATCH_LIMIT, WRITE_LIMIT

AGAIN_IS_FINE = ConflictOptions(ClientWriteRequestOnDuplicateWrites.IGNORE, ClientWriteRequestOnMissingDeletes.IGNORE)
"""Needs OpenFGA 1.10."""


@dataclass(frozen=True)
class RelationTuple:
    """A fact: `RelationTuple("user:1", "member", "organization:7")`."""

    user: str
    """`user:1`, a wildcard `user:*`, or all who have a relation, `organization:7#member`."""
    relation: str
    object: str
    condition: str | None = None
    """A condition of the model that has to hold."""
    context: Mapping[str, Any] | None = None
    """The parameters of the condition that are known now."""

    def _to_sdk(self) -> ClientTuple:
        condition = None
        if self.condition is not None:
            condition = RelationshipCondition(  # type: ignore[no-untyped-call]
                name=self.condition, context=dict(self.context or {})
            )
        return ClientTuple(self.user, self.relation, self.object, condition)


@dataclass(frozen=True)
class Question:
    """May this user do that? One of `check_many`."""

    user: str
    relation: str
    object: str


class Authorization:
    """Questions to the environment's store, by the model that the service's code was written for.

    All methods raise AuthorizationUnavailableError where there is no answer in time, and AuthorizationRequestError for what
    the model does not know. AuthorizationResource makes one.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def check(
        self,
        user: str,
        relation: str,
        object: str,
        *,
        context: Mapping[str, Any] | None = None,
        contextual: Sequence[RelationTuple] = (),
        fresh: bool = False,
    ) -> bool:
        """Whether `user:1` is, or may do, `can_edit` on `document:7`.

        context      parameters of conditions
        contextual   facts that hold for this question alone
        fresh        past the server's caches, where it has any: for a question about what was written a moment ago
        """
        request = ClientCheckRequest(user, relation, object, [one._to_sdk() for one in contextual], _context(context))
        span_of = {tracing.RELATION: relation, tracing.TYPE: _type_of(object)}
        calls = self._calls
        answer = await calls.run("Check", lambda options: calls.client.check(request, _how(options, fresh)), span_of)
        return answer.allowed is True

    async def require(
        self,
        user: str,
        relation: str,
        object: str,
        *,
        context: Mapping[str, Any] | None = None,
        contextual: Sequence[RelationTuple] = (),
        fresh: bool = False,
    ) -> None:
        """Raise Forbidden where `check` says no."""
        if not await self.check(user, relation, object, context=context, contextual=contextual, fresh=fresh):
            raise Forbidden(user, relation, object)

    async def check_many(self, questions: Sequence[Question], *, fresh: bool = False) -> list[bool]:
        """The answers to many questions, in their order, in few requests. Needs OpenFGA 1.8."""
        answers: list[bool] = []
        for start in range(0, len(questions), BATCH_LIMIT):
            answers += await self._check_batch(questions[start : start + BATCH_LIMIT], fresh)
        return answers

    async def _check_batch(self, batch: Sequence[Question], fresh: bool) -> list[bool]:
        calls = self._calls
        items = [
            ClientBatchCheckItem(one.user, one.relation, one.object, correlation_id=str(index))
            for index, one in enumerate(batch)
        ]
        response = await calls.run(
            "BatchCheck",
            lambda options: calls.client.batch_check(ClientBatchCheckRequest(items), _how(options, fresh)),
            {tracing.SIZE: len(batch)},
        )
        by_id = {one.correlation_id: one for one in response.result}
        answers = []
        for index, question in enumerate(batch):
            found = by_id.get(str(index))
            if found is None or found.error is not None:
                what = f"{question.relation} on {_type_of(question.object)}"
                raise AuthorizationRequestError(f"BatchCheck: the server can't say whether: {what}")
            answers.append(found.allowed is True)
        return answers

    async def write(self, add: Sequence[RelationTuple] = (), remove: Sequence[RelationTuple] = ()) -> None:
        """Make facts true or no longer true: all of them or, with an error, none.

        What is true already is no error, nor is the removal of what is not. ValueError for more than WRITE_LIMIT at once.
        """
        if not add and not remove:
            return
        if len(add) + len(remove) > WRITE_LIMIT:
            raise ValueError(f"found {len(add) + len(remove)} tuples; expected at most {WRITE_LIMIT}, as one transaction takes")
        request = ClientWriteRequest([one._to_sdk() for one in add], [one._to_sdk() for one in remove])
        calls = self._calls
        await calls.run(
            "Write",
            lambda options: calls.client.write(request, {**options, "conflict": AGAIN_IS_FINE}),
            {tracing.SIZE: len(add) + len(remove)},
        )

    async def list_objects(
        self, user: str, relation: str, type: str, *, context: Mapping[str, Any] | None = None, fresh: bool = False
    ) -> list[str]:
        """What of this type the user may do that with: `["document:7"]`, sorted.

        The server ends its search after 3 s or 1000 objects, unless its operators set other limits, and does not say so: for
        a page of a person's things, not for a decision.
        """
        calls = self._calls
        request = ClientListObjectsRequest(user, relation, type, context=_context(context))
        answer = await calls.run(
            "ListObjects",
            lambda options: calls.client.list_objects(request, _how(options, fresh)),
            {tracing.RELATION: relation, tracing.TYPE: type},
        )
        return sorted(answer.objects)

    async def list_users(self, object: str, relation: str, type: str, *, fresh: bool = False) -> list[str]:
        """Who of this type may do that: `["user:1"]`, sorted; `user:*` where everybody may. It ends as `list_objects` does.

        type   `user`, or `organization#member` for groups of users
        """
        calls = self._calls
        object_type, _, object_id = object.partition(":")
        wanted, _, of_relation = type.partition("#")
        asked = FgaObject(object_type, object_id)  # type: ignore[no-untyped-call]
        users = UserTypeFilter(wanted, of_relation or None)  # type: ignore[no-untyped-call]
        request = ClientListUsersRequest(asked, relation, [users], contextual_tuples=[])
        answer = await calls.run(
            "ListUsers",
            lambda options: calls.client.list_users(request, _how(options, fresh)),
            {tracing.RELATION: relation, tracing.TYPE: object_type},
        )
        return sorted(_user(one) for one in answer.users)


def _how(options: Options, fresh: bool) -> Options:
    return {**options, "consistency": "HIGHER_CONSISTENCY"} if fresh else options


def _context(context: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if context is None else dict(context)


def _type_of(object: str) -> str:
    return object.partition(":")[0]


def _user(found: Any) -> str:
    """As it would stand in a tuple; `found` is the SDK's User, of which one of three is set."""
    if found.object is not None:
        return f"{found.object.type}:{found.object.id}"
    if found.userset is not None:
        return f"{found.userset.type}:{found.userset.id}#{found.userset.relation}"
    return f"{found.wildcard.type}:*"
