"""Stores and models, found or made, also by twenty at once."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Iterable

import pytest

from runtime.authorization import (
    AuthorizationRequestError,
    AuthorizationResource,
    AuthorizationUnavailableError,
    ModelError,
    Settings,
)
from runtime.authorization.model import Model
from runtime.authorization.provisioning import Sleep
from runtime.contract import AuthorizationContract
from runtime.testing.openfga_server import Fault, OpenFgaServer

pytestmark = pytest.mark.anyio


def starter(
    server: OpenFgaServer, model: Model, settle: float = 0.0, sleep: Sleep = asyncio.sleep
) -> AuthorizationResource:
    contract = AuthorizationContract(server.url, None, "accounts-prod")
    settings = Settings(timeout=20, within=60, settle=settle, retry_base=0.001)
    return AuthorizationResource(contract, model, settings=settings, jitter=lambda: 0.0, sleep=sleep)


async def started(starters: Iterable[AuthorizationResource]) -> set[tuple[str, str]]:
    """The stores and models that they use."""
    starters = list(starters)
    await asyncio.gather(*(one.open() for one in starters))
    await asyncio.gather(*(one.close() for one in starters))
    return {(one.store_id, one.model_id) for one in starters}


def made(server: OpenFgaServer, what: str) -> int:
    return [operation for operation, _, _ in server.requests].count(f"POST {what}")


async def test_a_start_finds_what_the_last_one_made(server: OpenFgaServer, model: Model) -> None:
    first = await started([starter(server, model)])
    second = await started([starter(server, model)])
    assert first == second
    assert (made(server, "stores"), made(server, "authorization-models")) == (1, 1)


async def test_twenty_that_start_at_once_take_the_same_store(
    server: OpenFgaServer, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    # None of them waits before it makes one, and none gets an answer before all have asked.
    server.gate.clear()
    starting = asyncio.create_task(started(starter(server, model, settle=0.5) for _ in range(20)))
    while len(server.requests) < 20:
        await asyncio.sleep(0.005)
    server.gate.set()
    found = await starting
    assert len({store for store, _ in found}) == 1
    assert made(server, "stores") > 1
    oldest = min(server.stores.kept.values(), key=lambda store: (store.created_at, store.id))
    assert {store for store, _ in found} == {oldest.id}
    assert f"stores are called accounts-prod; {oldest.id}, the oldest one, is used" in caplog.text


async def test_whoever_waits_longer_finds_what_another_one_made(server: OpenFgaServer, model: Model) -> None:
    async def until_made(_: float) -> None:
        while not server.stores.kept:
            await asyncio.sleep(0.005)

    found = await started([starter(server, model), *(starter(server, model, sleep=until_made) for _ in range(19))])
    assert (len({store for store, _ in found}), made(server, "stores")) == (1, 1)


async def test_nobody_decides_while_an_older_store_may_appear(server: OpenFgaServer, model: Model) -> None:
    """One that was being made meanwhile, by another instance, on a server whose clock is a little behind."""
    younger = server.stores.create({"name": "accounts-prod"})
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            older = server.stores.create({"name": "accounts-prod"})
            server.stores.kept[older["id"]].created_at = younger["created_at"].replace("20", "19", 1)

    resource = AuthorizationResource(
        AuthorizationContract(server.url, None, "accounts-prod"), model, settings=Settings(settle=30), sleep=sleep
    )
    await resource.open()
    await resource.close()
    assert resource.store_id != younger["id"]
    assert len(slept) == 1 and 25 < slept[0] <= 30


async def test_the_store_is_found_among_many(server: OpenFgaServer, model: Model) -> None:
    for number in range(60):
        server.stores.create({"name": f"other-{number}"})
    wanted = server.stores.create({"name": "accounts-prod"})
    # As servers before 1.9: without the filter by name.
    filtered, server.stores.list = server.stores.list, lambda query: filtered({**query, "name": ""})  # type: ignore[method-assign]
    assert {store for store, _ in await started([starter(server, model)])} == {wanted["id"]}
    assert made(server, "stores") == 0


async def test_a_model_is_written_where_it_differs(server: OpenFgaServer, model: Model) -> None:
    other = copy.deepcopy(dict(model))
    other["type_definitions"].append({"type": "robot"})
    old = await started([starter(server, model)])
    new = await started([starter(server, other)])
    assert {store for store, _ in old} == {store for store, _ in new} and old != new
    # While both are in use, each finds its own; and a reader's field that the server fills in makes no difference.
    kept = next(iter(server.stores.kept.values())).models[0]
    kept["type_definitions"][0] |= {"relations": {}, "metadata": None}
    assert (await started([starter(server, model)]), await started([starter(server, other)])) == (old, new)
    assert made(server, "authorization-models") == 2


async def test_a_model_on_a_later_page_is_found(server: OpenFgaServer, model: Model) -> None:
    found = await started([starter(server, model)])
    (store,) = server.stores.kept.values()
    for number in range(60):
        store.models.append({"id": f"{number:026d}", "schema_version": "1.1", "type_definitions": [{"type": f"t{number}"}]})
    assert await started([starter(server, model)]) == found
    assert made(server, "authorization-models") == 1


async def test_what_the_server_does_not_take_is_named(server: OpenFgaServer, model: Model) -> None:
    wrong = {"schema_version": "1.1", "type_definitions": [{"type": "document", "relations": {"x": {"computedUserset": {"relation": "y"}}}}]}
    with pytest.raises(ModelError, match="does not take the model: .* invalid_authorization_model"):
        await started([starter(server, wrong)])
    contract = AuthorizationContract(server.url, None, "a store's name with é")
    resource = AuthorizationResource(contract, model, settings=Settings(settle=0.0))
    with pytest.raises(AuthorizationRequestError, match="validation_error"):
        await resource.open()
    await resource.close()


async def test_making_a_store_is_never_repeated(
    server: OpenFgaServer, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    # The answer to the third request, which makes the store, is lost.
    server.faults.extend([Fault(200, '{"stores": []}'), Fault(200, '{"stores": []}'), Fault(503, after_doing=True)])
    assert len(await started([starter(server, model)])) == 1
    assert made(server, "stores") == 1 == len(server.stores.kept)
    assert "making the store: CreateStore: the authorisation server did not answer: status 503" in caplog.text


async def test_without_a_server_the_start_fails_with_the_reason(server: OpenFgaServer, model: Model) -> None:
    server.faults.extend(Fault(503) for _ in range(30))
    resource = starter(server, model)
    with pytest.raises(AuthorizationUnavailableError, match="ListStores: the authorisation server did not answer: status 503"):
        await resource.open()
    await resource.close()
