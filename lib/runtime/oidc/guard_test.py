"""Who gets through, and what the others are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from runtime.oidc import CallerGuard, Claims, ProviderError, TokenError
from runtime.oidc.guard import BEARER, IAP_ASSERTION
from runtime.service import Receive, Scope, Send

pytestmark = pytest.mark.anyio

GOOD = Claims("https://issuer.example", "user-1", ("me",), 0.0, {})


class Fake:
    """Accepts `good`, fails as told for everything else."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error or TokenError("signature", "its signature is wrong")

    async def verify(self, token: str) -> Claims:
        if token != "good":
            raise self.error
        return GOOD


async def shows_its_caller(scope: Scope, receive: Receive, send: Send) -> None:
    caller = scope.get("caller")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": (caller.subject if caller else "nobody").encode()})


async def ask(
    headers: Sequence[tuple[str, str]] = (), path: str = "/", error: Exception | None = None, **settings: Any
) -> httpx.Response:
    guard = CallerGuard(shows_its_caller, Fake(error), **settings)
    transport = httpx.ASGITransport(app=guard)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get(path, headers=list(headers))


@pytest.mark.parametrize("value", ["Bearer good", "bearer good", "BEARER   good"])
async def test_a_caller_with_a_token(value: str) -> None:
    answer = await ask([("authorization", value)])
    assert (answer.status_code, answer.text) == (200, "user-1")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "good")],
        [("authorization", "Bearer")],
        [("authorization", "Bearer ")],
        [("authorization", "Basic good")],
        [("authorization", "Bearer good"), ("authorization", "Bearer bad")],
        [("x-goog-iap-jwt-assertion", "good")],
        [("caller", "user-1")],
    ],
)
async def test_without_one(headers: list[tuple[str, str]]) -> None:
    answer = await ask(headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "challenge"),
    [
        (TokenError("signature", "secret detail"), 401, 'Bearer error="invalid_token"'),
        (TokenError("expired", "secret detail"), 401, 'Bearer error="invalid_token"'),
        (TokenError("permission", "secret detail"), 403, 'Bearer error="insufficient_scope"'),
        (ProviderError("secret detail"), 503, None),
    ],
)
async def test_with_another(
    error: Exception, status: int, challenge: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ask([("authorization", "Bearer eyJbad")], error=error)
    assert (answer.status_code, answer.headers.get("www-authenticate")) == (status, challenge)
    assert "secret" not in answer.text and "secret detail" in caplog.text and "eyJ" not in caplog.text


async def test_the_proxys_header() -> None:
    assert (await ask([("X-Goog-IAP-JWT-Assertion", "good")], header=IAP_ASSERTION)).text == "user-1"
    for headers in ([("authorization", "Bearer good")], [("x-goog-iap-jwt-assertion", "bad")]):
        answer = await ask(headers, header=IAP_ASSERTION)
        assert answer.status_code == 401 and "www-authenticate" not in answer.headers
    assert BEARER != IAP_ASSERTION


@pytest.mark.parametrize(
    ("path", "status"),
    [("/tasks/", 401), ("/tasks/x", 401), ("/push", 401), ("/pushes", 200), ("/", 200), ("/%74asks/x", 401), ("/tasks", 200)],
)
async def test_paths(path: str, status: int) -> None:
    assert (await ask(path=path, paths=["/tasks/", "/push"])).status_code == status


async def test_a_path_is_a_path() -> None:
    with pytest.raises(ValueError, match="tasks"):
        CallerGuard(shows_its_caller, Fake(), paths=["tasks/"])


async def test_nobody_else_says_who_calls() -> None:
    """Whatever stood in front may have put something there."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/open", "headers": [], "caller": GOOD}
    await CallerGuard(shows_its_caller, Fake(), paths=["/tasks/"])(scope, receive, send)
    assert sent[1]["body"] == b"nobody"
    sent.clear()
    await CallerGuard(shows_its_caller, Fake())({"type": "websocket", "path": "/", "headers": []}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
