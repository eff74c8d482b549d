"""An OpenID provider in this process whose every answer a test decides: for what a well-behaved one never says.

(`runtime.testing.oidc_provider` starts a real one.)

    issuer = Issuer()
    async with issuer.client() as http:
        verifier = TokenVerifier(issuer.url, "https://me.example", http=http, clock=issuer.clock)
        await verifier.verify(issuer.token(aud="https://me.example"))
"""

from __future__ import annotations

import functools
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}

Answer = Callable[[httpx.Request], httpx.Response]


@functools.cache
def private_key(kid: str, algorithm: str) -> PrivateKey:
    """A key for that algorithm, made once for each id: making one takes a tenth of a second."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(CURVES[algorithm]()) if algorithm in CURVES else rsa.generate_private_key(65537, 2048)


@dataclass
class Clock:
    """Seconds since 1970; moves when told to."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Issuer:
    """Change its fields to make it misbehave.

    document   what differs in its description of itself; None leaves a field out
    answers    path -> what answers there instead
    """

    url: str = "https://issuer.example"
    algorithm: str = "RS256"
    kid: str = "key-1"
    clock: Clock = field(default_factory=Clock)
    document: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    """What differs in the ID tokens that the token endpoint gives."""
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "user-1"})
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self) -> httpx.AsyncClient:
        """A client whose every request ends here."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def asked(self, path: str) -> int:
        """How many requests there were for that path."""
        return sum(request.url.path == path for request in self.requests)

    def token(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A signed token that is valid for an hour; claims and parts of the header that are None are left out."""
        values = {"iss": self.url, "sub": "user-1", "iat": int(self.clock()), "exp": int(self.clock()) + 3600, **claims}
        content = {name: value for name, value in values.items() if value is not None}
        headers = {name: value for name, value in {"kid": self.kid, **(header or {})}.items() if value is not None}
        return jwt.encode(content, private_key(self.kid, self.algorithm), self.algorithm, headers=headers)

    def public_key(self) -> dict[str, Any]:
        """The key that tokens are signed with now, as a JWK."""
        algorithms = jwt.get_algorithm_by_name(self.algorithm)
        public: dict[str, Any] = json.loads(algorithms.to_jwk(private_key(self.kid, self.algorithm).public_key()))
        return {**public, "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def authorize(self, url: str, code: str = "code-1") -> dict[str, str]:
        """The person signs in: the query with which the browser comes back."""
        asked = dict(parse_qsl(urlsplit(url).query))
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path
        if path in self.answers:
            return self.answers[path](request)
        if path == urlsplit(self.url).path.rstrip("/") + "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._description())
        pages: dict[str, Answer] = {
            "/keys": lambda _: httpx.Response(200, json={"keys": [self.public_key()]}),
            "/token": self.tokens,
            "/userinfo": lambda _: httpx.Response(200, json=self.userinfo),
        }
        return pages[path](request) if path in pages else httpx.Response(404)

    def _description(self) -> dict[str, Any]:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.url))
        fields = {
            "issuer": self.url,
            "jwks_uri": f"{origin}/keys",
            "authorization_endpoint": f"{origin}/authorize",
            "token_endpoint": f"{origin}/token",
            "userinfo_endpoint": f"{origin}/userinfo",
            **self.document,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def tokens(self, request: httpx.Request) -> httpx.Response:
        """What the token endpoint answers."""
        form = dict(parse_qsl(request.content.decode()))
        if form["grant_type"] == "client_credentials":
            token = self.token(aud=form.get("resource", form.get("audience")), scope=form.get("scope"), sub="client")
            return httpx.Response(200, json={"access_token": token, "token_type": "Bearer", "expires_in": 3600})
        # A code is good for one time, and for who can prove that it was asked for (RFC 7636 §4.6).
        asked = self._codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {"aud": asked["client_id"], "nonce": asked["nonce"], **self.claims}
        return httpx.Response(
            200, json={"access_token": "access-1", "token_type": "Bearer", "id_token": self.token(**claims)}
        )
