"""Which tokens are accepted, whatever somebody tries."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runtime.oidc import IapVerifier, ProviderError, TokenError, TokenVerifier
from runtime.testing.issuer import Issuer, private_key

pytestmark = pytest.mark.anyio

ME = "https://me.example"
PREFIX = "/projects/123/global/backendServices/"
INVOKER = "invoker@project.iam.gserviceaccount.com"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def http(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with issuer.client() as client:
        yield client


@pytest.fixture
def verifier(issuer: Issuer, http: httpx.AsyncClient) -> TokenVerifier:
    return TokenVerifier(issuer.url, ME, http=http, clock=issuer.clock)


async def reason(verifier: TokenVerifier | IapVerifier, token: str) -> str:
    with pytest.raises(TokenError) as caught:
        await verifier.verify(token)
    assert token not in str(caught.value) or not token
    return caught.value.reason


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


DEEP = urlsafe_b64encode(b"[" * 9000).decode()
"""More brackets than a parser has patience for."""


async def test_a_good_token(issuer: Issuer, verifier: TokenVerifier) -> None:
    claims = await verifier.verify(issuer.token(aud=[ME, "another"], scope="read write"))
    assert (claims.subject, claims.audience, claims.scopes) == ("user-1", (ME, "another"), frozenset({"read", "write"}))


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"aud": "https://me.example/"}, "audience"),
        ({"aud": None}, "claims"),
        ({"aud": []}, "claims"),
        ({"aud": [1]}, "claims"),
        ({"aud": {ME: 1}}, "claims"),
        ({"aud": ME, "iss": "https://evil.example"}, "issuer"),
        ({"aud": ME, "iss": None}, "issuer"),
        ({"aud": ME, "exp": 1_799_999_940}, "expired"),
        ({"aud": ME, "iat": 1_800_000_061}, "not_yet_valid"),
        ({"aud": ME, "nbf": 1_800_000_061}, "not_yet_valid"),
        ({"aud": ME, "exp": "tomorrow"}, "claims"),
        ({"aud": ME, "exp": float("nan")}, "claims"),
        ({"aud": ME, "exp": float("inf")}, "claims"),
        ({"aud": ME, "sub": None}, "claims"),
        ({"aud": ME, "sub": 7}, "claims"),
        ({"aud": ME, "sub": ""}, "claims"),
    ],
)
async def test_claims(issuer: Issuer, verifier: TokenVerifier, claims: dict[str, Any], expected: str) -> None:
    # PyJWT does not write some of these: so by hand.
    values = {"iss": issuer.url, "sub": "user-1", "iat": 1_800_000_000, "exp": 1_800_003_600, **claims}
    content = json.dumps({name: value for name, value in values.items() if value is not None}).encode()
    token = jwt.PyJWS().encode(content, private_key(issuer.kid, "RS256"), "RS256", headers={"kid": issuer.kid})
    assert await reason(verifier, token) == expected


async def test_algorithms_that_need_no_private_key(issuer: Issuer, verifier: TokenVerifier) -> None:
    good = issuer.token(aud=ME)
    _, content, signature = good.split(".")
    for algorithm in ("none", "None", "NONE", "", None, ["RS256"], "HS256", "ES256K"):
        for end in ("", signature):
            assert await reason(verifier, f"{encoded({'alg': algorithm, 'kid': 'key-1'})}.{content}.{end}") in (
                "algorithm", "malformed",
            )  # fmt: skip
    # The public key as the secret of an HMAC, in each form in which somebody may have it.
    public = private_key("key-1", "RS256").public_key()
    forms = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(issuer.public_key()).encode(),
    ]
    hmacs = jwt.get_algorithm_by_name("HS256")
    for form in forms:
        signed = f"{encoded({'alg': 'HS256', 'kid': 'key-1', 'typ': 'JWT'})}.{content}"
        forged = urlsafe_b64encode(hmacs.sign(signed.encode(), form)).rstrip(b"=").decode()
        assert await reason(verifier, f"{signed}.{forged}") == "algorithm"


async def test_a_key_of_ones_own_in_the_header(issuer: Issuer, verifier: TokenVerifier) -> None:
    mine = Issuer(kid="mine", clock=issuer.clock)
    for header in ({"jwk": mine.public_key()}, {"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/"}):
        assert await reason(verifier, mine.token(aud=ME, header={"kid": "key-1", **header})) == "signature"
    assert await reason(verifier, mine.token(aud=ME)) == "unknown_key"
    assert not any(request.url.host == "evil.example" for request in issuer.requests)


async def test_a_key_is_used_for_its_own_algorithm_only(issuer: Issuer, verifier: TokenVerifier) -> None:
    token = jwt.encode(
        {"iss": issuer.url, "aud": ME}, private_key("key-1", "RS256"), "PS256", headers={"kid": "key-1"}
    )
    assert await reason(verifier, token) == "unknown_key"


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "ü.ü.ü", "x" * 20000, "." * 3, encoded([]) + ".e30.AA", DEEP + ".e30.AA"],
)
async def test_what_is_no_token(verifier: TokenVerifier, token: str) -> None:
    assert await reason(verifier, token) in ("malformed", "algorithm")


async def test_a_token_that_was_touched(issuer: Issuer, verifier: TokenVerifier) -> None:
    header, content, signature = issuer.token(aud=ME).split(".")
    other = encoded({**jwt.decode(f"{header}.{content}.{signature}", options={"verify_signature": False}), "sub": "root"})
    assert await reason(verifier, f"{header}.{other}.{signature}") == "signature"
    assert await reason(verifier, f"{header}.{content}.") == "signature"
    assert await reason(verifier, issuer.token(aud=ME, header={"crit": ["exp"]})) == "malformed"
    unencoded = {"crit": ["b64"], "b64": False}
    assert await reason(verifier, issuer.token(aud=ME, header=unencoded)) in ("malformed", "signature")
    assert await reason(verifier, issuer.token(aud=ME, filler="x" * 16000)) == "malformed"
    nested = jwt.PyJWS().encode(b"[1]", private_key("key-1", "RS256"), "RS256", headers={"kid": "key-1"})
    assert await reason(verifier, nested) == "malformed"


async def test_keys_rotate(issuer: Issuer, verifier: TokenVerifier) -> None:
    await verifier.verify(issuer.token(aud=ME))
    issuer.kid = "key-2"
    # Tokens of the old key are those that are about; nobody asks for them.
    assert await reason(verifier, issuer.token(aud=ME)) == "unknown_key"
    issuer.clock.now += 30
    await verifier.verify(issuer.token(aud=ME))
    assert issuer.asked("/keys") == 2
    issuer.kid = "key-1"
    assert await reason(verifier, issuer.token(aud=ME)) == "unknown_key"


async def test_made_up_key_ids_are_no_way_to_make_us_ask(issuer: Issuer, verifier: TokenVerifier) -> None:
    mine = Issuer(kid="mine", clock=issuer.clock)
    for number in range(20):
        await reason(verifier, mine.token(aud=ME, header={"kid": f"made-up-{number}"}))
    assert issuer.asked("/keys") == 1


async def test_a_token_without_a_key_id(issuer: Issuer, verifier: TokenVerifier) -> None:
    token = issuer.token(aud=ME, header={"kid": None})
    assert (await verifier.verify(token)).subject == "user-1"
    secret = {"kty": "oct", "k": "c2VjcmV0"}
    issuer.answers["/keys"] = lambda _: httpx.Response(200, json={"keys": [secret, issuer.public_key()]})
    issuer.clock.now += 3600
    await verifier.verify(issuer.token(aud=ME, header={"kid": None}))
    two = [issuer.public_key(), {**Issuer(kid="key-9").public_key(), "kid": "key-9"}]
    issuer.answers["/keys"] = lambda _: httpx.Response(200, json={"keys": two})
    issuer.clock.now += 3600
    assert await reason(verifier, issuer.token(aud=ME, header={"kid": None})) == "unknown_key"


async def test_keys_that_are_not_for_this(issuer: Issuer, http: httpx.AsyncClient) -> None:
    own = issuer.public_key()
    sets: list[tuple[object, type[Exception]]] = [
        ([{**own, "use": "enc"}], TokenError),
        ([{"kty": "oct", "k": "c2VjcmV0", "kid": "key-1", "alg": "RS256"}], TokenError),
        ([{"kty": "RSA", "kid": "key-1", "alg": "RS256"}], TokenError),
        ([{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "key-1"}], TokenError),
        ([own, own], TokenError),
        ([own] * 101, ProviderError),
        ("keys", ProviderError),
        (None, ProviderError),
    ]
    for keys, error in sets:
        issuer.answers["/keys"] = lambda _, keys=keys: httpx.Response(200, json={"keys": keys})  # type: ignore[misc]
        verifier = TokenVerifier(issuer.url, ME, http=http, clock=issuer.clock)
        with pytest.raises(error):
            await verifier.verify(issuer.token(aud=ME))
    issuer.answers["/keys"] = lambda _: httpx.Response(200, json={"keys": [7, {"kty": "new"}, {"kty": "oct"}, own]})
    await TokenVerifier(issuer.url, ME, http=http, clock=issuer.clock).verify(issuer.token(aud=ME))


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
async def test_a_key_that_is_too_short(issuer: Issuer, verifier: TokenVerifier) -> None:
    short = rsa.generate_private_key(65537, 1024)
    public = jwt.get_algorithm_by_name("RS256").to_jwk(short.public_key(), as_dict=True)
    issuer.answers["/keys"] = lambda _: httpx.Response(200, json={"keys": [{**public, "kid": "key-1"}]})
    values = jwt.decode(issuer.token(aud=ME), options={"verify_signature": False})
    assert await reason(verifier, jwt.encode(values, short, "RS256", headers={"kid": "key-1"})) == "malformed"


@pytest.mark.parametrize(
    ("claims", "fine"),
    [
        ({"email": INVOKER, "email_verified": True}, True),
        ({"email": INVOKER, "email_verified": False}, False),
        ({"email": INVOKER, "email_verified": 1.5}, False),
        ({"email": INVOKER}, False),
        ({"email": "x" + INVOKER, "email_verified": True}, False),
        ({"email_verified": True}, False),
        ({}, False),
    ],
)
async def test_who_may_call(issuer: Issuer, http: httpx.AsyncClient, claims: dict[str, Any], fine: bool) -> None:
    verifier = TokenVerifier(issuer.url, ME, http=http, clock=issuer.clock, emails=[INVOKER])
    token = issuer.token(aud=ME, **claims)
    if fine:
        assert (await verifier.verify(token)).email == INVOKER
    else:
        assert await reason(verifier, token) == "permission"


@pytest.mark.parametrize(
    ("claims", "fine"),
    [
        ({"scope": "b a"}, True),
        ({"scp": ["a", "b"]}, True),
        ({"scope": "a"}, False),
        ({"scope": "ab"}, False),
        ({"scope": 7}, False),
        ({}, False),
    ],
)
async def test_scopes(issuer: Issuer, http: httpx.AsyncClient, claims: dict[str, Any], fine: bool) -> None:
    verifier = TokenVerifier(issuer.url, ME, http=http, clock=issuer.clock, scopes=["a", "b"])
    if fine:
        await verifier.verify(issuer.token(aud=ME, **claims))
    else:
        assert await reason(verifier, issuer.token(aud=ME, **claims)) == "permission"


async def test_an_empty_audience_would_be_everybodys(http: httpx.AsyncClient) -> None:
    with pytest.raises(ValueError, match="any token"):
        TokenVerifier("https://issuer.example", "", http=http)


# ---- Identity-Aware Proxy ----


def proxy() -> Issuer:
    issuer = Issuer(url="https://cloud.google.com/iap", algorithm="ES256", kid="iap-1")
    issuer.answers["/iap/verify/public_key-jwk"] = lambda _: httpx.Response(200, json={"keys": [issuer.public_key()]})
    return issuer


async def test_the_person_behind_the_proxy() -> None:
    issuer = proxy()
    async with issuer.client() as http:
        verifier = IapVerifier(PREFIX, http=http, clock=issuer.clock)
        token = issuer.token(aud=PREFIX + "456", sub="accounts.google.com:1", email="ada@example.com")
        claims = await verifier.verify(token)
    assert (claims.subject, claims.email) == ("accounts.google.com:1", "ada@example.com")
    assert [str(request.url) for request in issuer.requests] == ["https://www.gstatic.com/iap/verify/public_key-jwk"]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"aud": "/projects/999/global/backendServices/456"}, "audience"),
        ({"aud": "/projects/123/apps/x"}, "audience"),
        ({"aud": PREFIX}, "audience"),
        ({"aud": "456"}, "audience"),
        ({"aud": PREFIX + "456/x"}, "audience"),
        ({"aud": PREFIX + "456\n"}, "audience"),
        ({"aud": "x" + PREFIX + "456"}, "audience"),
        ({"aud": [PREFIX + "456", "/projects/999/global/backendServices/1"]}, "audience"),
        ({"aud": PREFIX + "456", "iss": "https://accounts.google.com"}, "issuer"),
        ({"aud": PREFIX + "456", "exp": 1_799_999_000}, "expired"),
    ],
)
async def test_other_proxies(claims: dict[str, Any], expected: str) -> None:
    issuer = proxy()
    async with issuer.client() as http:
        verifier = IapVerifier(PREFIX, http=http, clock=issuer.clock)
        assert await reason(verifier, issuer.token(**claims)) == expected
        issuer.algorithm, issuer.kid = "RS256", "rsa"
        issuer.clock.now += 30
        assert await reason(verifier, issuer.token(aud=PREFIX + "456")) == "algorithm"


@pytest.mark.parametrize("prefix", ["", "/", "/projects/", "/projects/123/", "/projects/123/global/backendServices/4"])
async def test_a_prefix_that_would_let_others_in(prefix: str, http: httpx.AsyncClient) -> None:
    with pytest.raises(ValueError, match="prefix"):
        IapVerifier(prefix, http=http)
