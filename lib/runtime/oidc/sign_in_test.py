"""Signing in at a real provider, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from runtime.contract import Secret
from runtime.oidc import Login, LoginError, OpenIdProvider
from runtime.testing.oidc_provider import OidcProvider, start_oidc_provider

pytestmark = pytest.mark.anyio

BACK = "https://accounts.example/callback"
KEY = Secret("k" * 32)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    users = {"ada": {"email": "ada@example.com", "email_verified": True, "name": "Ada Lovelace"}}
    provider = start_oidc_provider(tmp_path_factory.mktemp("oidc"), users=users, registered_only=True)
    yield provider
    provider.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def login_at(real: OidcProvider, http: httpx.AsyncClient) -> Login:
    client = real.register(BACK)
    provider = OpenIdProvider(real.issuer, client.client_id, Secret(client.client_secret), http=http)
    return Login(provider, BACK, KEY)


async def test_a_person_signs_in(real: OidcProvider, http: httpx.AsyncClient) -> None:
    login = login_at(real, http)
    start = await login.begin("/settings?tab=keys#top")
    signed_in = await login.finish(query_of(real.sign_in(start.url, "ada")), start.cookie)
    assert signed_in.return_to == "/settings?tab=keys#top"
    claims = signed_in.claims
    assert (claims.issuer, claims.subject, claims.email, claims.email_verified) == (real.issuer, "ada", "ada@example.com", True)
    assert claims.name == "Ada Lovelace"


async def test_a_code_is_good_for_one_time(real: OidcProvider, http: httpx.AsyncClient) -> None:
    login = login_at(real, http)
    start = await login.begin()
    query = query_of(real.sign_in(start.url, "ada"))
    await login.finish(query, start.cookie)
    with pytest.raises(LoginError) as caught:
        await login.finish(query, start.cookie)
    assert (caught.value.reason, caught.value.status) == ("refused", 400)
    assert "`invalid_grant`" in caught.value.detail


async def test_a_person_declines(real: OidcProvider, http: httpx.AsyncClient) -> None:
    login = login_at(real, http)
    start = await login.begin()
    # This provider leaves the state out when it says no.
    query = {**query_of(real.refuse(start.url)), "state": query_of(start.url)["state"]}
    with pytest.raises(LoginError, match="cancelled") as caught:
        await login.finish(query, start.cookie)
    assert caught.value.reason == "declined"


async def test_a_provider_that_started_anew_has_new_keys(tmp_path: Path, http: httpx.AsyncClient) -> None:
    real = start_oidc_provider(tmp_path)
    try:
        later = 0.0
        provider = OpenIdProvider(real.issuer, "me", Secret("s"), http=http, clock=lambda: time.time() + later)
        login = Login(provider, BACK, KEY)
        for _ in range(2):
            start = await login.begin()
            await login.finish(query_of(real.sign_in(start.url, "ada")), start.cookie)
            real.restart()
            later += 31
    finally:
        real.stop()


async def test_a_provider_that_is_down(tmp_path: Path, http: httpx.AsyncClient) -> None:
    real = start_oidc_provider(tmp_path)
    login = Login(OpenIdProvider(real.issuer, "me", Secret("s"), http=http), BACK, KEY)
    start = await login.begin()
    query = query_of(real.sign_in(start.url, "ada"))
    real.stop()
    with pytest.raises(LoginError, match="try again in a few minutes") as caught:
        await login.finish(query, start.cookie)
    assert (caught.value.reason, caught.value.status) == ("unavailable", 503)


async def test_the_way_out(real: OidcProvider, http: httpx.AsyncClient) -> None:
    url = await login_at(real, http).end_session_url("https://accounts.example/", Secret("token"))
    assert url is not None and url.startswith(f"{real.issuer}/oauth2/end_session?")
    asked = query_of(url)
    assert (asked["post_logout_redirect_uri"], asked["id_token_hint"]) == ("https://accounts.example/", "token")
    assert httpx.get(url, trust_env=False).status_code == 200
