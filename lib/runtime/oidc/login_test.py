"""Signing in at a provider that misbehaves, by somebody who tries things."""

from __future__ import annotations

import hashlib
import logging
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
import pytest

from runtime.contract import Secret
from runtime.oidc import Login, LoginError, OpenIdProvider
from runtime.testing.issuer import Issuer

pytestmark = pytest.mark.anyio

BACK = "https://accounts.example/callback"
KEY = Secret("k" * 32)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


class Case:
    """One provider, one browser."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.http = self.issuer.client()
        self.login = self.new_login()

    def new_login(self, redirect_uri: str = BACK, key: Secret = KEY) -> Login:
        provider = OpenIdProvider(self.issuer.url, "me", Secret("s3cret/+ü"), http=self.http, clock=self.issuer.clock)
        return Login(provider, redirect_uri, key)

    async def sign_in(self, **changed: str | None) -> Any:
        start = await self.login.begin("/home")
        query = {**self.issuer.authorize(start.url), **changed}
        return await self.login.finish({name: value for name, value in query.items() if value is not None}, start.cookie)

    async def fails(self, **changed: str | None) -> LoginError:
        with pytest.raises(LoginError) as caught:
            await self.sign_in(**changed)
        return caught.value


@pytest.fixture
async def case() -> AsyncIterator[Case]:
    case = Case()
    yield case
    await case.http.aclose()


async def test_the_question_is_complete(case: Case) -> None:
    start = await case.login.begin()
    asked = query_of(start.url)
    assert start.url.startswith("https://issuer.example/authorize?")
    assert asked["scope"] == "openid profile email"
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    again = query_of((await case.login.begin()).url)
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))
    assert start.set_cookie == (
        f"__Host-login={start.cookie}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure"
    )
    assert case.login.clear_cookie == "__Host-login=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert case.new_login("http://localhost:8080/callback").cookie_name == "login"


async def test_the_secret_goes_where_the_provider_wants_it(case: Case) -> None:
    await case.sign_in()
    (request,) = (one for one in case.issuer.requests if one.url.path == "/token")
    assert b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"me:s3cret%2F%2B%C3%BC"
    posting = Case()
    posting.issuer.document["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    await posting.sign_in()
    (request,) = (one for one in posting.issuer.requests if one.url.path == "/token")
    assert "authorization" not in request.headers
    assert dict(parse_qsl(request.content.decode()))["client_secret"] == "s3cret/+ü"


@pytest.mark.parametrize("state", ["", "wrong", None, "ü", "\udcff"])
async def test_a_wrong_state(case: Case, state: str | None) -> None:
    assert (await case.fails(state=state)).reason == "interrupted"
    assert case.issuer.asked("/token") == 0


async def test_another_browsers_answer(case: Case) -> None:
    victim = await case.login.begin()
    attacker = await case.login.begin()
    with pytest.raises(LoginError) as caught:
        await case.login.finish(case.issuer.authorize(attacker.url), victim.cookie)
    assert caught.value.reason == "interrupted"


async def test_a_code_that_was_asked_for_with_another_verifier(case: Case) -> None:
    """Somebody puts another person's code into the answer to their own question."""
    mine, theirs = await case.login.begin(), await case.login.begin()
    stolen = case.issuer.authorize(theirs.url)["code"]
    query = {"code": stolen, "state": query_of(mine.url)["state"]}
    with pytest.raises(LoginError) as caught:
        await case.login.finish(query, mine.cookie)
    assert "`invalid_grant`" in caught.value.detail


async def test_a_cookie_that_is_not_there_forged_or_late(case: Case) -> None:
    start = await case.login.begin()
    query = case.issuer.authorize(start.url)
    header, content, signature = start.cookie.split(".")
    values = jwt.decode(start.cookie, options={"verify_signature": False})
    forged = [
        None, "", "x", f"{header}.{content}.", f"{header}.{content[:-2]}AA.{signature}",
        jwt.encode(values, "o" * 32, headers={"typ": "login-attempt"}),
        jwt.encode(values, "", algorithm="none", headers={"typ": "login-attempt"}),
        # Signed with the right key, but for something else.
        jwt.encode(values, KEY.reveal()),
        jwt.encode({**values, "aud": "session"}, KEY.reveal(), headers={"typ": "login-attempt"}),
    ]  # fmt: skip
    for cookie in forged:
        with pytest.raises(LoginError, match="no longer open"):
            await case.login.finish(query, cookie)
    case.issuer.clock.now += 600
    with pytest.raises(LoginError, match="no longer open"):
        await case.login.finish(query, start.cookie)
    case.issuer.clock.now -= 1
    assert (await case.login.finish(query, start.cookie)).return_to == "/"


@pytest.mark.parametrize(
    ("claims", "detail"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 7}, "nonce"),
        ({"iss": "https://evil.example"}, "(issuer)"),
        ({"iss": "https://issuer.example/"}, "(issuer)"),
        ({"aud": "another"}, "(audience)"),
        ({"aud": None}, "(claims)"),
        ({"aud": ["me", "another"]}, "azp"),
        ({"aud": ["me", "another"], "azp": "another"}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"exp": 1_799_999_940}, "(expired)"),
        ({"exp": None}, "(claims)"),
        ({"exp": True}, "(claims)"),
        ({"exp": 10**400}, "(claims)"),
        ({"iat": 1_800_000_061}, "(not_yet_valid)"),
        ({"iat": 1_800_000_061, "nbf": 1_800_000_000}, "(not_yet_valid)"),
        ({"iat": None}, "(claims)"),
        ({"nbf": 1_800_000_061}, "(not_yet_valid)"),
        ({"sub": ""}, "(claims)"),
        ({"sub": "x" * 256}, "(claims)"),
        ({"at_hash": "AAAA"}, "at_hash"),
    ],
)
async def test_an_id_token_that_is_not_the_answer(case: Case, claims: dict[str, Any], detail: str) -> None:
    case.issuer.claims = claims
    error = await case.fails()
    assert error.reason == "refused" and detail in error.detail


async def test_clocks_may_differ_by_a_minute(case: Case) -> None:
    now = int(case.issuer.clock())
    case.issuer.claims = {"iat": now + 60, "nbf": now + 60, "exp": now - 59}
    assert (await case.sign_in()).claims.subject == "user-1"


@pytest.mark.parametrize(
    ("algorithm", "hashed"), [("RS256", "sha256"), ("ES384", "sha384"), ("PS512", "sha512"), ("EdDSA", "sha512")]
)
async def test_at_hash_and_algorithms(case: Case, algorithm: str, hashed: str) -> None:
    digest = hashlib.new(hashed, b"access-1").digest()
    case.issuer.algorithm, case.issuer.kid = algorithm, f"at-{algorithm}"
    case.issuer.claims = {"at_hash": urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()}
    assert (await case.sign_in()).return_to == "/home"


@pytest.mark.parametrize(
    ("sender", "names_itself", "fine"),
    [
        (None, False, True),
        (None, True, False),
        ("https://issuer.example", True, True),
        ("https://evil.example", False, False),
        ("https://evil.example", True, False),
    ],
)
async def test_whose_answer_it_is(case: Case, sender: str | None, names_itself: bool, fine: bool) -> None:
    case.issuer.document["authorization_response_iss_parameter_supported"] = names_itself
    if fine:
        await case.sign_in(iss=sender)
    else:
        assert "not from the provider" in (await case.fails(iss=sender)).detail
        assert case.issuer.asked("/token") == 0


async def test_an_answer_of_the_provider_that_is_an_error(case: Case) -> None:
    error = await case.fails(code=None, error="temporarily_unavailable", error_description="<script>")
    assert error.detail == "the provider answered `temporarily_unavailable`"
    error = await case.fails(code=None, error="line\nbreak")
    assert error.detail == "the provider answered an error without a proper code"
    for code in (None, "", "ü"):
        assert "without a code" in (await case.fails(code=code)).detail


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json={"id_token": 1, "access_token": "a"}),
        httpx.Response(200, json={"id_token": "a.b.c", "access_token": "a"}),
        httpx.Response(401, json={"error": "invalid_client"}),
    ],
)
async def test_an_answer_without_tokens(case: Case, answer: httpx.Response) -> None:
    case.issuer.answers["/token"] = lambda _: answer
    assert (await case.fails()).reason == "refused"


@pytest.mark.parametrize("name", ["id_token", "access_token"])
async def test_an_answer_with_one_token_only(case: Case, name: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        tokens = case.issuer.tokens(request).json()
        return httpx.Response(200, json={one: tokens[one] for one in tokens if one != name})

    case.issuer.answers["/token"] = answer
    assert "lacks a token" in (await case.fails()).detail


async def test_claims_that_the_provider_keeps_elsewhere(case: Case) -> None:
    case.issuer.userinfo = {"sub": "user-1", "email": "ada@example.com", "iss": "https://evil.example"}
    claims = (await case.sign_in()).claims
    assert claims.email == "ada@example.com" and claims.values["iss"] == case.issuer.url
    case.issuer.userinfo["sub"] = "user-2"
    assert "somebody else" in (await case.fails()).detail
    case.issuer.claims = {"email": "in@token.example"}
    assert (await case.sign_in()).claims.email == "in@token.example"


@pytest.mark.parametrize(
    "url",
    [
        "", "home", "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example",
        "/\t/evil.example", "/\n/evil.example", " //evil.example", "/ /evil", "///evil.example", "/.//evil.example",
        "javascript:alert(1)", "/a\r\nset-cookie: x=y", "http:///evil.example", "/%5cevil\\", "/" + "a" * 1024, "/ü", "/\x7f",
    ],
)  # fmt: skip
async def test_nobody_is_sent_elsewhere(case: Case, url: str) -> None:
    with pytest.raises(LoginError, match="leads to another site"):
        await case.login.begin(url)


@pytest.mark.parametrize("url", ["/", "/a/b?c=/d//e&f=https://x.example#g", "/%2f%2fevil.example", "/a:b", "/@evil.example"])
async def test_paths_of_the_service_are_fine(case: Case, url: str) -> None:
    start = await case.login.begin(url)
    assert (await case.login.finish(case.issuer.authorize(start.url), start.cookie)).return_to == url


@pytest.mark.parametrize(
    ("redirect_uri", "key", "message"),
    [
        ("http://accounts.example/callback", KEY, "not an https"),
        ("https://user@accounts.example/", KEY, "not a plain URL"),
        (BACK, Secret("short"), "32 bytes"),
    ],
)
async def test_settings_that_can_not_be(case: Case, redirect_uri: str, key: Secret, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        case.new_login(redirect_uri, key)


async def test_the_log_tells_what_happened_and_no_secret(case: Case, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case.issuer.claims = {"nonce": "another"}
    start = await case.login.begin()
    query = case.issuer.authorize(start.url, "secret-code")
    with pytest.raises(LoginError) as caught:
        await case.login.finish(query, start.cookie)
    told = caplog.text + repr(start) + repr(caught.value) + caught.value.detail
    assert "sign-in refused: the ID token was not accepted (claims): its nonce is another sign-in's" in caplog.text
    for secret in ("secret-code", "s3cret", start.cookie, query["state"], "access-1", "eyJ", KEY.reveal()):
        assert secret not in told.replace(start.url, "")
    signed_in = await Case().sign_in()
    assert "eyJ" not in repr(signed_in) and "email" not in repr(signed_in)
