"""Where telemetry goes, whose it is, which trace it belongs to, and that sending it never holds a process up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from google.auth.exceptions import DefaultCredentialsError
from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

from runtime.contract import Options, Secret
from runtime.identity import Identity
from runtime.observability import telemetry
from runtime.observability.propagation import PROPAGATOR
from runtime.observability.telemetry import Telemetry, attributes, configure_telemetry
from runtime.testing.collector import Collector
from runtime.testing.telemetry import SOMEBODY, CapturedTelemetry

ON_PLATFORM = Identity(
    "shop", "1.0", "prod", "shop-prod-1", "europe-west1", on_platform=True, revision="shop-00007-abc"
)
TRACE = "105445aa7843bc8bf206b12000100000"


def test_nothing_is_sent_from_a_developers_machine_unless_told_where() -> None:
    for options in (Options(), Options(telemetry_disabled=True, otlp_endpoint="http://collector:4318")):
        made = configure_telemetry(SOMEBODY, options)
        assert isinstance(made.tracers, trace.NoOpTracerProvider) and made.flushes == []
        assert made.flush(1)


def test_spans_and_metrics_reach_a_collector_with_their_headers() -> None:
    with Collector() as collector:
        options = Options(otlp_endpoint=collector.url + "/", otlp_headers=Secret("x-key=hush"))
        made = configure_telemetry(ON_PLATFORM, options)
        with made.tracers.get_tracer("t").start_as_current_span("one"):
            made.meters.get_meter("t").create_counter("things").add(1)
        assert made.flush(5)
        assert [span.name for span in collector.spans] == ["one"]
        assert "things" in collector.metrics
        assert {headers["x-key"] for _, headers, _ in collector.requests} == {"hush"}
        assert collector.resource["gcp.project_id"] == "shop-prod-1"
        assert isinstance(made.tracers, TracerProvider) and isinstance(made.meters, MeterProvider)
        made.tracers.shutdown()
        made.meters.shutdown()


def test_on_the_platform_googles_endpoint_is_used_as_the_workload(monkeypatch: pytest.MonkeyPatch) -> None:
    session = object()
    monkeypatch.setattr(telemetry, "_google_session", lambda: session)
    assert telemetry._destination(ON_PLATFORM, Options()) == (telemetry.GOOGLE, {"session": session})


def test_without_an_identity_the_service_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def nobody(scopes: object) -> object:
        raise DefaultCredentialsError("no credentials")  # type: ignore[no-untyped-call]

    monkeypatch.setattr("google.auth.default", nobody)
    assert telemetry._destination(ON_PLATFORM, Options()) is None
    assert "no traces and metrics" in caplog.text


def test_the_resource_says_who_and_where() -> None:
    found = attributes(ON_PLATFORM)
    assert found.pop("service.instance.id")
    assert found == {
        "service.name": "shop",
        "service.version": "1.0",
        "deployment.environment.name": "prod",
        "deployment.environment": "prod",
        "cloud.provider": "gcp",
        "cloud.platform": "gcp_cloud_run",
        "cloud.account.id": "shop-prod-1",
        "cloud.region": "europe-west1",
        "gcp.project_id": "shop-prod-1",
        "faas.name": "shop",
        "faas.version": "shop-00007-abc",
    }


def test_the_share_of_new_traces_is_what_was_asked_for() -> None:
    none, all = CapturedTelemetry(trace_ratio=0.0), CapturedTelemetry(trace_ratio=1.0)
    for captured in (none, all):
        captured.telemetry.tracers.get_tracer("t").start_span("one").end()
    assert (len(none.spans), len(all.spans)) == (0, 1)


def test_an_endpoint_that_hangs_or_fails_does_not_hold_the_process_up(caplog: pytest.LogCaptureFixture) -> None:
    def hang(seconds: float) -> None:
        time.sleep(3)

    def fail(seconds: float) -> None:
        raise ConnectionError("away")

    sent: list[float] = []
    flushes: list[Callable[[float], object]] = [hang, fail, sent.append]
    started = time.monotonic()
    made = Telemetry(trace.NoOpTracerProvider(), metrics.NoOpMeterProvider(), flushes)
    assert made.flush(0.1) is False
    assert time.monotonic() - started < 2
    assert sent == [0.1] and "telemetry was not sent: away" in caplog.text


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"{TRACE}/74;o=1", (TRACE, 74, True)),
        (f"{TRACE}/74;o=0", (TRACE, 74, False)),
        (f"{TRACE}/74", (TRACE, 74, False)),
        (f"{TRACE};o=1", (TRACE, 1, True)),
        (f"{TRACE}/{2**64 - 1};o=1", (TRACE, 2**64 - 1, True)),
        (f"{TRACE}/{2**64};o=1", None),
        ("0" * 32 + "/1;o=1", None),
        ("nonsense", None),
    ],
)
def test_googles_own_header_is_understood(header: str, expected: tuple[str, int, bool] | None) -> None:
    context = PROPAGATOR.extract({"x-cloud-trace-context": header}, Context())
    found = trace.get_current_span(context).get_span_context()
    if expected is None:
        assert not found.is_valid
    else:
        assert (f"{found.trace_id:032x}", found.span_id, found.trace_flags.sampled) == expected


def test_w3cs_header_comes_first_and_is_what_is_sent_on() -> None:
    carrier = {"x-cloud-trace-context": f"{TRACE}/74;o=1", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    context = PROPAGATOR.extract(carrier, Context())
    assert f"{trace.get_current_span(context).get_span_context().trace_id:032x}" == "a" * 32
    sent: dict[str, str] = {}
    PROPAGATOR.inject(sent, context)
    assert sent["traceparent"] == carrier["traceparent"] and "x-cloud-trace-context" not in sent
