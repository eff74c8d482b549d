"""Callers that ask as fast as they get answers, each on a connection that it keeps: well-behaved clients."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from .bench import Evidence
from .process import ASK_SECONDS, PAUSE, Instance

FAILED = 500
"""The status from which on an answer is the service's failure."""


class Load:
    """What the callers see; `failures` has a line for each request that was not answered, or with 500 and more."""

    def __init__(self, instance: Instance, paths: Sequence[str], headers: Mapping[str, str], evidence: Evidence) -> None:
        self._instance, self._headers, self._evidence = instance, headers, evidence
        self._paths = itertools.cycle(paths)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.answered = 0
        self.in_a_row = 0
        """Answers below 500 since the last failure."""
        self.failures: list[str] = []

    def until(self, answers: int, seconds: float = 60.0) -> bool:
        """Wait for so many answers more; False when the time is up."""
        goal, end = self.answered + answers, time.monotonic() + seconds
        while self.answered < goal and time.monotonic() < end and self._instance.runs:
            time.sleep(PAUSE)
        return self.answered >= goal

    def until_well(self, in_a_row: int, seconds: float = 60.0) -> bool:
        """Wait for so many good answers without a failure among them; False when the time is up."""
        end = time.monotonic() + seconds
        while self.in_a_row < in_a_row and time.monotonic() < end and self._instance.runs:
            time.sleep(PAUSE)
        return self.in_a_row >= in_a_row

    def call(self, *, again: bool) -> None:
        """One caller, until it is stopped or nobody listens any more.

        again   whether it goes on after an answer that says `connection: close`, and after a failure
        """
        while not self._stopped.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._instance.port, timeout=ASK_SECONDS)
            try:
                connection.connect()
            except OSError as error:
                if not again:
                    if not isinstance(error, ConnectionRefusedError):
                        self._note(f"{type(error).__name__} while connecting")
                    return
                self._stopped.wait(PAUSE)
                continue
            told_to_leave = self._use(connection)
            connection.close()
            # As a load balancer does: no new connection to an instance that says it leaves.
            if not again and told_to_leave:
                return

    def _use(self, connection: http.client.HTTPConnection) -> bool:
        """Ask as long as the connection is good. Whether the instance sent the caller away, or failed it."""
        while not self._stopped.is_set():
            with self._lock:
                path = next(self._paths)
            header, _, _ = self._evidence.traceparent()
            try:
                connection.request("GET", path, headers={**self._headers, "traceparent": header})
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                self._note(f"{type(error).__name__} on {path}")
                return True
            self._note(None if response.status < FAILED else f"{response.status} on {path}")
            if response.getheader("connection", "").lower() == "close":
                return True
        return False

    def _note(self, failure: str | None) -> None:
        with self._lock:
            self.answered += 1
            self.in_a_row = self.in_a_row + 1 if failure is None else 0
            if failure is not None:
                self.failures.append(failure)

    def stop(self) -> None:
        """No request begins any more."""
        self._stopped.set()


@contextmanager
def load(
    instance: Instance,
    paths: Sequence[str],
    headers: Mapping[str, str],
    evidence: Evidence,
    *,
    callers: int,
    again: bool,
) -> Iterator[Load]:
    """Callers while the block runs; at its end they are waited for, and with `again` stopped first."""
    made = Load(instance, paths, headers, evidence)
    threads = [
        threading.Thread(target=made.call, kwargs={"again": again}, daemon=True, name="conformance-caller")
        for _ in range(callers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        if again or not instance.runs:
            made.stop()
        for thread in threads:
            thread.join(2 * ASK_SECONDS)
        made.stop()
