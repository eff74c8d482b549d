"""The official SDK with limits, retries, the identity's token, spans and one family of errors.

The SDK's own retries stay off: they know of no time limit over all tries, and not of lost connections.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, TypeVar

import aiohttp
from openfga_sdk import ClientConfiguration, OpenFgaClient
from openfga_sdk.configuration import RetryParams
from openfga_sdk.exceptions import ApiException, OpenApiException

from runtime.authorization import tracing
from runtime.authorization.errors import AuthorizationRequestError, AuthorizationUnavailableError
from runtime.authorization.settings import Settings
from runtime.google_identity import IdentityError

T = TypeVar("T")

Token = Callable[[], Awaitable[str]]
"""A token for the server that is valid now. Raises IdentityError."""

Options = dict[str, Any]
"""What the SDK's methods take beside the request."""

TRY_AGAIN = frozenset({409, 429, 500, 502, 503, 504})
"""409 is how OpenFGA says that two transactions were in each other's way."""

FAILURES = (OpenApiException, aiohttp.ClientError, OSError, ValueError, AttributeError)
"""The last two are how the SDK trips over answers that are not OpenFGA's: a proxy's page, a status without a schema."""

# The SDK logs whole answers, with everything they say of people, when its level is debug.
logging.getLogger("openfga_sdk").setLevel(logging.INFO)


class Calls:
    """Makes calls of an SDK client that it owns."""

    def __init__(
        self, api_url: str, settings: Settings, token: Token | None, jitter: Callable[[], float] = random.random
    ) -> None:
        """Of a running event loop only: the SDK makes its HTTP session at once."""
        configuration = ClientConfiguration(
            api_url=api_url,
            retry_params=RetryParams(max_retry=0),  # type: ignore[no-untyped-call]
            timeout_millisec=int(settings.timeout * 1000),
            # What it measures by default carries addresses with ids in them; runtime.authorization.tracing measures instead.
            telemetry={},
        )
        configuration.connection_pool_maxsize = settings.max_connections
        # Any: half of the SDK has no types.
        self.client: Any = OpenFgaClient(configuration)
        self.settings = settings
        self._token = token
        self._jitter = jitter

    async def close(self) -> None:
        await self.client.close()

    async def run(
        self,
        name: str,
        call: Callable[[Options], Awaitable[T]],
        attributes: Mapping[str, str | int] | None = None,
        *,
        again: bool = True,
    ) -> T:
        """Call, and again after a failure that may pass, within `Settings.within`.

        call    is given the SDK's options; called once for each try
        again   whether it may be done twice

        AuthorizationUnavailableError, AuthorizationRequestError.
        """
        with tracing.operation(name, attributes or {}):
            reason = "nothing"
            try:
                async with asyncio.timeout(self.settings.within):
                    for attempt in range(self.settings.retries + 1):
                        if attempt:
                            tracing.RETRIES.add(1, {tracing.OPERATION: name})
                            await asyncio.sleep(self._pause(attempt))
                        try:
                            async with asyncio.timeout(self.settings.timeout):
                                return await call(await self._options())
                        except FAILURES as error:
                            reason = _passing(error)
                        if not again:
                            break
            except TimeoutError:
                pass
            raise AuthorizationUnavailableError(f"{name}: the authorisation server did not answer: {reason}") from None

    async def _options(self) -> Options:
        """A new one each time: the SDK writes into it, and the token may have been replaced."""
        headers = tracing.headers()
        if self._token is not None:
            try:
                headers["Authorization"] = f"Bearer {await self._token()}"
            except IdentityError as error:
                raise AuthorizationUnavailableError(f"no token for the authorisation server: {error}") from None
        return {"headers": headers}

    def _pause(self, attempt: int) -> float:
        pause = min(self.settings.retry_cap, self.settings.retry_base * 2.0 ** (attempt - 1))
        return pause * (0.5 + 0.5 * self._jitter())


def _passing(error: Exception) -> str:
    """Why the call failed, if it may work the next time; else an error is raised."""
    error = _real(error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ApiException):
        return f"status {error.status}" if error.status in TRY_AGAIN else _refused(error)
    if isinstance(error, OpenApiException):
        raise AuthorizationRequestError(f"the SDK refused the request: {type(error).__name__}") from None
    if isinstance(error, ValueError | AttributeError):
        return "an answer that is not OpenFGA's"
    return type(error).__name__


def _real(error: Exception) -> Exception:
    """The server's error, if the SDK tripped while it handled one."""
    before: BaseException | None = error
    while isinstance(error, ValueError | AttributeError) and before is not None:
        if isinstance(before, ApiException):
            return before
        before = before.__context__
    return error


def _refused(error: ApiException) -> NoReturn:
    if error.status in (401, 403):
        raise AuthorizationUnavailableError(
            f"the authorisation server does not accept this service's identity: status {error.status}. Compare "
            "OPENFGA_AUDIENCE with what the server expects."
        ) from None
    # Its message quotes users and objects.
    code = error.code or _code_in(error.body)
    raise AuthorizationRequestError(
        f"the authorisation server refused the request: status {error.status}{f', {code}' if code else ''}", code
    ) from None


def _code_in(body: Any) -> str:
    """The code in an answer that the SDK has not parsed; empty where there is none."""
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""
