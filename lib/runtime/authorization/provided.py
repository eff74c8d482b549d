"""`runtime.authorization`."""

from __future__ import annotations

from functools import partial
from typing import Any

from runtime.authorization.calls import Token
from runtime.authorization.client import Authorization
from runtime.authorization.errors import ModelError
from runtime.authorization.model import load
from runtime.authorization.resource import AuthorizationResource
from runtime.authorization.settings import Settings
from runtime.contract import AuthorizationContract
from runtime.oidc.service_tokens import ServiceTokens
from runtime.runtime import Runtime


async def provide(runtime: Runtime[Any]) -> Authorization:
    """Questions by the program's own model, which the server has then."""
    contract = runtime.contract.authorization
    assert contract is not None
    source = runtime.program.authorization_model
    if source is None:
        raise ModelError(
            f"the environment has resources.authorization, but {type(runtime.program).__name__} has no model: add "
            'authorization_model = Path(__file__).with_name("authorization.fga")'
        )
    resource = AuthorizationResource(
        contract,
        load(source),
        token=_token(contract) if runtime.contract.on_platform else None,
        settings=runtime.program.authorization_settings or Settings(),
    )
    return (await runtime.use(resource)).authorization


def _token(contract: AuthorizationContract) -> Token | None:
    """ID tokens of the workload's identity, for the server."""
    return None if contract.audience is None else partial(ServiceTokens.of_google().fetch, contract.audience)
