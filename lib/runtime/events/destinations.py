"""Where events go: BigQuery's table `events`, or the log where there is no BigQuery."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from runtime.bigquery import BigQuery, BigQueryError
from runtime.events.errors import BatchRejectedError, DestinationError
from runtime.events.event import COLUMNS, TABLE, Event

LOGGER = logging.getLogger("runtime.events")

NOT_TAKEN = frozenset({400, 413})
"""BigQuery does not read a request: one event may be why."""

MISSING = (
    f"there is no table {TABLE}. In service.yaml: `resources: {{bigquery: {{tables: [{TABLE}]}}}}`; its columns: "
    f"`python -m runtime.events schema > bigquery/{TABLE}.json`; then deploy"
)


class Destination(Protocol):
    async def deliver(self, events: Sequence[Event]) -> Mapping[UUID, str]:
        """Those that it refuses for their own sake, and why.

        Raises DestinationError where it took none, or nobody knows; BatchRejectedError where it may take them one by one.
        """
        ...


class BigQueryTable:
    """Rows of the table `events`, with the event's id as insert id."""

    def __init__(self, bigquery: BigQuery) -> None:
        self._bigquery = bigquery

    async def deliver(self, events: Sequence[Event]) -> Mapping[UUID, str]:
        rows = {str(event.id): event.row() for event in events}
        try:
            refused = await self._bigquery.insert(TABLE, rows, COLUMNS, retries=1)
        except BigQueryError as error:
            if error.status in NOT_TAKEN:
                raise BatchRejectedError(str(error)) from None
            raise DestinationError(MISSING if error.status == 404 else str(error)) from None
        return {UUID(insert_id): "; ".join(reasons) for insert_id, reasons in refused.items()}


class Log:
    """A line for each event, for people to read."""

    async def deliver(self, events: Sequence[Event]) -> Mapping[UUID, str]:
        for event in events:
            said = "".join(f" {name}={json.dumps(value, ensure_ascii=False)}" for name, value in event.properties.items())
            by = f" by {event.actor}" if event.actor else ""
            LOGGER.info("event %s%s%s", event.name, by, said, extra={"event_id": str(event.id)})
        return {}
