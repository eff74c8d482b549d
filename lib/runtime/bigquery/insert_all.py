"""`tabledata.insertAll`: rows over REST. https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll

Why not the Storage Write API: docs/adr/0032-bigquery-over-rest.md.
"""

from __future__ import annotations

import asyncio
import email.utils
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from runtime.bigquery.errors import BigQueryError, RowError
from runtime.bigquery.queueing import Row
from runtime.bigquery.settings import Settings
from runtime.contract import BigQueryContract
from runtime.google_identity import GoogleIdentity, IdentityError

URL = "https://bigquery.googleapis.com"

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
"""https://cloud.google.com/bigquery/docs/error-messages"""

RETRIED_REASONS = frozenset({"rateLimitExceeded", "quotaExceeded", "backendError", "internalError"})
"""Some of these come as 403."""

tracer = trace.get_tracer("runtime.bigquery")
meter = metrics.get_meter("runtime.bigquery")
logger = logging.getLogger("runtime.bigquery")

REQUESTS = meter.create_counter("bigquery.writer.requests", unit="{request}", description="Requests to insertAll.")


@dataclass(frozen=True)
class _Outcome:
    """What one request came to: rows that were refused, rows to send again, or why the request as a whole failed."""

    refused: list[RowError]
    again: list[Row]
    reason: str | None = None
    pause: float | None = None
    is_final: bool = False
    status: int | None = None


class InsertAll:
    """Sends batches of rows.

    url     of the API, without path
    sleep   asyncio's
    jitter  random numbers from 0 to 1
    clock   seconds since 1970, for `Retry-After` with a date
    """

    def __init__(
        self,
        contract: BigQueryContract,
        identity: GoogleIdentity,
        settings: Settings,
        *,
        url: str = URL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._contract = contract
        self._identity = identity
        self._settings = settings
        self._sleep = sleep
        self._jitter = jitter
        self._clock = clock
        self._client = httpx.AsyncClient(base_url=url, timeout=settings.request_timeout)

    async def send(self, table: str, rows: Sequence[Row], retries: int | None = None) -> list[RowError]:
        """Write the rows; those that BigQuery refuses, with its reasons. BigQueryError where it takes none of them.

        retries  instead of `Settings.retries`
        """
        retries = self._settings.retries if retries is None else retries
        refused: list[RowError] = []
        left = list(rows)
        with tracer.start_as_current_span(
            f"insertAll {table}", kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attributes(
                {"db.system.name": "gcp.bigquery", "db.collection.name": table, "db.operation.batch.size": len(left)}
            )
            for attempt in range(retries + 1):
                outcome = await self._request(table, left)
                refused += outcome.refused
                left = outcome.again
                if not left:
                    return refused
                if outcome.is_final or attempt == retries:
                    span.set_status(Status(StatusCode.ERROR, outcome.reason))
                    error = BigQueryError(f"{len(left)} rows for table {table} were not written: {outcome.reason}")
                    error.status = outcome.status
                    raise error
                logger.warning("rows for table %s are sent again: %s", table, outcome.reason)
                await self._sleep(self._pause(attempt, outcome.pause))
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        await self._client.aclose()

    def _pause(self, attempt: int, wanted: float | None) -> float:
        cap = self._settings.retry_cap
        pause = min(cap, self._settings.retry_base * float(2**attempt)) * (0.5 + 0.5 * self._jitter())
        return pause if wanted is None else max(pause, min(wanted, cap))

    async def _request(self, table: str, rows: list[Row]) -> _Outcome:
        contract = self._contract
        path = f"/bigquery/v2/projects/{contract.project}/datasets/{contract.dataset}/tables/{table}/insertAll"
        # One bad row must not keep the good ones back; what the table does not know is an error, not dropped.
        body = {
            "skipInvalidRows": True,
            "ignoreUnknownValues": False,
            "rows": [{"insertId": row.insert_id, "json": row.body} for row in rows],
        }
        try:
            token = await self._identity.token()
            response = await self._client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
        except IdentityError as error:
            return _Outcome([], rows, str(error))
        except httpx.HTTPError as error:
            return _Outcome([], rows, f"{type(error).__name__} at {self._client.base_url.host}")
        REQUESTS.add(1, {"db.collection.name": table, "http.response.status_code": response.status_code})
        if response.status_code == 200:
            return self._rows(table, rows, response)
        return self._failed(rows, response)

    def _rows(self, table: str, rows: list[Row], response: httpx.Response) -> _Outcome:
        """Errors come by row. `stopped` rows had no error of their own: they are sent again without the others."""
        by_index: dict[int, list[str]] = {}
        try:
            for entry in response.json().get("insertErrors", ()):
                reasons = by_index.setdefault(int(entry["index"]), [])
                reasons += [_reason(error) for error in entry.get("errors", ())]
        except (ValueError, KeyError, TypeError, AttributeError):
            return _Outcome([], rows, "BigQuery's answer can't be read")
        refused, again = [], []
        for index, row in enumerate(rows):
            reasons = by_index.get(index, [])
            if reasons and all(reason.startswith("stopped") for reason in reasons):
                again.append(row)
            elif reasons:
                refused.append(RowError(table, row.values, tuple(reasons)))
        return _Outcome(refused, again, "BigQuery stopped at other rows" if again else None)

    def _failed(self, rows: list[Row], response: httpx.Response) -> _Outcome:
        try:
            error = response.json()["error"]
            details = error.get("errors") or [{}]
            reason = str(details[0].get("reason", ""))
            text = f"{response.status_code} {reason}: {error.get('message', '')}"
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            reason, text = "", f"status {response.status_code}"
        is_final = response.status_code not in RETRIED and reason not in RETRIED_REASONS
        return _Outcome([], rows, text, self._retry_after(response), is_final, response.status_code)

    def _retry_after(self, response: httpx.Response) -> float | None:
        """Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
        header = response.headers.get("Retry-After", "")
        if header.isdigit():
            return float(header)
        try:
            at = email.utils.parsedate_to_datetime(header).timestamp()
        except ValueError:
            return None
        return max(0.0, float(at) - self._clock())


def _reason(error: dict[str, str]) -> str:
    """BigQuery's messages may quote the value: its reason and the column are enough to find the row by."""
    return f"{error.get('reason', 'unknown')}: {error.get('location') or 'the row'}"


def encoded_size(body: object) -> int:
    """Bytes of a row in a request."""
    return len(json.dumps(body, separators=(",", ":")).encode())
