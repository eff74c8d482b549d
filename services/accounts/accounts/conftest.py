"""The service with real servers: PostgreSQL, Redis, an OpenID provider, and OpenFGA's evaluator behind its API."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import redis

from accounts.service import Accounts
from runtime.testing.oidc_provider import OidcProvider, start_oidc_provider
from runtime.testing.openfga_server import OpenFgaServer, openfga_server
from runtime.testing.ports import free_port
from runtime.testing.served import serve
from runtime.testing.servers import shared_postgres, shared_redis

ADMIN = "root@example.com"

SCOPES = [
    "profile:read", "profile:write", "organizations:read", "organizations:write", "tokens:read", "tokens:write",
    "admin:read", "admin:write",
]  # fmt: skip


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Browser:
    """Somebody who is signed in, or not yet."""

    world: World
    client: httpx.AsyncClient
    subject: str
    id: str = ""
    token: str = ""

    async def sign_in(self, return_to: str = "/profile") -> httpx.Response:
        """The last answer: that of the way back from the provider."""
        start = await self.client.get("/sign-in", params={"return_to": return_to})
        assert start.status_code == 303, start.text
        back = await asyncio.to_thread(self.world.provider.sign_in, start.headers["location"], self.subject)
        return await self.client.get(back)

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.client.get(path, params=query)

    async def form_token(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', (await self.client.get("/tokens")).text)
        assert found is not None
        return found[1]

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Send a form as a page of the service would."""
        data = {"csrf": await self.form_token(), **fields}
        return await self.client.post(path, data=data, headers={"origin": self.world.url, **(headers or {})})

    async def make_token(self, scopes: list[str] | None = None) -> str:
        answer = await self.post("/tokens", name="test", scopes=scopes or SCOPES, days="30")
        found = re.search(r"acct_[0-9A-Za-z]{49}", answer.text)
        assert found is not None, answer.text
        return found[0]

    async def api(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """As a program of theirs."""
        headers = {"authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return await self.world.http.request(method, f"/api/v1{path}", json=json, headers=headers, **options)


@dataclass
class World:
    url: str
    database: str
    dsn: str
    provider: OidcProvider
    openfga: OpenFgaServer
    http: httpx.AsyncClient
    """Nobody's browser: it keeps no cookies."""
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, subject: str) -> Browser:
        client = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20)
        self.browsers.append(client)
        return Browser(self, client, subject)

    async def person(self, name: str = "Kim", *, verified: bool = True, email: str | None = None, **claims: Any) -> Browser:
        """Somebody new, signed in, with an API token."""
        self.forget_limits()
        subject = f"{re.sub('[^a-z]', '', name.lower()) or 'x'}-{secrets.token_hex(4)}"
        email = email or f"{subject}@example.com"
        self.provider.set_user(subject, {"name": name, "email": email, "email_verified": verified, **claims})
        browser = self.browser(subject)
        answer = await browser.sign_in()
        assert answer.status_code == 303, answer.text
        browser.token = await browser.make_token()
        browser.id = (await browser.api("GET", "/me")).json()["id"]
        return browser

    async def organization(self, founder: Browser, **others: Browser) -> str:
        """One with others in it: `admin=…, member=…`."""
        slug = f"org-{secrets.token_hex(4)}"
        made = await founder.api("POST", "/organizations", {"name": "Acme", "slug": slug})
        assert made.status_code == 201, made.text
        id = str(made.json()["id"])
        for role, person in others.items():
            await self.join(founder, id, person, role.rstrip("0123456789"))
        return id

    async def join(self, owner: Browser, organization: str, person: Browser, role: str) -> None:
        code = await self.invite(owner, organization, role)
        joined = await person.api("POST", "/invitations/accept", {"code": code})
        assert joined.status_code == 200, joined.text

    async def invite(self, owner: Browser, organization: str, role: str = "member", email: str | None = None) -> str:
        invited = await owner.api("POST", f"/organizations/{organization}/invitations", {"role": role, "email": email})
        assert invited.status_code == 201, invited.text
        return str(invited.json()["link"].partition("code=")[2])

    def forget_limits(self) -> None:
        """All tests come from one address."""
        with redis.Redis.from_url(shared_redis().endpoint) as client:
            client.flushall()

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """What the database says, past the service."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def actions(self, target: str) -> list[str]:
        """What the audit log has about something, the oldest first."""
        return [row[0] for row in self.rows("SELECT action FROM audit_log WHERE target_id = %s ORDER BY id", target)]


@asynccontextmanager
async def a_world(provider: OidcProvider, openfga: OpenFgaServer, **variables: str) -> AsyncIterator[World]:
    """The service on a database of its own."""
    postgres = shared_postgres()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    database = "accounts"
    postgres.drop_database(database)
    postgres.create_database(database)
    client = provider.register(f"{url}/sign-in/callback")
    environment = {
        "PORT": str(port),
        "PUBLIC_URL": url,
        "PGDSN": postgres.dsn("{database}"),
        "PGDATABASES": database,
        "PGPOOLSIZE": "8",
        "REDIS_ENDPOINT": shared_redis().endpoint,
        "OPENFGA_API_URL": openfga.url,
        "OPENFGA_STORE_NAME": f"accounts-{secrets.token_hex(4)}",
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": client.client_id,
        "OIDC_CLIENT_SECRET": client.client_secret,
        "SIGNING_KEY": secrets.token_hex(32),
        "ADMIN_EMAILS": f"nobody@example.com, {ADMIN}",
        **variables,
    }
    async with serve(Accounts(), variables=environment) as served:
        assert served.url == url
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as http:
            world = World(url, database, postgres.dsn(database), provider, openfga, http)
            yield world
            for browser in world.browsers:
                await browser.aclose()


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    provider = start_oidc_provider(Path(tmp_path_factory.mktemp("oidc")), registered_only=True)
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def openfga() -> Iterator[OpenFgaServer]:
    with openfga_server() as server:
        yield server


@pytest.fixture(scope="module")
async def world(provider: OidcProvider, openfga: OpenFgaServer) -> AsyncIterator[World]:
    """One for the tests of a file: each makes people of its own."""
    async with a_world(provider, openfga) as made:
        yield made


@pytest.fixture(scope="module")
async def admin(world: World) -> Browser:
    """The first administrator."""
    return await world.person("Root", email=ADMIN)
