"""Tokens with which a service calls others."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from runtime.contract import Secret
from runtime.google_identity import AccessToken, IdentityError
from runtime.oidc import OpenIdProvider, ServiceTokens, TokenVerifier
from runtime.oidc.service_tokens import MAXIMUM_AUDIENCES
from runtime.testing.issuer import Clock, Issuer

pytestmark = pytest.mark.anyio

GATEWAY = "https://gateway.example"


def metadata_server(issuer: Issuer, asked: list[httpx.Request]) -> httpx.MockTransport:
    """As Google documents it: the token itself is the answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.headers.get("Metadata-Flavor") != "Google":
            return httpx.Response(403)
        return httpx.Response(200, text=issuer.token(aud=request.url.params["audience"], jti=str(len(asked))))

    return httpx.MockTransport(answer)


async def test_on_the_platform_they_are_googles() -> None:
    issuer = Issuer(url="https://accounts.google.com")
    asked: list[httpx.Request] = []
    tokens = ServiceTokens.of_google(transport=metadata_server(issuer, asked), clock=issuer.clock)
    async with issuer.client() as http:
        verifier = TokenVerifier(issuer.url, GATEWAY, http=http, clock=issuer.clock)
        assert (await verifier.verify(await tokens.fetch(GATEWAY))).audience == (GATEWAY,)
    url = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity"
    assert [str(request.url) for request in asked] == [f"{url}?audience=https%3A%2F%2Fgateway.example&format=full"]


async def test_they_are_kept_until_five_minutes_before_their_end() -> None:
    issuer = Issuer()
    asked: list[httpx.Request] = []
    tokens = ServiceTokens.of_google(transport=metadata_server(issuer, asked), clock=issuer.clock)
    first = set(await asyncio.gather(*(tokens.fetch(GATEWAY) for _ in range(20))))
    issuer.clock.now += 3299
    assert first == {await tokens.fetch(GATEWAY)} and len(asked) == 1
    issuer.clock.now += 2
    assert await tokens.fetch(GATEWAY) not in first
    await tokens.fetch("https://another.example")
    assert len(asked) == 3


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, text="secret"),
        httpx.Response(200, text="secret"),
        httpx.Response(200, text="e30.e30.c2VjcmV0"),
        httpx.Response(200, text=Issuer().token(exp=1_799_999_999)),
        httpx.Response(200, text=Issuer().token(exp=None)),
    ],
)
async def test_what_the_metadata_server_can_get_wrong(answer: httpx.Response) -> None:
    tokens = ServiceTokens.of_google(transport=httpx.MockTransport(lambda _: answer), clock=Clock())
    with pytest.raises(IdentityError) as caught:
        await tokens.fetch(GATEWAY)
    assert "secret" not in str(caught.value)


async def test_elsewhere_they_are_of_any_provider() -> None:
    issuer = Issuer()
    async with issuer.client() as http:
        provider = OpenIdProvider(issuer.url, "me", Secret("s"), http=http, clock=issuer.clock)
        verifier = TokenVerifier(issuer.url, GATEWAY, http=http, clock=issuer.clock, scopes=["read"])
        tokens = ServiceTokens.of_client(provider, scope="read")
        claims = await verifier.verify(await tokens.fetch(GATEWAY))
        await tokens.fetch(GATEWAY)
        assert claims.subject == "client" and issuer.asked("/token") == 1
        await ServiceTokens.of_client(provider, parameter="audience").fetch(GATEWAY)
    forms = [dict(parse_qsl(request.content.decode())) for request in issuer.requests if request.url.path == "/token"]
    assert forms == [
        {"grant_type": "client_credentials", "resource": GATEWAY, "scope": "read"},
        {"grant_type": "client_credentials", "audience": GATEWAY},
    ]


@pytest.mark.parametrize(
    ("status", "answer", "message"),
    [
        (401, {"error": "invalid_client"}, r"refuses the client credentials \(401\)"),
        (500, {}, "answered 500"),
        (200, {}, "no bearer token"),
        (200, {"access_token": "", "token_type": "Bearer"}, "no bearer token"),
        (200, {"access_token": "secret", "token_type": "DPoP"}, "no bearer token"),
        (200, {"access_token": "secret", "token_type": "Bearer", "expires_in": "soon"}, "expires_in"),
        (200, {"access_token": "secret", "token_type": "Bearer", "expires_in": None}, "expires_in"),
        (200, {"access_token": "secret", "token_type": "Bearer", "expires_in": float("nan")}, "expired already"),
        (200, {"access_token": "secret", "token_type": "Bearer", "expires_in": -1}, "expired already"),
    ],
)
async def test_what_a_provider_can_get_wrong(status: int, answer: dict[str, Any], message: str) -> None:
    issuer = Issuer(answers={"/token": lambda _: httpx.Response(status, text=json.dumps(answer))})
    async with issuer.client() as http:
        provider = OpenIdProvider(issuer.url, "me", Secret("s3cret"), http=http, clock=issuer.clock)
        with pytest.raises(IdentityError, match=message) as caught:
            await ServiceTokens.of_client(provider).fetch(GATEWAY)
    assert "secret" not in str(caught.value) and "s3cret" not in str(caught.value)


async def test_a_token_without_an_end_is_asked_for_often() -> None:
    answer = httpx.Response(200, json={"access_token": "a", "token_type": "bearer"})
    issuer = Issuer(answers={"/token": lambda _: answer})
    async with issuer.client() as http:
        tokens = ServiceTokens.of_client(OpenIdProvider(issuer.url, "me", Secret("s"), http=http, clock=issuer.clock))
        for _ in range(5):
            await tokens.fetch(GATEWAY)
        issuer.clock.now += 31
        await tokens.fetch(GATEWAY)
    assert issuer.asked("/token") == 2


async def test_requests_carry_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    issuer = Issuer()
    tokens = ServiceTokens.of_google(transport=metadata_server(issuer, []), clock=issuer.clock)
    got: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        got.append((request.url.host, request.headers.get("authorization")))
        elsewhere = request.url.host == "gateway.example"
        return httpx.Response(307, headers={"location": "https://evil.example/"}) if elsewhere else httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), follow_redirects=True) as http:
        await http.get(GATEWAY, auth=tokens.auth(GATEWAY))
    assert got == [("gateway.example", f"Bearer {await tokens.fetch(GATEWAY)}"), ("evil.example", None)]
    assert "eyJ" not in caplog.text


class Source:
    async def fetch(self) -> AccessToken:
        return AccessToken("t", 2_000_000_000.0)


async def test_made_up_audiences_fill_no_memory() -> None:
    minted: list[str] = []

    def mint(audience: str) -> Source:
        minted.append(audience)
        return Source()

    tokens = ServiceTokens(mint, clock=Clock())
    for number in range(MAXIMUM_AUDIENCES + 10):
        await tokens.fetch(str(number))
    assert len(tokens._tokens) == MAXIMUM_AUDIENCES
    await tokens.fetch(str(MAXIMUM_AUDIENCES + 9))
    assert len(minted) == MAXIMUM_AUDIENCES + 10
