"""A stand-in for BigQuery's `tabledata.insertAll`, over real HTTP, with the faults that the real one has.

It follows https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll: rows by index in `insertErrors`,
`stopped` for rows that had no error of their own when others had, rows with a known `insertId` written once.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Fault:
    """An answer instead of the real one."""

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    after_writing: bool = False
    """The rows are written, and then the answer is lost: what `insertId` is for."""
    body: str | None = None


class BigQueryServer:
    """`tables` has the columns of each table; `rows` what was written; `requests` the bodies that came."""

    def __init__(self, tables: Mapping[str, Sequence[str]]) -> None:
        self.tables = {name: set(columns) for name, columns in tables.items()}
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.faults: deque[Fault] = deque()
        self.gate = threading.Event()
        """Answers wait until it is set."""
        self.gate.set()
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self.url = ""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Mapping[str, str], str]:
        """Status, headers and body."""
        with self._lock:
            self.requests.append(body)
            fault = self.faults.popleft() if self.faults else None
            if fault is None or fault.after_writing:
                status, answer = self._insert(path, body)
            if fault is None:
                return status, {}, json.dumps(answer)
        return fault.status, fault.headers, _error(fault.status, fault.reason) if fault.body is None else fault.body

    def _insert(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        parts = path.strip("/").split("/")
        table = parts[7] if len(parts) == 9 and parts[8] == "insertAll" else ""
        if table not in self.tables:
            return 404, json.loads(_error(404, "notFound"))
        wrong = {
            index: sorted(set(row["json"]) - self.tables[table])
            for index, row in enumerate(body["rows"])
            if set(row["json"]) - self.tables[table]
        }
        errors = [
            {"index": index, "errors": [{"reason": "invalid", "location": column, "message": "no such field"} for column in columns]}
            for index, columns in wrong.items()
        ]
        for index, row in enumerate(body["rows"]):
            if index in wrong:
                continue
            if wrong and not body.get("skipInvalidRows"):
                errors.append({"index": index, "errors": [{"reason": "stopped", "location": "", "message": ""}]})
            elif row["insertId"] not in self._seen:
                self._seen.add(row["insertId"])
                self.rows[table].append(row["json"])
        return 200, {"kind": "bigquery#tableDataInsertAllResponse", **({"insertErrors": errors} if errors else {})}


def _error(status: int, reason: str) -> str:
    return json.dumps({"error": {"code": status, "message": "made to fail", "errors": [{"reason": reason}]}})


@contextmanager
def bigquery_server(tables: Mapping[str, Sequence[str]]) -> Iterator[BigQueryServer]:
    """A server on a free port for the time of the block."""
    server = BigQueryServer(tables)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.authorizations.append(self.headers["Authorization"])
            server.gate.wait()
            status, headers, text = server.answer(self.path, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on stderr."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that gave up is no error of the server's."""

    with Server(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.gate.set()
            http.shutdown()
            thread.join()
