"""The store and the model on the server: found, or made, at each start.

Terraform can't: there is no provider for a server inside the network, and the model changes with the code, not with the
infrastructure.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from runtime.authorization.calls import Calls, Options
from runtime.authorization.errors import AuthorizationRequestError, AuthorizationUnavailableError, ModelError
from runtime.authorization.model import Model, normalised
from runtime.authorization.settings import MODEL_PAGE, STORE_PAGE

LOGGER = logging.getLogger("runtime.authorization")

MODELS_PATH = "/stores/{store_id}/authorization-models"

DATE = "\0date"
"""Where an answer holds the time by the server's clock: no name that the API could use."""

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True)
class Store:
    id: str
    created_at: datetime
    age: float
    """Seconds, by the server's own clock; 0 where it does not tell the time."""


async def find_store(
    calls: Calls, name: str, *, jitter: Callable[[], float] = random.random, sleep: Sleep = asyncio.sleep
) -> str:
    """The id of the store of that name, made where there is none.

    OpenFGA has no unique names, so instances that start together may each make one. All of them take the oldest, and nobody
    decides before an older one can't appear any more (Settings.settle).

    AuthorizationUnavailableError, AuthorizationRequestError.
    """
    clock = asyncio.get_running_loop().time
    seen_at: float | None = None
    stores = await _stores(calls, name)
    if not stores:
        # Whoever comes a little later finds what the first one has made.
        await sleep(jitter() * calls.settings.settle / 2)
        stores = await _stores(calls, name)
    if not stores:
        await _create(calls, name)
        stores = await _stores(calls, name)
    while stores:
        oldest = min(stores, key=lambda store: (store.created_at, store.id))
        seen_at = clock() if seen_at is None else seen_at
        left = calls.settings.settle - max(oldest.age, clock() - seen_at)
        if left <= 0:
            if len(stores) > 1:
                LOGGER.warning("%d stores are called %s; %s, the oldest one, is used", len(stores), name, oldest.id)
            return oldest.id
        await sleep(left)
        stores = await _stores(calls, name)
    raise AuthorizationUnavailableError(f"the store {name} could not be made")


async def find_model(calls: Calls, store: str, model: Model) -> str:
    """The id of the store's model that says the same, written where there is none.

    The newest models are compared, not the newest one alone: while a release is rolled out, or back, instances of two
    models start side by side, and neither is to write its own again each time.

    ModelError where the server does not take the model.
    """
    wanted = normalised(model)
    async for found in _models(calls, store):
        if normalised(found) == wanted:
            return str(found["id"])
    try:
        write = partial(_request, calls, "POST", MODELS_PATH, store=store, body=dict(model))
        written = await calls.run("WriteAuthorizationModel", write)
    except AuthorizationRequestError as error:
        raise ModelError(f"the authorisation server does not take the model: {error}") from None
    id = str(written["authorization_model_id"])
    LOGGER.info("wrote authorisation model %s", id)
    return id


async def _stores(calls: Calls, name: str) -> list[Store]:
    found: list[Store] = []
    token = ""
    while True:
        query: dict[str, Any] = {"name": name, "page_size": STORE_PAGE, "continuation_token": token or None}
        page = await calls.run("ListStores", partial(_request, calls, "GET", "/stores", query=query))
        now = parsedate_to_datetime(page[DATE]) if page[DATE] else None
        for store in page.get("stores") or ():
            # Servers before 1.9 know no filter.
            if store["name"] == name:
                created_at = datetime.fromisoformat(store["created_at"])
                found.append(Store(store["id"], created_at, (now - created_at).total_seconds() if now else 0.0))
        token = page.get("continuation_token") or ""
        if not token:
            return found


async def _create(calls: Calls, name: str) -> None:
    try:
        await calls.run("CreateStore", partial(_request, calls, "POST", "/stores", body={"name": name}), again=False)
    except AuthorizationUnavailableError as error:
        # It may have been made all the same. Who looks for it next will see.
        LOGGER.warning("making the store: %s", error)
    else:
        LOGGER.info("made authorisation store %s", name)


async def _models(calls: Calls, store: str) -> AsyncIterator[Mapping[str, Any]]:
    """The store's models, the newest first."""
    token = ""
    for _ in range(0, calls.settings.models, MODEL_PAGE):
        query: dict[str, Any] = {"page_size": MODEL_PAGE, "continuation_token": token or None}
        read = partial(_request, calls, "GET", MODELS_PATH, store=store, query=query)
        page = await calls.run("ReadAuthorizationModels", read)
        for model in page.get("authorization_models") or ():
            yield model
        token = page.get("continuation_token") or ""
        if not token:
            return


async def _request(
    calls: Calls,
    method: str,
    path: str,
    options: Options,
    *,
    store: str | None = None,
    body: dict[str, Any] | None = None,
    query: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The answer as it is: the SDK's classes for models drop what they do not know. ValueError where it is not JSON."""
    response = await calls.client.execute_api_request(
        operation_name="provision", method=method, path=path, path_params=None if store is None else {"store_id": store},
        body=body, query_params=query, headers=options["headers"],
    )  # fmt: skip
    answer = response.json()
    if answer is None:
        raise ValueError("not JSON")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {**answer, DATE: headers.get("date")}
