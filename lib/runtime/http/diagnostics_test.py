"""The pages below /-/ , over a real connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from runtime import App, Runtime, Service
from runtime.contract import Secret
from runtime.http.answers import answer
from runtime.http.diagnostics import authorise
from runtime.service import NoConfig, Receive, Scope, Send
from runtime.testing.contracts import SECRET
from runtime.testing.served import Served, serve
from runtime.testing.telemetry import CapturedTelemetry
from spec.constants import HEALTH_PATH, LIVE_PATH, READY_PATH, VERSION_PATH

pytestmark = pytest.mark.anyio


class Store:
    """A resource that can be broken."""

    name = "store"

    def __init__(self) -> None:
        self.reason: str | None = None
        self.ledger_reason: str | None = None
        self.slow = False
        self.checks = 0
        self.log: list[str] = []

    async def open(self) -> None:
        self.log.append("open")

    async def check(self) -> None:
        self.checks += 1
        if self.slow:
            await asyncio.sleep(3600)
        if self.reason:
            raise ConnectionError(self.reason)

    async def check_ledger(self) -> None:
        if self.ledger_reason:
            raise ConnectionError(self.ledger_reason)

    async def close(self) -> None:
        self.log.append("close")


class Shop(Service[NoConfig]):
    name = "shop"
    version = "4.5.6"

    def __init__(self, store: Store) -> None:
        self.store = store

    async def initialize(self, runtime: Runtime[NoConfig]) -> App:
        await runtime.use(self.store)
        runtime.check("ledger", self.store.check_ledger, needed=False)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await answer(send, 200, b"text/plain", b"the service's own")

        return app


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve(Shop(store)) as served:
        yield served


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.url) as client:
        yield client


async def test_the_version_is_open(client: httpx.AsyncClient) -> None:
    assert (await client.get(VERSION_PATH)).text == "4.5.6\n"
    assert (await client.head(VERSION_PATH)).headers["content-length"] == "6"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        (f"Bearer {SECRET}x", 401),
        ("Basic dXNlcjp3b3Jk", 400),
        ("Bearer", 400),
        (SECRET, 400),
        (f"Bearer {SECRET}", 200),
        (f"bearer {SECRET}", 200),
    ],
)
@pytest.mark.parametrize("path", [HEALTH_PATH, "/-/debug/tasks"])
async def test_health_and_debugging_need_the_secret(
    client: httpx.AsyncClient, path: str, header: str | None, status: int
) -> None:
    response = await client.get(path, headers={"authorization": header} if header else {})
    assert response.status_code == status
    assert ("www-authenticate" in response.headers) == (status == 401)
    assert SECRET not in response.text


async def test_the_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert authorise({"headers": [(b"authorization", b"Bearer guess")]}, Secret("right")) == 401
    assert compared == [(b"right", b"guess")]


async def test_the_full_health_names_each_resource_with_its_time(served: Served, client: httpx.AsyncClient) -> None:
    response = await client.get(f"{HEALTH_PATH}?full=1", headers=served.authorization)
    body = response.json()
    assert response.status_code == 200
    assert (body["service"], body["version"], body["ok"]) == ("shop", "4.5.6", True)
    assert body["resources"]["store"]["ok"] and body["resources"]["store"]["milliseconds"] >= 0


async def test_what_is_broken_makes_it_unready_and_unhealthy_but_not_dead(
    served: Served, store: Store, client: httpx.AsyncClient
) -> None:
    store.reason = "the store burnt down\nwith a long story"
    ready = await client.get(READY_PATH)
    assert ready.status_code == 503
    assert ready.json()["detail"] == "Not ready: store."
    health = await client.get(HEALTH_PATH, headers=served.authorization)
    assert (health.status_code, health.json()["detail"]) == (503, "store: the store burnt down")
    assert (await client.get(LIVE_PATH)).status_code == 200


GUIDE = "https://guides.acme.example/infra-out/shop/operations.md"


async def test_what_is_broken_comes_with_where_it_says_what_to_do(store: Store) -> None:
    store.name = "redis"
    variables = {"OPERATIONS_GUIDE": GUIDE}
    async with serve(Shop(store), variables=variables) as served, httpx.AsyncClient(base_url=served.url) as client:
        store.reason = "Connection refused"
        body = (await client.get(f"{HEALTH_PATH}?full=1", headers=served.authorization)).json()
    assert body["resources"]["redis"]["remedy"] == f"{GUIDE}#cache-of-test"
    assert "remedy" not in body["resources"]["ledger"]


async def test_what_only_the_service_knows_leads_to_its_logs(store: Store) -> None:
    variables = {"OPERATIONS_GUIDE": GUIDE}
    async with serve(Shop(store), variables=variables) as served, httpx.AsyncClient(base_url=served.url) as client:
        store.reason = "upstream is away"
        body = (await client.get(f"{HEALTH_PATH}?full=1", headers=served.authorization)).json()
    assert body["resources"]["store"]["remedy"] == f"{GUIDE}#logs-and-traces-of-test"


async def test_what_is_not_needed_is_shown_and_stops_nothing(
    served: Served, store: Store, client: httpx.AsyncClient
) -> None:
    store.ledger_reason = "503 from upstream"
    assert (await client.get(READY_PATH)).status_code == 200
    health = await client.get(HEALTH_PATH, headers=served.authorization)
    assert (health.status_code, health.text) == (200, "healthy, but ledger: 503 from upstream\n")
    body = (await client.get(f"{HEALTH_PATH}?full=1", headers=served.authorization)).json()
    assert (body["ok"], body["resources"]["ledger"]["ok"], body["resources"]["ledger"]["needed"]) == (True, False, False)


async def test_many_probes_ask_a_resource_once(store: Store, client: httpx.AsyncClient) -> None:
    responses = await asyncio.gather(*(client.get(READY_PATH) for _ in range(20)))
    assert {response.status_code for response in responses} == {200}
    assert store.checks == 1


async def test_a_check_that_hangs_is_an_answer_too(served: Served, store: Store, client: httpx.AsyncClient) -> None:
    store.slow = True
    body = (await client.get(f"{HEALTH_PATH}?full=1", headers=served.authorization)).json()
    assert body["resources"]["store"]["reason"] == "no answer within 2 s"


async def test_other_paths_are_the_services_and_pages_are_only_read(client: httpx.AsyncClient) -> None:
    assert (await client.get("/-other")).text == "the service's own"
    assert (await client.get("/-/unknown")).status_code == 404
    refused = await client.post(VERSION_PATH)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


async def test_a_profile_opens_in_speedscope(served: Served, client: httpx.AsyncClient) -> None:
    response = await client.get("/-/debug/profile?seconds=0.2", headers=served.authorization, timeout=20)
    profile = response.json()
    assert profile["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    main = next(one for one in profile["profiles"] if one["name"] == "MainThread")
    assert len(main["samples"]) == len(main["weights"]) > 0
    frames = profile["shared"]["frames"]
    assert all(0 <= index < len(frames) for sample in main["samples"] for index in sample)


async def test_one_look_at_a_time_and_none_too_long(served: Served, client: httpx.AsyncClient) -> None:
    url = "/-/debug/profile?seconds="
    first = asyncio.ensure_future(client.get(f"{url}0.5", headers=served.authorization, timeout=20))
    await asyncio.sleep(0)
    statuses = [200]
    while 409 not in statuses and not first.done():
        statuses.append((await client.get(f"{url}0.01", headers=served.authorization)).status_code)
    assert 409 in statuses
    assert (await first).status_code == 200
    for wrong in ("0", "61", "long"):
        assert (await client.get(f"{url}{wrong}", headers=served.authorization)).status_code == 400


async def test_memory_shows_what_is_held(served: Served, client: httpx.AsyncClient) -> None:
    response = await client.get("/-/debug/memory?seconds=0.1", headers=served.authorization, timeout=20)
    assert response.text.startswith("allocated in 0.1 s and still held: ")


async def test_probes_are_neither_traced_nor_counted(store: Store) -> None:
    captured = CapturedTelemetry()
    async with serve(Shop(store), captured) as served, httpx.AsyncClient(base_url=served.url) as client:
        for path in (LIVE_PATH, READY_PATH, "/"):
            await client.get(path)
    assert [span.attributes["url.path"] for span in captured.spans if span.attributes] == ["/"]


async def test_resources_close_after_the_last_request(store: Store) -> None:
    async with serve(Shop(store)):
        assert store.log == ["open"]
    assert store.log == ["open", "close"]


async def test_off_the_platform_without_a_secret_the_pages_are_open(store: Store) -> None:
    async with serve(Shop(store), variables={"DIAGNOSTICS_SECRET": ""}) as served, httpx.AsyncClient() as client:
        assert json.loads((await client.get(f"{served.url}{HEALTH_PATH}?full=1")).text)["ok"]
