"""Broken promises about databases. As in sabotage.py, each takes a part of the library out of a program about to start."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any


def put(owner: object, name: str, value: object) -> None:
    setattr(owner, name, value)


def forgets_a_resource() -> None:
    from runtime.health import Health

    usual = Health.add
    put(Health, "add", lambda self, name, *more, **how: None if name == "redis" else usual(self, name, *more, **how))


def dies_with_its_database() -> None:
    from runtime.postgres.resource import Postgres

    usual = Postgres.check

    async def check(self: Postgres) -> None:
        try:
            await asyncio.wait_for(usual(self), 1.5)
        except Exception:
            os._exit(1)

    put(Postgres, "check", check)


def never_recovers() -> None:
    from runtime.redis import Redis

    usual, lost = Redis.check, []

    async def check(self: Redis) -> None:
        try:
            await asyncio.wait_for(usual(self), 1.5)
        except Exception:
            lost.append(True)
        if lost:
            raise ConnectionError("gone for good")

    put(Redis, "check", check)


def migrates_without_a_lock() -> None:
    from runtime.migrations import runner

    async def migrate(address: Any, folder: Path, *arguments: Any, **more: Any) -> tuple[str, ...]:
        import psycopg

        async with await psycopg.AsyncConnection.connect(**await address.arguments()) as connection:
            row = await (await connection.execute("SELECT to_regclass('notes')")).fetchone()
            if row == (None,):
                await asyncio.sleep(1)
                await connection.execute(next(folder.glob("0001*")).read_bytes())
        return ()

    import runtime.migrations

    put(runner, "migrate", migrate)
    put(runtime.migrations, "migrate", migrate)


def changes_the_database_at_each_start() -> None:
    from runtime.postgres.resource import Postgres

    usual = Postgres.open

    async def opened(self: Postgres) -> None:
        await usual(self)
        async with self["sample"].connection() as connection:
            await connection.execute(f"CREATE TABLE start_{os.getpid()} (id int)".encode())

    put(Postgres, "open", opened)


def connects_beside_the_pool() -> None:
    """Done by the service itself."""
