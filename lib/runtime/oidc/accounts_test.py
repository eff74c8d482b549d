"""`runtime.oidc` in each environment."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from runtime import Runtime, Service
from runtime.contract import Secret, UndeclaredResourceError
from runtime.google_identity import IdentityError
from runtime.oidc import TokenError
from runtime.oidc.accounts import Accounts
from runtime.resource import Resource
from runtime.testing.contracts import environment, fake_runtime
from runtime.testing.issuer import Issuer

pytestmark = pytest.mark.anyio

URL = "https://sample-1.europe-west1.run.app"
INVOKER = "sample-invoker@sample.iam.gserviceaccount.com"
CALLED = {"SERVICE_URL": URL, "INVOKER_EMAIL": INVOKER}
PREFIX = "/projects/123/global/backendServices/"
KEY = Secret("k" * 32)

Make = Callable[..., Runtime[None]]


class Sample(Service[None]):
    name = "sample"


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Runtime[None]] = []

    def make(on_platform: bool = True, **variables: str) -> Runtime[None]:
        made.append(fake_runtime(Sample(), variables={**environment(on_platform=on_platform), **variables}))
        return made[-1]

    yield make
    for runtime in made:
        await runtime.close(1.0)


def google(runtime: Runtime[None], monkeypatch: pytest.MonkeyPatch, url: str = "https://accounts.google.com") -> Issuer:
    """A Google whose tokens are valid now, which this runtime asks."""
    issuer = Issuer(url=url)
    issuer.clock.now = time.time()
    monkeypatch.setattr(runtime.oidc, "http", issuer.client())
    return issuer


async def shows_its_caller(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": (getattr(scope.get("caller"), "email", None) or "").encode()})


async def test_it_is_there_once_and_closed_with_the_runtime(make: Make) -> None:
    runtime = make()
    http = runtime.oidc.http
    assert runtime.oidc is runtime.oidc and isinstance(runtime.oidc, Resource)
    await runtime.close(1.0)
    assert http.is_closed


async def test_pubsub_and_cloud_tasks(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = make(**CALLED)
    issuer = google(runtime, monkeypatch)
    who: dict[str, Any] = {"aud": URL, "email": INVOKER, "email_verified": True}
    assert (await runtime.oidc.invoker.verify(issuer.token(**who))).email == INVOKER
    for wrong in ({"email": "me@example.com"}, {"aud": "https://another.example"}):
        with pytest.raises(TokenError):
            await runtime.oidc.invoker.verify(issuer.token(**{**who, **wrong}))


async def test_a_path_for_pubsub_and_cloud_tasks_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = make(**CALLED)
    issuer = google(runtime, monkeypatch)

    transport = httpx.ASGITransport(app=runtime.oidc.for_invoker(shows_its_caller, paths=["/tasks/"]))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        token = issuer.token(aud=URL, email=INVOKER, email_verified=True)
        answer = await http.post("/tasks/mail", headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.text) == (200, INVOKER)
        assert (await http.post("/tasks/mail")).status_code == 401
        assert (await http.get("/")).status_code == 200


async def test_the_proxy(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = make(IAP_AUDIENCE_PREFIX=PREFIX)
    issuer = google(runtime, monkeypatch, "https://cloud.google.com/iap")
    issuer.algorithm, issuer.kid = "ES256", "iap-2"
    issuer.answers["/iap/verify/public_key-jwk"] = lambda _: httpx.Response(200, json={"keys": [issuer.public_key()]})
    assertion = issuer.token(aud=PREFIX + "7")
    assert (await runtime.oidc.iap.verify(assertion)).subject == "user-1"
    transport = httpx.ASGITransport(app=runtime.oidc.behind_iap(shows_its_caller))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        for header, status in (("x-goog-iap-jwt-assertion", 200), ("x-other", 401)):
            assert (await http.get("/", headers={header: assertion})).status_code == status


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda oidc: oidc.iap, "no Identity-Aware Proxy(.|\n)*type: iap"),
        (lambda oidc: oidc.behind_iap(None), "no Identity-Aware Proxy"),
        (lambda oidc: oidc.invoker, "no queue and no subscription(.|\n)*queues:"),
        (lambda oidc: oidc.origin, "no domain(.|\n)*zone:"),
    ],
)
async def test_what_the_spec_does_not_declare(make: Make, use: Callable[[Accounts], object], message: str) -> None:
    with pytest.raises(UndeclaredResourceError, match=message):
        use(make().oidc)


async def test_where_the_service_is(make: Make) -> None:
    assert make(EXTERNAL_DNS_NAME="sample.example", **CALLED).oidc.origin == "https://sample.example"
    assert make(**CALLED).oidc.origin == URL
    assert make(on_platform=False, PORT="8123").oidc.origin == "http://127.0.0.1:8123"


async def test_signing_in_comes_back_to_the_service(make: Make) -> None:
    oidc = make(EXTERNAL_DNS_NAME="sample.example").oidc
    issuer = Issuer()
    oidc.http = issuer.client()
    login = oidc.login(oidc.provider(issuer.url, "me", Secret("s")), KEY)
    assert "redirect_uri=https%3A%2F%2Fsample.example%2Fcallback&" in (await login.begin()).url


async def test_other_services(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = make(EXTERNAL_DNS_NAME="sample.example")
    issuer = google(runtime, monkeypatch)
    with pytest.raises(ValueError, match="which service accounts"):
        runtime.oidc.verifier()
    token = issuer.token(aud="https://sample.example", email="a@x.iam.gserviceaccount.com", email_verified=True)
    await runtime.oidc.verifier(emails=["a@x.iam.gserviceaccount.com"]).verify(token)
    with pytest.raises(TokenError, match="not one of those"):
        await runtime.oidc.verifier(emails=["b@x.iam.gserviceaccount.com"]).verify(token)


async def test_off_the_platform_there_is_no_identity(make: Make) -> None:
    with pytest.raises(IdentityError, match="ServiceTokens.of_client"):
        await make(on_platform=False).oidc.tokens.fetch("https://another.example")
    assert make().oidc.tokens is not make().oidc.tokens
