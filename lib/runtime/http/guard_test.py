"""What stands before the application: limits, errors as problem+json, spans and measurements, over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.trace import SpanKind, StatusCode

from runtime import App, Runtime, Service
from runtime.http.answers import answer
from runtime.service import NoConfig, Receive, Scope, Send
from runtime.testing.sample_service import SampleService
from runtime.testing.served import serve
from runtime.testing.telemetry import CapturedTelemetry, captured_logs

pytestmark = pytest.mark.anyio

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


@pytest.fixture
def captured() -> CapturedTelemetry:
    return CapturedTelemetry()


@pytest.fixture
async def client(captured: CapturedTelemetry) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(SampleService(), captured) as served, httpx.AsyncClient(base_url=served.url) as client:
        yield client


async def test_a_response_that_takes_too_long_is_a_504(client: httpx.AsyncClient, captured: CapturedTelemetry) -> None:
    response = await client.get("/sleep?seconds=30")
    assert response.status_code == 504
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank", "title": "Gateway Timeout", "status": 504,
        "detail": "The service took too long to respond.",
    }  # fmt: skip
    assert captured.span("GET").status.status_code is StatusCode.ERROR


async def test_a_stream_may_take_longer_than_the_limit(client: httpx.AsyncClient) -> None:
    response = await client.get("/stream?chunks=8&seconds=0.1")
    assert response.text == "0\n1\n2\n3\n4\n5\n6\n7\n"


async def test_a_body_over_the_limit_is_a_413_whether_it_says_its_length_or_not(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    assert (await client.post("/echo", content=b"x" * 1000)).text == "x" * 1000
    for content in (b"x" * 1001, chunks()):
        response = await client.post("/echo", content=content)
        assert response.status_code == 413
        assert response.json()["detail"] == "The request's body is over the limit of 1000 bytes."


async def test_an_exception_is_a_500_that_says_nothing_and_a_log_entry_that_says_all(
    client: httpx.AsyncClient, captured: CapturedTelemetry
) -> None:
    with captured_logs() as logs:
        response = await client.get("/boom?token=hush", headers={"user-agent": "tests"})
    assert response.status_code == 500
    assert "went wrong" not in response.text
    (entry,) = (entry for entry in logs.entries if entry["severity"] == "ERROR")
    assert "RuntimeError: it went wrong" in entry["stack_trace"]
    assert entry["@type"].endswith("ReportedErrorEvent")
    assert entry["serviceContext"] == {"service": "sample", "version": "1.0"}
    assert entry["context"]["httpRequest"] == {"method": "GET", "url": "/boom", "userAgent": "tests"}
    assert entry["httpRequest"]["status"] == 500
    assert "hush" not in str([entry for entry in logs.entries if not entry["logger"].startswith("http")])
    span = captured.span("GET")
    assert span.context is not None
    assert entry["logging.googleapis.com/trace"].endswith(f"{span.context.trace_id:032x}")
    assert [event.name for event in span.events] == ["exception"]


async def test_a_response_that_breaks_off_does_not_look_whole(client: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/stream?chunks=2&seconds=0&break=1")


async def test_the_span_says_what_is_safe_to_store(client: httpx.AsyncClient, captured: CapturedTelemetry) -> None:
    await client.get("/log?token=hush")
    span = captured.span("GET")
    assert span.kind is SpanKind.SERVER
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET", "url.path": "/log", "url.scheme": "http", "network.protocol.version": "1.1",
        "http.response.status_code": 200,
    }  # fmt: skip
    (point,) = captured.metric("http.server.request.duration")
    assert isinstance(point, HistogramDataPoint)
    assert (point.count, dict(point.attributes or {})) == (
        1,
        {"http.request.method": "GET", "http.response.status_code": 200},
    )
    (active,) = captured.metric("http.server.active_requests")
    assert getattr(active, "value", None) == 0


async def test_a_log_line_belongs_to_the_callers_trace(client: httpx.AsyncClient, captured: CapturedTelemetry) -> None:
    with captured_logs() as logs:
        await client.get("/log", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    span = captured.span("GET")
    assert span.parent is not None and f"{span.parent.span_id:016x}" == SPAN
    (entry,) = (entry for entry in logs.entries if entry["message"] == "working")
    assert entry["logging.googleapis.com/trace"] == f"projects/sample-test-0000/traces/{TRACE}"
    assert entry["logging.googleapis.com/trace_sampled"] is True
    assert entry["customer"] == 7


async def test_what_a_caller_does_not_want_traced_is_not(
    client: httpx.AsyncClient, captured: CapturedTelemetry
) -> None:
    await client.get("/log", headers={"traceparent": f"00-{TRACE}-{SPAN}-00"})
    assert captured.spans == ()


async def test_requests_at_the_same_time_have_traces_of_their_own(
    client: httpx.AsyncClient, captured: CapturedTelemetry
) -> None:
    with captured_logs() as logs:
        await asyncio.gather(*(client.get("/log") for _ in range(10)))
    traces = {entry["logging.googleapis.com/trace"] for entry in logs.entries if entry["message"] == "working"}
    assert len(traces) == 10 == len({span.context.trace_id for span in captured.spans if span.context})


async def test_the_route_not_the_path_is_what_metrics_go_by() -> None:
    class Routed(Service[NoConfig]):
        name = "routed"

        async def initialize(self, runtime: Runtime[NoConfig]) -> App:
            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                scope["route"] = SimpleNamespace(path="/users/{id}")
                await answer(send, 200, b"text/plain", b"")

            return app

    captured = CapturedTelemetry()
    async with serve(Routed(), captured) as served, httpx.AsyncClient() as client:
        await client.get(f"{served.url}/users/1")
        await client.request("PROPFIND", f"{served.url}/users/2")
    assert [span.name for span in captured.spans] == ["GET /users/{id}", "_OTHER /users/{id}"]
    points = captured.metric("http.server.request.duration")
    assert {dict(point.attributes or {})["http.route"] for point in points} == {"/users/{id}"}


async def test_http2_without_tls_gets_a_clear_word() -> None:
    with captured_logs() as logs:
        async with serve(SampleService()) as served:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
            writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 505 ")
            writer.close()
    assert any("protocol: http1" in message for message in logs.messages)
