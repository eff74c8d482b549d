"""How a service ends: in order on the first signal, at once on the second."""

from __future__ import annotations

import http.client
import signal
import time

from spec.constants import READY_PATH

from ..bench import Bench
from ..load import load
from ..outcome import Check, expect

CALLERS = 16
GRACE = 10.0
"""Seconds until Cloud Run kills the container: https://cloud.google.com/run/docs/container-contract#instance-shutdown"""


def drain(bench: Bench) -> None:
    instance, subject = bench.ready(), bench.subject
    with load(instance, subject.paths, subject.headers, bench.evidence, callers=CALLERS, again=False) as callers:
        expect(callers.until(CALLERS * 5), "it does not answer under load", "; ".join(callers.failures[:3]))
        instance.send(signal.SIGTERM)
        # Cloud Run kills it then: so does this.
        code = instance.exit_code(GRACE)
    expect(code is not None, "it has not ended within the grace after SIGTERM", instance.tail)
    expect(code == 0, "it does not end with 0 after SIGTERM", f"exit code {code}: {instance.tail}")
    failures = callers.failures
    expect(not failures, "requests fail while it stops", f"{len(failures)} of {callers.answered}: {'; '.join(failures[:3])}")


def second_signal(bench: Bench) -> None:
    # Options of the library, so that it is certain that the first signal does not end it.
    instance = bench.ready(changes={"DRAIN_DELAY": "1h", "SHUTDOWN_GRACE": "1h"})
    held = http.client.HTTPConnection("127.0.0.1", instance.port)
    held.request("GET", bench.subject.paths[0], headers=dict(bench.subject.headers))
    held.getresponse().read()
    instance.send(signal.SIGTERM)
    end = time.monotonic() + GRACE
    while instance.runs and instance.status(READY_PATH) == 200 and time.monotonic() < end:
        pass
    instance.send(signal.SIGTERM)
    code = instance.exit_code(GRACE)
    held.close()
    expect(code is not None, "a second SIGTERM does not end it", instance.tail)
    allowed = (128 + signal.SIGTERM, -signal.SIGTERM, 0)
    expect(code in allowed, "a second SIGTERM ends it otherwise than cut off", f"exit code {code}: {instance.tail}")


def not_ready_while_stopping(bench: Bench) -> None:
    instance = bench.ready(changes={"DRAIN_DELAY": "1h", "SHUTDOWN_GRACE": "1h"})
    held = http.client.HTTPConnection("127.0.0.1", instance.port)
    held.request("GET", bench.subject.paths[0], headers=dict(bench.subject.headers))
    held.getresponse().read()
    instance.send(signal.SIGTERM)
    end = time.monotonic() + GRACE
    while (ready := instance.status(READY_PATH) == 200) and instance.runs and time.monotonic() < end:
        pass
    held.close()
    instance.kill()
    expect(not ready, f"{READY_PATH} answers 200 after SIGTERM")


CHECKS = (
    Check(
        "drain",
        "On SIGTERM under load no request fails, and it ends with 0 within the grace of 10 s.",
        drain,
        ("service",),
    ),
    Check("not-ready-while-stopping", f"From SIGTERM on `{READY_PATH}` does not say that it is ready.", not_ready_while_stopping, ("service",)),
    Check("second-signal", "A second SIGTERM ends it at once.", second_signal, ("service",)),
)  # fmt: skip
