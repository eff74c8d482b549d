"""A process that records events and begins to deliver them. The library's own tests kill it.

Variables: DSN with `{database}`, DATABASE, BIGQUERY_URL, LEASE in seconds.
"""

from __future__ import annotations

import asyncio
import os

from runtime.bigquery import BigQuery
from runtime.bigquery import Settings as BigQuerySettings
from runtime.bigquery.insert_all import InsertAll
from runtime.contract import BigQueryContract, PostgresContract
from runtime.events import Events, Settings
from runtime.events.destinations import BigQueryTable
from runtime.events.outbox import Outbox
from runtime.google_identity import AccessToken, GoogleIdentity
from runtime.postgres import Postgres
from runtime.testing.telemetry import SOMEBODY

EVENTS = 10


class Tokens:
    async def fetch(self) -> AccessToken:
        return AccessToken("a-token", 4_000_000_000.0)


async def main() -> None:
    database = os.environ["DATABASE"]
    contract = PostgresContract("", "", "", None, 3, (database,), os.environ["DSN"])
    postgres = Postgres(contract, application_name="recorder", on_platform=False)
    await postgres.open()
    bigquery = BigQuery(
        InsertAll(BigQueryContract("p", "d"), GoogleIdentity(Tokens()), BigQuerySettings(), url=os.environ["BIGQUERY_URL"])
    )
    await bigquery.open()
    settings = Settings(gather=0, lease=float(os.environ["LEASE"]))
    events = Events(SOMEBODY, [Outbox(postgres[database], SOMEBODY, settings)], BigQueryTable(bigquery), settings=settings)
    await events.open()
    async with postgres[database].transaction() as connection:
        for number in range(EVENTS):
            await events.record("order.paid", {"n": number}, connection=connection)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
