"""Tokens: refreshed on use, once for all who ask, and never shown."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest

from runtime.google_identity import AccessToken, GoogleIdentity, IdentityError, MetadataServer

HOUR = 3600.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Tokens of one hour: token-1, token-2 …"""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.fetched = 0
        self.error: IdentityError | None = None
        self.life = HOUR
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self) -> AccessToken:
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.fetched += 1
        return AccessToken(f"token-{self.fetched}", self.clock.now + self.life)


@pytest.mark.anyio
async def test_a_token_is_fetched_on_first_use_and_kept() -> None:
    clock = Clock()
    source = Source(clock)
    identity = GoogleIdentity(source, clock=clock)
    assert source.fetched == 0
    assert [await identity.token(), await identity.token()] == ["token-1", "token-1"]


@pytest.mark.anyio
async def test_after_an_hour_of_sleep_the_first_use_has_a_new_token() -> None:
    clock = Clock()
    source = Source(clock)
    identity = GoogleIdentity(source, clock=clock)
    await identity.token()
    clock.now += 61 * 60
    assert await identity.token() == "token-2"


@pytest.mark.anyio
@pytest.mark.parametrize(("left", "expected"), [(301.0, "token-1"), (299.0, "token-2")])
async def test_a_token_is_replaced_below_five_minutes(left: float, expected: str) -> None:
    clock = Clock()
    identity = GoogleIdentity(Source(clock), clock=clock)
    await identity.token()
    clock.now += HOUR - left
    assert await identity.token() == expected


@pytest.mark.anyio
async def test_one_fetch_serves_all_who_ask_meanwhile() -> None:
    clock = Clock()
    source = Source(clock)
    source.gate.clear()
    identity = GoogleIdentity(source, clock=clock)
    asking = [asyncio.create_task(identity.token()) for _ in range(50)]
    await asyncio.sleep(0)
    # Whoever asked first goes away: the others get their token all the same.
    asking[0].cancel()
    source.gate.set()
    assert set(await asyncio.gather(*asking[1:])) == {"token-1"}
    assert source.fetched == 1


@pytest.mark.anyio
async def test_a_source_that_hands_out_the_old_token_is_not_asked_at_every_use() -> None:
    clock = Clock()
    source = Source(clock)
    source.life = 280.0
    identity = GoogleIdentity(source, clock=clock)
    for _ in range(10):
        await identity.token()
    assert source.fetched == 1
    clock.now += 31
    await identity.token()
    assert source.fetched == 2


@pytest.mark.anyio
async def test_a_valid_token_outlives_a_source_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    source = Source(clock)
    identity = GoogleIdentity(source, clock=clock)
    await identity.token()
    source.error = IdentityError("status 503")
    clock.now += HOUR - 60
    assert await identity.token() == "token-1"
    assert "status 503" in caplog.text
    clock.now += 61
    with pytest.raises(IdentityError, match="status 503"):
        await identity.token()


@pytest.mark.anyio
async def test_an_expired_token_is_refused() -> None:
    clock = Clock()
    source = Source(clock)
    source.life = -1.0
    with pytest.raises(IdentityError, match="clock"):
        await GoogleIdentity(source, clock=clock).token()


def metadata(answers: list[httpx.Response], asked: list[httpx.Request], clock: Clock) -> MetadataServer:
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers.pop(0)

    return MetadataServer(transport=httpx.MockTransport(answer), clock=clock, sleep=lambda _: None)


@pytest.mark.anyio
async def test_the_metadata_server_is_asked_as_google_documents() -> None:
    asked: list[httpx.Request] = []
    clock = Clock()
    token = {"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"}
    fetched = await metadata([httpx.Response(200, json=token)], asked, clock).fetch()
    assert (fetched.value, fetched.expires_at) == ("ya29.x", clock.now + 3599)
    assert asked[0].headers["Metadata-Flavor"] == "Google"
    assert asked[0].url.host == "metadata.google.internal"
    assert asked[0].url.params["scopes"] == "https://www.googleapis.com/auth/cloud-platform"


@pytest.mark.anyio
async def test_the_metadata_server_is_asked_again_after_an_error_of_its_own() -> None:
    asked: list[httpx.Request] = []
    good = httpx.Response(200, json={"access_token": "t", "expires_in": 10})
    await metadata([httpx.Response(503), httpx.Response(429), good], asked, Clock()).fetch()
    assert len(asked) == 3


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([httpx.Response(404)], "status 404"),
        ([httpx.Response(500)] * 3, "status 500"),
        ([httpx.Response(200, text="<html>ya29.secret")], "something else than a token"),
        ([httpx.Response(200, json={"access_token": "ya29.secret"})], "something else than a token"),
    ],
)
async def test_what_the_metadata_server_can_get_wrong(answers: list[httpx.Response], message: str) -> None:
    with pytest.raises(IdentityError, match=message) as caught:
        await metadata(list(answers), [], Clock()).fetch()
    assert "ya29" not in str(caught.value)


@pytest.mark.anyio
async def test_no_token_is_in_logs_and_representations(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked: list[httpx.Request] = []
    clock = Clock()
    answers = [httpx.Response(200, json={"access_token": "ya29.secret", "expires_in": 3599})]
    identity = GoogleIdentity(metadata(answers, asked, clock), clock=clock)
    assert await identity.token() == "ya29.secret"
    assert "ya29" not in caplog.text + repr(identity) + repr(vars(identity))


@pytest.mark.anyio
async def test_another_metadata_server_is_asked_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json={"access_token": "token", "expires_in": 3600})

    monkeypatch.delenv("GCE_METADATA_HOST", raising=False)
    await MetadataServer(transport=httpx.MockTransport(answer)).fetch()
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:1234")
    await MetadataServer(transport=httpx.MockTransport(answer)).fetch()
    assert asked == ["metadata.google.internal", "127.0.0.1"]
