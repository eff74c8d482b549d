"""How a service stops, in a process of its own with real connections; and what ends it by itself."""

from __future__ import annotations

import http.client
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from runtime.testing import sample_service
from runtime.testing.collector import Collector
from runtime.testing.contracts import environment
from runtime.testing.processes import ProgramProcess

SERVICE = sample_service.__file__


def service(**variables: str) -> ProgramProcess:
    return ProgramProcess(SERVICE, environment(variables={"LOG_FORMAT": "json", **variables}))


class Caller:
    """A well-behaved client: keeps its connection, leaves when told `connection: close`, stops when nobody listens."""

    def __init__(self, url: str, path: str) -> None:
        self._place, self._path = urlsplit(url).netloc, path
        self.answered = 0
        self.failures: list[str] = []
        self.told_to_leave = False

    def call_until_refused(self) -> None:
        connection = http.client.HTTPConnection(self._place, timeout=10)
        while True:
            try:
                connection.connect()
            except ConnectionRefusedError:
                return
            except OSError as error:
                self.failures.append(repr(error))
                return
            if not self._use(connection):
                return

    def _use(self, connection: http.client.HTTPConnection) -> bool:
        """Call as long as the connection is good; whether there is a reason to open another."""
        while True:
            try:
                connection.request("GET", self._path)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                return False
            if response.status != 200:
                self.failures.append(str(response.status))
            self.answered += 1
            if response.getheader("connection") == "close":
                self.told_to_leave = True
                connection.close()
                # As a load balancer does: no new connection to an instance that says it leaves.
                return False


def get(url: str) -> tuple[int, str]:
    place, path = urlsplit(url).netloc, url.split(urlsplit(url).netloc, 1)[1]
    connection = http.client.HTTPConnection(place, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode()


def until(done: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


def test_no_request_fails_when_it_is_told_to_stop_under_load() -> None:
    with service() as process:
        url = process.url()
        callers = [Caller(url, "/sleep?seconds=0.02" if number % 2 else "/") for number in range(16)]
        threads = [threading.Thread(target=caller.call_until_refused) for caller in callers]
        for thread in threads:
            thread.start()
        until(lambda: all(caller.answered > 5 for caller in callers))
        process.send(signal.SIGTERM)
        for thread in threads:
            thread.join(10)
        assert process.exit_code() == 0
    assert [caller.failures for caller in callers] == [[]] * 16
    assert all(caller.told_to_leave for caller in callers)


def test_a_request_that_runs_is_answered_and_a_stream_comes_to_its_end() -> None:
    with service() as process, ThreadPoolExecutor() as pool:
        url = process.url()
        slow = pool.submit(get, f"{url}/sleep?seconds=0.4")
        stream = pool.submit(get, f"{url}/stream?chunks=8&seconds=0.1")
        process.wait_for("sleeping")
        process.send(signal.SIGTERM)
        assert slow.result()[0] == 200
        assert stream.result() == (200, "0\n1\n2\n3\n4\n5\n6\n7\n")
        assert process.exit_code() == 0


def test_it_is_not_ready_from_the_signal_on_but_alive() -> None:
    with service(DRAIN_DELAY="3s") as process:
        url = process.url()
        assert get(f"{url}/-/readyz")[0] == 200
        held = http.client.HTTPConnection(urlsplit(url).netloc)
        held.request("GET", "/")
        held.getresponse().read()
        process.send(signal.SIGTERM)
        until(lambda: get(f"{url}/-/readyz")[0] == 503)
        assert get(f"{url}/-/livez")[0] == 200
        assert get(f"{url}/")[0] == 200
        held.close()
        assert process.exit_code() == 0


def test_who_holds_a_connection_without_using_it_does_not_hold_the_stop_up() -> None:
    with service(DRAIN_DELAY="200ms") as process:
        held = http.client.HTTPConnection(urlsplit(process.url()).netloc)
        held.request("GET", "/")
        held.getresponse().read()
        process.send(signal.SIGTERM)
        assert process.exit_code(seconds=5) == 0


def test_ctrl_c_stops_at_once_when_nothing_runs() -> None:
    with service(DRAIN_DELAY="1h") as process:
        process.url()
        process.send(signal.SIGINT)
        assert process.exit_code(seconds=5) == 0


def test_what_does_not_end_within_the_grace_is_cut_off() -> None:
    with service(SHUTDOWN_GRACE="1s") as process, ThreadPoolExecutor() as pool:
        stream = pool.submit(get, f"{process.url()}/stream?chunks=1&seconds=60")
        until(lambda: '"working"' in process.log or stream.running())
        get(f"{process.url()}/log")
        process.send(signal.SIGTERM)
        assert process.exit_code(seconds=5) == 0
        with pytest.raises(http.client.HTTPException):
            stream.result()
    assert "1 requests did not end in time: they are cut off" in process.log


def test_a_second_signal_stops_at_once() -> None:
    with service(SHUTDOWN_GRACE="1h") as process, ThreadPoolExecutor() as pool:
        stream = pool.submit(get, f"{process.url()}/stream?chunks=1&seconds=60")
        get(f"{process.url()}/log")
        process.send(signal.SIGTERM)
        until(lambda: not _listens(process.url()))
        process.send(signal.SIGTERM)
        assert process.exit_code(seconds=5) == 128 + signal.SIGTERM
        with pytest.raises((http.client.HTTPException, OSError)):
            stream.result()
    assert "SIGTERM again: stopping at once" in process.log


def _listens(url: str) -> bool:
    try:
        return get(f"{url}/-/readyz")[0] == 200
    except OSError:
        return False


def test_a_blocked_loop_does_not_outlive_the_grace() -> None:
    with service(SHUTDOWN_GRACE="500ms") as process, ThreadPoolExecutor() as pool:
        pool.submit(get, f"{process.url()}/block?seconds=4")
        process.wait_for("the event loop is blocked")
        process.send(signal.SIGTERM)
        assert process.exit_code(seconds=3) == 1
    assert "stopping by force" in process.log and "time.sleep(float" in process.log


def test_a_blocked_loop_is_reported_while_it_is_blocked() -> None:
    with service() as process, ThreadPoolExecutor() as pool:
        call = pool.submit(get, f"{process.url()}/block?seconds=2")
        process.wait_for("the event loop is blocked")
        assert not call.done()
        (warning,) = (entry for entry in process.entries if "is blocked" in entry["message"])
        assert 'time.sleep(float(query["seconds"]))' in warning["message"]
        assert warning["severity"] == "WARNING"


def test_a_signal_while_it_starts_ends_it_in_order() -> None:
    with service(START="hangs") as process:
        process.wait_for("hanging")
        process.send(signal.SIGTERM)
        assert process.exit_code(seconds=5) == 0
    assert "told to stop while starting" in process.log


@pytest.mark.parametrize(
    ("how", "cause"), [("dies", "LookupError: lost the thread"), ("ends", "which it never should")]
)
def test_a_background_task_that_dies_ends_the_process_with_its_cause(how: str, cause: str) -> None:
    with service(BACKGROUND=how) as process:
        assert process.exit_code() == 1
    critical = [entry for entry in process.entries if entry["severity"] == "CRITICAL"]
    assert len(critical) == 1
    assert cause in critical[0]["message"] + critical[0].get("stack_trace", "")


def test_a_background_task_that_may_be_is_started_again() -> None:
    with service(BACKGROUND="again") as process:
        process.wait_for("background task reader died: again in 0.01 s")
        process.wait_for("background task reader died: again in 0.02 s")
        assert get(process.url())[0] == 200
        process.send(signal.SIGTERM)
        assert process.exit_code() == 0


def test_sigusr1_shows_tasks_and_threads() -> None:
    with service() as process, ThreadPoolExecutor() as pool:
        url = process.url()
        slow = pool.submit(get, f"{url}/sleep?seconds=0.4")
        process.wait_for("sleeping")
        process.send(signal.SIGUSR1)
        process.wait_for("asked by SIGUSR1")
        assert slow.result()[0] == 200
    (dump,) = (entry["message"] for entry in process.entries if "SIGUSR1" in entry["message"])
    assert "await asyncio.sleep(float" in dump and "MainThread" in dump


def test_what_a_service_measured_is_sent_when_it_stops() -> None:
    with Collector() as collector:
        with service(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, SENTRY_DSN=collector.sentry_dsn) as process:
            assert get(f"{process.url()}/boom")[0] == 500
            process.send(signal.SIGTERM)
            assert process.exit_code() == 0
        assert [span.name for span in collector.spans] == ["GET"]
        assert {"http.server.request.duration", "http.server.active_requests"} <= collector.metrics
        events = [payload for head, payload in collector.sentry_items if head["type"] == "event"]
        assert [event["exception"]["values"][-1]["value"] for event in events] == ["it went wrong"]
