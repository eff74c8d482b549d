"""The official SDK against the API's stand-in, whose answers are the real evaluator's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from opentelemetry import metrics

from runtime.authorization import (
    Authorization,
    AuthorizationRequestError,
    AuthorizationResource,
    AuthorizationUnavailableError,
    Forbidden,
    Question,
    RelationTuple,
    Settings,
    tracing,
)
from runtime.authorization.model import Model
from runtime.authorization.settings import BATCH_LIMIT, WRITE_LIMIT
from runtime.contract import AuthorizationContract
from runtime.google_identity import IdentityError
from runtime.resource import Resource
from runtime.testing.openfga_server import Fault, OpenFgaServer
from runtime.testing.telemetry import CapturedTelemetry

pytestmark = pytest.mark.anyio

ANNE = "user:anne@example.com"

QUICK: dict[str, Any] = {"settle": 0.0, "retry_base": 0.001}


@asynccontextmanager
async def connected(
    server: OpenFgaServer, model: Model, token: Any = None, **settings: Any
) -> AsyncIterator[AuthorizationResource]:
    contract = AuthorizationContract(server.url, "an audience", "accounts-test")
    resource = AuthorizationResource(contract, model, token=token, settings=Settings(**{**QUICK, **settings}))
    try:
        await resource.open()
        yield resource
    finally:
        await resource.close()


@pytest.fixture
async def authorization(server: OpenFgaServer, model: Model) -> AsyncIterator[Authorization]:
    async with connected(server, model) as resource:
        yield resource.authorization


async def test_facts_and_questions(authorization: Authorization) -> None:
    assert not await authorization.check(ANNE, "can_view", "document:1")
    await authorization.write(
        add=[RelationTuple(ANNE, "member", "organization:7"), RelationTuple("organization:7", "organization", "document:1")]
    )
    assert await authorization.check(ANNE, "can_view", "document:1")
    await authorization.require(ANNE, "can_view", "document:1", fresh=True)
    with pytest.raises(Forbidden, match="^can_edit on this organization is not allowed$") as caught:
        await authorization.require(ANNE, "can_edit", "organization:7")
    assert (caught.value.user, caught.value.object) == (ANNE, "organization:7")

    await authorization.write(add=[RelationTuple("user:*", "viewer", "document:2")])
    assert await authorization.list_objects(ANNE, "can_view", "document") == ["document:1", "document:2"]
    assert await authorization.list_users("document:1", "can_view", "user") == [ANNE]
    assert await authorization.list_users("document:2", "can_view", "user") == ["user:*"]
    await authorization.write(add=[RelationTuple("organization:8#member", "member", "organization:7")])
    assert await authorization.list_users("organization:7", "member", "organization#member") == [
        "organization:7#member", "organization:8#member",
    ]  # fmt: skip

    await authorization.write(
        remove=[RelationTuple(ANNE, "member", "organization:7")], add=[RelationTuple(ANNE, "blocked", "document:2")]
    )
    assert await authorization.list_objects(ANNE, "can_view", "document") == []


async def test_conditions_and_facts_of_one_question(authorization: Authorization) -> None:
    await authorization.write(add=[RelationTuple(ANNE, "viewer", "document:1", condition="office_hours")])
    assert await authorization.check(ANNE, "can_view", "document:1", context={"hour": 10})
    assert not await authorization.check(ANNE, "can_view", "document:1", context={"hour": 20})
    assert await authorization.list_objects(ANNE, "can_view", "document", context={"hour": 10}) == ["document:1"]
    blocked = RelationTuple(ANNE, "blocked", "document:1")
    assert not await authorization.check(ANNE, "can_view", "document:1", context={"hour": 10}, contextual=[blocked])
    with pytest.raises(AuthorizationRequestError, match="status 400, validation_error"):
        await authorization.check(ANNE, "can_view", "document:1")
    with pytest.raises(Forbidden):
        await authorization.require(ANNE, "can_view", "document:1", context={"hour": 20})


async def test_many_questions_keep_their_order(authorization: Authorization, server: OpenFgaServer) -> None:
    await authorization.write(add=[RelationTuple(ANNE, "viewer", f"document:{number}") for number in range(0, 60, 2)])
    server.requests.clear()
    questions = [Question(ANNE, "can_view", f"document:{number}") for number in range(60)]
    assert await authorization.check_many(questions) == [number % 2 == 0 for number in range(60)]
    assert [len(body["checks"]) for _, body, _ in server.requests] == [BATCH_LIMIT, 10]
    with pytest.raises(AuthorizationRequestError, match="nothing_such on document"):
        await authorization.check_many([questions[0], Question(ANNE, "nothing_such", "document:1")])
    assert await authorization.check_many([]) == []


async def test_writing_is_all_or_nothing_and_may_be_repeated(authorization: Authorization) -> None:
    fact = RelationTuple(ANNE, "owner", "organization:7")
    await authorization.write(add=[fact])
    await authorization.write(add=[fact])
    await authorization.write()
    with pytest.raises(AuthorizationRequestError, match="validation_error") as caught:
        await authorization.write(remove=[fact], add=[RelationTuple(ANNE, "nothing_such", "organization:7")])
    assert "anne" not in str(caught.value)
    assert await authorization.check(ANNE, "owner", "organization:7")
    await authorization.write(remove=[fact])
    await authorization.write(remove=[fact])
    assert not await authorization.check(ANNE, "owner", "organization:7")
    many = [RelationTuple(f"user:{number}", "owner", "organization:7") for number in range(WRITE_LIMIT + 1)]
    with pytest.raises(ValueError, match="found 101 tuples; expected at most 100"):
        await authorization.write(add=many)
    await authorization.write(add=many[:WRITE_LIMIT])


async def test_every_question_is_asked_of_the_services_own_model(server: OpenFgaServer, model: Model) -> None:
    async with connected(server, model) as resource:
        server.stores.write_model(resource.store_id, {"schema_version": "1.1", "type_definitions": [{"type": "user"}]})
        assert not await resource.authorization.check(ANNE, "owner", "organization:7")
        assert server.requests[-1][1]["authorization_model_id"] == resource.model_id


async def test_a_failure_that_passes_is_not_noticed(authorization: Authorization, server: OpenFgaServer) -> None:
    for fault in (Fault(503, "<html>a proxy's page</html>"), Fault(500), Fault(429), Fault(0), Fault(200, "not JSON")):
        server.faults.append(fault)
        assert not await authorization.check(ANNE, "owner", "organization:7")
    server.faults.append(Fault(0, after_doing=True))
    await authorization.write(add=[RelationTuple(ANNE, "owner", "organization:7")])
    assert await authorization.check(ANNE, "owner", "organization:7")


async def test_tries_are_bounded(authorization: Authorization, server: OpenFgaServer) -> None:
    server.requests.clear()
    server.faults.extend(Fault(503) for _ in range(9))
    with pytest.raises(AuthorizationUnavailableError, match="^Check: the authorisation server did not answer: status 503$"):
        await authorization.check(ANNE, "owner", "organization:7")
    assert len(server.requests) == 3


async def test_waiting_is_bounded(server: OpenFgaServer, model: Model) -> None:
    async with connected(server, model, timeout=0.2, within=0.3) as resource:
        server.gate.clear()
        with pytest.raises(AuthorizationUnavailableError, match="no answer in time"):
            await resource.authorization.check(ANNE, "owner", "organization:7")
        with pytest.raises(AuthorizationUnavailableError):
            await resource.check()
        server.gate.set()
        await resource.check()


async def test_nothing_that_the_model_does_not_know_is_tried_twice(authorization: Authorization, server: OpenFgaServer) -> None:
    server.requests.clear()
    with pytest.raises(AuthorizationRequestError, match="status 400, validation_error") as caught:
        await authorization.check(ANNE, "nothing_such", "document:1")
    assert caught.value.code == "validation_error"
    assert len(server.requests) == 1


async def test_tokens(server: OpenFgaServer, model: Model) -> None:
    valid = "first-secret"

    async def token() -> str:
        return valid

    server.accepts = lambda given: given == valid
    async with connected(server, model, token) as resource:
        # It is asked for each time: the last one may have ended.
        valid = "second-secret"
        await resource.check()
        server.accepts = lambda given: False
        with pytest.raises(AuthorizationUnavailableError, match="status 401. Compare OPENFGA_AUDIENCE") as caught:
            await resource.check()
        assert "secret" not in str(caught.value)
        # Cloud Run's own answer where the service may not call the server.
        server.requests.clear()
        server.faults.append(Fault(403, "<html>Forbidden</html>"))
        with pytest.raises(AuthorizationUnavailableError, match="status 403"):
            await resource.check()
        assert len(server.requests) == 1

    async def none() -> str:
        raise IdentityError("the metadata server gave no token: status 404")

    with pytest.raises(AuthorizationUnavailableError, match="no token for the authorisation server: the metadata server"):
        async with connected(server, model, none):
            pass


async def test_a_resource_of_the_process(server: OpenFgaServer, model: Model) -> None:
    resource = AuthorizationResource(AuthorizationContract(server.url, None, "x-1"), model, settings=Settings(settle=0.0))
    is_resource = isinstance(resource, Resource)
    assert is_resource
    with pytest.raises(AuthorizationUnavailableError, match="not open"):
        _ = resource.authorization
    with pytest.raises(AuthorizationUnavailableError, match="not open"):
        await resource.check()
    await resource.close()


async def test_telemetry_names_no_one(
    server: OpenFgaServer, model: Model, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    captured = CapturedTelemetry()
    monkeypatch.setattr(tracing, "tracer", captured.telemetry.tracers.get_tracer("test"))
    monkeypatch.setattr(tracing, "DURATION", captured.telemetry.meters.get_meter("test").create_histogram("took", unit="s"))
    # What the SDK would measure goes to the provider of the process.
    monkeypatch.setattr(metrics, "get_meter", captured.telemetry.meters.get_meter)
    async with connected(server, model) as resource:
        await resource.authorization.write(add=[RelationTuple(ANNE, "owner", "organization:secret-plans")])
        await resource.authorization.check(ANNE, "owner", "organization:secret-plans")
        with pytest.raises(AuthorizationRequestError):
            await resource.authorization.check(ANNE, "nothing_such", "organization:secret-plans")
    spans = [span for span in captured.spans if span.name == "authorization Check"]
    assert [dict(span.attributes or {}).get("error.type") for span in spans] == [None, "AuthorizationRequestError"]
    assert dict(spans[0].attributes or {})["authorization.object.type"] == "organization"
    context = spans[0].get_span_context()
    assert context is not None
    headers = next(headers for operation, _, headers in server.requests if operation == "POST check")
    assert f"{context.trace_id:032x}" in headers["traceparent"]
    measured = [dict(point.attributes or {}) for point in captured.metric("took")]
    assert {"authorization.operation.name": "Check", "error.type": "AuthorizationRequestError"} in measured
    told = "".join(span.to_json() for span in captured.spans) + repr(measured) + caplog.text
    assert "anne" not in told and "secret-plans" not in told
    assert all(captured.metric(f"fga-client.{name}") == [] for name in ("request.duration", "query.duration", "request"))
