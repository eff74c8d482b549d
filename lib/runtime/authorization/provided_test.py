"""`runtime.authorization` as a service has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime import App, Runtime, Service
from runtime.authorization import ModelError, RelationTuple, Settings, provided
from runtime.contract import AuthorizationContract, ConfigurationError
from runtime.google_identity import AccessToken
from runtime.oidc.service_tokens import ServiceTokens
from runtime.testing.contracts import environment, fake_runtime, fake_settings
from runtime.testing.openfga_server import OpenFgaServer
from runtime.testing.served import serve

pytestmark = pytest.mark.anyio


def service(model: Path | None) -> Service[Any]:
    class Sample(Service[None]):
        name = "sample"
        authorization_model = model
        authorization_settings = Settings(settle=0.0)

        async def initialize(self, runtime: Runtime[None]) -> App:
            await runtime.authorization.write(add=[RelationTuple("user:1", "owner", "organization:7")])

            async def answer(scope: Any, receive: Any, send: Any) -> None:
                allowed = await runtime.authorization.check("user:1", "can_edit", "organization:7")
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": json.dumps(allowed).encode()})

            return answer

    return Sample()


def variables(server: OpenFgaServer) -> dict[str, str]:
    return {"OPENFGA_API_URL": f"{server.url}/", "OPENFGA_STORE_NAME": "sample-test"}


async def test_it_is_open_before_the_service_begins_and_counts_for_readiness(server: OpenFgaServer, source: Path) -> None:
    async with serve(service(source), variables=variables(server)) as served, httpx.AsyncClient(timeout=30) as http:
        assert (await http.get(served.url)).json() is True
        assert (await http.get(f"{served.url}/-/readyz")).status_code == 200
    assert [store.name for store in server.stores.kept.values()] == ["sample-test"]


async def test_a_service_without_a_model_is_told_which_line_to_add(server: OpenFgaServer) -> None:
    with pytest.raises(ModelError, match=r"Sample has no model: add authorization_model = Path\(__file__\)"):
        await fake_runtime(service(None), variables=variables(server)).open()


def test_the_variables_come_together(source: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fake_settings(service(source), variables={"OPENFGA_API_URL": "ftp://x"})
    assert [problem.name for problem in caught.value.problems] == ["OPENFGA_API_URL", "OPENFGA_STORE_NAME"]
    on_platform = environment(on_platform=True, variables={"OPENFGA_API_URL": "http://x", "OPENFGA_STORE_NAME": "x-prod"})
    with pytest.raises(ConfigurationError) as caught:
        fake_settings(service(source), variables=on_platform)
    assert [problem.name for problem in caught.value.problems] == ["OPENFGA_API_URL", "OPENFGA_AUDIENCE"]


async def test_tokens_are_for_the_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    class Source:
        def __init__(self, audience: str) -> None:
            self.audience = audience

        async def fetch(self) -> AccessToken:
            return AccessToken(f"a token for {self.audience}", 9e9)

    monkeypatch.setattr(ServiceTokens, "of_google", lambda: ServiceTokens(Source))
    token = provided._token(AuthorizationContract("https://openfga.example", "https://openfga", "x-prod"))
    assert token is not None
    assert await token() == "a token for https://openfga"
    assert provided._token(AuthorizationContract("https://openfga.example", None, "x-prod")) is None
