"""The test kit's own promises."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from runtime.contract import ConfigurationError
from runtime.testing.contracts import environment, fake_runtime, fake_settings
from runtime.testing.fixed import CountingIds, FixedClock
from runtime.testing.sample_job import SampleJob
from runtime.testing.sample_service import SampleService
from runtime.testing.served import serve
from runtime.testing.telemetry import CapturedTelemetry, captured_logs

pytestmark = pytest.mark.anyio


async def test_a_fake_environment_is_read_like_a_real_one() -> None:
    settings = fake_settings(SampleService(), variables={"GREETING": "hi", "BUCKETS": "uploads=b"})
    assert settings.config.greeting == "hi"
    assert settings.contract.buckets == {"uploads": "b"}
    with pytest.raises(ConfigurationError, match="ENDING"):
        fake_settings(SampleJob(), "job")


async def test_on_the_platform_it_is_what_the_platform_sets() -> None:
    service = environment(on_platform=True)
    assert fake_settings(SampleService(), "service", service).contract.on_platform
    job = environment(kind="job", on_platform=True, variables={"ENDING": "success"})
    contract = fake_settings(SampleJob(), "job", job).contract
    assert contract.job is not None and contract.job.deadline_seconds == 600


async def test_a_job_runs_in_a_test() -> None:
    captured = CapturedTelemetry()
    runtime = fake_runtime(SampleJob(), "job", captured.telemetry, {"ENDING": "failure"})
    with pytest.raises(LookupError, match="no rows"):
        await SampleJob().execute(runtime)
    await runtime.close(1.0)
    assert [span.name for span in captured.spans] == ["inside"]


async def test_a_service_that_does_not_come_up_says_so() -> None:
    with captured_logs() as logs, pytest.raises(RuntimeError, match="sample ended with 1 before it served"):
        async with serve(SampleService(), variables={"START": "fails"}):
            raise AssertionError
    assert any("upstream is away" in message for message in logs.messages)


async def test_the_end_of_the_block_waits_for_what_runs() -> None:
    async with serve(SampleService()) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
        writer.write(b"GET /stream?chunks=2&seconds=0.05 HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    assert (await reader.read()).endswith(b"0\r\n\r\n")
    assert served.done.result() == 0
    writer.close()


async def test_logs_captured_are_only_those_of_the_block() -> None:
    logger = logging.getLogger("kit")
    with captured_logs() as logs:
        logger.debug("inside")
    logger.warning("outside")
    assert [message for message in logs.messages if message.endswith("side")] == ["inside"]


async def test_clock_and_ids_are_fixed() -> None:
    clock, ids = FixedClock(), CountingIds()
    before = clock.now()
    clock.advance(90)
    assert (clock(), clock.now() - before) == (90, timedelta(seconds=90))
    assert [ids.generate_trace_id(), ids.generate_span_id(), ids.generate_trace_id()] == [1, 1, 2]
