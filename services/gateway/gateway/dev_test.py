"""What `:dev` starts: the stand-in, and a key that works against it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from gateway import dev
from gateway.conftest import opened
from gateway.keys import derive
from gateway.service import Gateway
from runtime.testing.ports import free_port

pytestmark = pytest.mark.anyio


class Seeded:
    """What `seed` uses of a runtime."""

    def __init__(self, postgres: object) -> None:
        self.postgres = postgres


async def test_the_seed_can_be_sown_twice(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with opened(dsn, Gateway.migrations) as postgres:
        await postgres.open()
        for _ in range(2):
            await dev.seed(Seeded(postgres))  # type: ignore[arg-type]
    assert derive(dev.LICENSE_KEY) in capsys.readouterr().out


def test_the_stand_in(tmp_path: Path) -> None:
    port = free_port()
    server = dev.start_upstream(tmp_path / "upstream", port)
    body = {"model": "gpt-4o-mini", "messages": []}
    assert httpx.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body).status_code == 200
    server.stop()
    assert server.process.returncode is not None
