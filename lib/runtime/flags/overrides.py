"""What is set in the database: for everybody or for one actor, over what flags.toml says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from runtime.postgres import Database
from runtime.postgres.own_tables import make_own_tables

EVERYBODY = ""

ANSWER_SECONDS = 2.0
"""How long the database may take: flags go on with what was known before."""

PREVIOUS = "SELECT variant FROM runtime.flag_overrides WHERE flag = %(flag)s AND actor = %(actor)s FOR UPDATE"

SET = """
INSERT INTO runtime.flag_overrides (flag, actor, variant, who, why) VALUES (%(flag)s, %(actor)s, %(variant)s, %(who)s, %(why)s)
ON CONFLICT (flag, actor) DO UPDATE SET variant = excluded.variant, who = excluded.who, why = excluded.why, at = now()
"""

CLEAR = "DELETE FROM runtime.flag_overrides WHERE flag = %(flag)s AND actor = %(actor)s"

CHANGED = """
INSERT INTO runtime.flag_changes (flag, actor, before, after, who, why)
VALUES (%(flag)s, %(actor)s, %(before)s, %(variant)s, %(who)s, %(why)s)
"""


@dataclass(frozen=True)
class Override:
    variant: str
    who: str
    why: str
    at: datetime


Overrides = Mapping[tuple[str, str], Override]
"""(flag, actor) -> what was set; the actor is EVERYBODY where it is for all."""


@dataclass(frozen=True)
class Change:
    """A line of the audit: `before` and `after` are variants, None for no override."""

    at: datetime
    flag: str
    actor: str
    before: str | None
    after: str | None
    who: str
    why: str


class OverrideStore:
    """The two tables of one database. Methods raise psycopg's errors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> None:
        await make_own_tables(self._database)

    async def read(self) -> Overrides:
        query = "SELECT flag, actor, variant, who, why, at FROM runtime.flag_overrides"
        async with self._database.connection(wait=ANSWER_SECONDS) as connection:
            with connection.patient(ANSWER_SECONDS):
                rows = await (await connection.execute(query)).fetchall()
        return {(flag, actor): Override(*rest) for flag, actor, *rest in rows}

    async def change(self, flag: str, actor: str, variant: str | None, who: str, why: str) -> str | None:
        """Set an override, or clear it where `variant` is None; what it was before. Kept with who and why."""
        values = {"flag": flag, "actor": actor, "variant": variant, "who": who, "why": why}
        async with self._database.transaction() as connection:
            row = await (await connection.execute(PREVIOUS, values)).fetchone()
            before = None if row is None else str(row[0])
            await connection.execute(CLEAR if variant is None else SET, values)
            if before != variant:
                await connection.execute(CHANGED, {**values, "before": before})
        return before

    async def changes(self, limit: int) -> list[Change]:
        """The last ones, the newest first."""
        query = "SELECT at, flag, actor, before, after, who, why FROM runtime.flag_changes ORDER BY change DESC LIMIT %s"
        async with self._database.connection() as connection:
            return [Change(*row) for row in await (await connection.execute(query, [limit])).fetchall()]
