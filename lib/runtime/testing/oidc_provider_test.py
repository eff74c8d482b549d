"""The provider that tests sign in at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from runtime.testing.oidc_provider import OidcProvider, start_oidc_provider

BACK = "http://127.0.0.1:8080/callback"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    users = {"ada": {"email": "ada@example.com", "name": "Ada"}}
    provider = start_oidc_provider(tmp_path_factory.mktemp("oidc"), users=users, registered_only=True)
    yield provider
    provider.stop()


def get(url: str) -> httpx.Response:
    return httpx.Client(trust_env=False).get(url)


def authorization_url(provider: OidcProvider, client_id: str, redirect_uri: str = BACK) -> str:
    query = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": "code", "scope": "openid", "state": "s"}
    return f"{provider.issuer}/oauth2/authorize?{urlencode(query)}"


def test_it_describes_itself(provider: OidcProvider) -> None:
    assert get(f"{provider.issuer}/.well-known/openid-configuration").json()["issuer"] == provider.issuer


def test_a_user_signs_in_or_declines(provider: OidcProvider) -> None:
    client = provider.register(BACK)
    answer = provider.sign_in(authorization_url(provider, client.client_id), "ada")
    assert answer.startswith(BACK) and parse_qs(urlsplit(answer).query)["state"] == ["s"]
    answer = provider.refuse(authorization_url(provider, client.client_id))
    assert parse_qs(urlsplit(answer).query)["error"] == ["access_denied"]


def test_it_sends_nobody_to_an_address_that_is_not_the_applications(provider: OidcProvider) -> None:
    client = provider.register(BACK)
    with pytest.raises((RuntimeError, httpx.HTTPStatusError), match="40"):
        provider.sign_in(authorization_url(provider, client.client_id, "http://evil.example/"), "ada")


def test_each_start_has_a_key_of_its_own(provider: OidcProvider) -> None:
    before = get(f"{provider.issuer}/jwks").json()
    provider.restart()
    assert get(f"{provider.issuer}/jwks").json() != before


def test_what_it_cannot_start_with_is_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="(?s)did not start.*token-max-age"):
        start_oidc_provider(tmp_path, token_seconds="soon")  # type: ignore[arg-type]
