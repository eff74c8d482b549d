"""The authorisation server as a resource of the process. (`Authorization.check` is a question to it, so it is none itself.)"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from runtime.authorization.calls import Calls, Token
from runtime.authorization.client import Authorization
from runtime.authorization.errors import AuthorizationUnavailableError
from runtime.authorization.model import Model
from runtime.authorization.provisioning import Sleep, find_model, find_store
from runtime.authorization.settings import Settings
from runtime.contract import AuthorizationContract

DEFAULTS = Settings()


class AuthorizationResource:
    """Opened, counted for readiness and closed by the runtime.

    model   what the service's code was written for; every question is asked of exactly this one
    token   None where the server asks for none
    jitter  random numbers from 0 to 1
    """

    name = "authorization"

    def __init__(
        self,
        contract: AuthorizationContract,
        model: Model,
        *,
        token: Token | None = None,
        settings: Settings = DEFAULTS,
        jitter: Callable[[], float] = random.random,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._contract = contract
        self._model = model
        self._token = token
        self._settings = settings
        self._jitter = jitter
        self._sleep = sleep
        self._calls: Calls | None = None
        self.store_id = ""
        self.model_id = ""

    @property
    def authorization(self) -> Authorization:
        """What the service asks. AuthorizationUnavailableError before `open`."""
        return Authorization(self._opened)

    @property
    def _opened(self) -> Calls:
        if self._calls is None:
            raise AuthorizationUnavailableError("the connection to the authorisation server is not open")
        return self._calls

    async def open(self) -> None:
        """Find the environment's store and the service's model, or make them.

        AuthorizationUnavailableError, AuthorizationRequestError, ModelError.
        """
        calls = self._calls = Calls(self._contract.api_url, self._settings, self._token, self._jitter)
        self.store_id = await find_store(calls, self._contract.store, jitter=self._jitter, sleep=self._sleep)
        self.model_id = await find_model(calls, self.store_id, self._model)
        calls.client.set_store_id(self.store_id)
        calls.client.set_authorization_model_id(self.model_id)

    async def check(self) -> None:
        """Raise while the server does not answer for the store."""
        client = self._opened.client
        await self._opened.run("GetStore", client.get_store)

    async def close(self) -> None:
        calls, self._calls = self._calls, None
        if calls is not None:
            await calls.close()
