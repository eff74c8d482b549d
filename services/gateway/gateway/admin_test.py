"""The command line, as processes on a real database."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gateway.conftest import LICENSE, opened
from gateway.keys import derive
from gateway.service import Gateway

pytestmark = pytest.mark.anyio


def admin(dsn: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PGDSN": dsn, "PGDATABASES": "gateway",
    }  # fmt: skip
    command = [sys.executable, "-m", "gateway.admin", *arguments]
    return subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)


async def test_the_life_of_an_actor(dsn: str) -> None:
    async with opened(dsn, Gateway.migrations) as postgres:
        await postgres.open()

    def fine(*arguments: str, given: str = "") -> str:
        done = admin(dsn, *arguments, given=given)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    fine("put-actor", "acme", "--name", "Acme Corp.")
    fine("allow", "acme", "chat_completions", "--requests", "10", "--window", "7d", "--rate", "60/1m", "--model", "gpt-4o")
    token = fine("add-key", "acme", "--days", "30", given=f"{LICENSE}\n").strip()
    assert token == derive(LICENSE)
    assert "enabled" in fine("list") and "1 keys" in fine("list", "acme")
    assert fine("usage", "acme") == ""
    fine("forbid", "acme", "chat_completions")
    assert fine("revoke-key", given=token) == "revoked: a key of acme\n"
    fine("disable", "acme")
    assert "disabled   0 keys" in fine("list")


async def test_refusals(dsn: str) -> None:
    async with opened(dsn, Gateway.migrations) as postgres:
        await postgres.open()
    cases = {
        ("add-key", "nobody"): (1, "there is no such actor"),
        ("put-actor", "A B", "--name", "x"): (1, "actors_id_check"),
        ("usage", "nobody"): (1, "no such actor"),
        ("allow", "x", "chat_completions", "--rate", "60"): (2, "such as 60/1m"),
    }
    for arguments, (code, text) in cases.items():
        done = admin(dsn, *arguments, given=LICENSE)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
        assert text in done.stderr
    short = admin(dsn, "add-key", "x", given="hunter2")
    assert "expected at least 32" in short.stderr and "hunter2" not in short.stderr
    assert admin("postgresql://nothing", "list").returncode == 2
