"""Events in files: of processes that write, deliver and die side by side."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from runtime.bigquery import BigQuery
from runtime.events.conftest import QUICK, Counted, until
from runtime.events.destinations import BigQueryTable
from runtime.events.errors import DestinationError
from runtime.events.event import Event
from runtime.events.events import Events
from runtime.events.segments import Segments
from runtime.events.settings import Settings
from runtime.testing.bigquery_server import BigQueryServer
from runtime.testing.telemetry import SOMEBODY

pytestmark = pytest.mark.anyio


class Sink:
    """A destination. `refuses` and `is_away` say what it does not take."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refuses = ""
        self.is_away = False

    async def deliver(self, events: Sequence[Event]) -> Mapping[UUID, str]:
        if self.is_away:
            raise DestinationError("away")
        refused = {event.id: "no" for event in events if event.name == self.refuses}
        self.events += [event for event in events if event.id not in refused]
        return refused


def opened(folder: Path, sink: Sink, **settings: object) -> Events:
    chosen = Settings(**{**QUICK, "gather": 60.0, "interval": 60.0, **settings})
    return Events(SOMEBODY, Segments(folder, chosen, lambda: datetime.now(UTC).timestamp()), sink, settings=chosen)


async def test_events_are_delivered_and_their_files_removed(
    tmp_path: Path, server: BigQueryServer, bigquery: BigQuery
) -> None:
    settings = Settings(**QUICK)
    segments = Segments(tmp_path / "new", settings, lambda: datetime.now(UTC).timestamp())
    events = Events(SOMEBODY, segments, BigQueryTable(bigquery), settings=settings)
    await events.open()
    await asyncio.gather(*(events.record("step.done", {"n": n}) for n in range(30)))
    await until(lambda: len(server.rows["events"]) == 30)
    await events.close()
    assert sorted(json.loads(row["properties"])["n"] for row in server.rows["events"]) == list(range(30))
    assert list((tmp_path / "new").iterdir()) == []


async def test_what_a_dead_process_left_is_delivered_and_half_a_line_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code = f"""
import asyncio, os, signal
from pathlib import Path
from runtime.events.segments_test import Sink, opened
async def main():
    sink = Sink()
    events = opened(Path({str(tmp_path)!r}), sink)
    for n in range(3):
        await events.record("step.done", {{"n": n}})
    events._files._active.file.write(b'{{"event": {{"id": "01')
    events._files._active.file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    assert done.returncode == -9
    sink = Sink()
    events = opened(tmp_path, sink)
    await events.open()
    await events.flush()
    await events.close()
    assert [event.properties["n"] for event in sink.events] == [0, 1, 2]
    assert "line 4 of " in caplog.text and "is no whole event: left out" in caplog.text
    assert list(tmp_path.iterdir()) == []


async def test_what_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    one, other = Sink(), Sink()
    writer, reader = opened(tmp_path, one), opened(tmp_path, other)
    await writer.record("step.done")
    await reader.flush()
    assert other.events == []
    await writer.close()
    await reader.flush()
    assert len(other.events) == 1


async def test_the_folder_is_bounded_and_events_survive_the_destinations_absence(tmp_path: Path, dropped: Counted) -> None:
    sink = Sink()
    sink.is_away = True
    events = opened(tmp_path, sink, max_waiting_bytes=1000, batch=2)
    for n in range(9):
        await events.record("step.done", {"n": n})
    await events.flush()
    kept = 9 - dropped.counts[(("reason", "full"),)]
    assert 0 < kept < 9
    sink.is_away = False
    await events.flush()
    assert [event.properties["n"] for event in sink.events] == list(range(kept))
    await events.record("step.done", {"n": 9})
    await events.flush()
    assert len(sink.events) == kept + 1


async def test_a_refused_event_is_tried_again_and_then_buried(tmp_path: Path) -> None:
    sink = Sink()
    sink.refuses = "step.bad"
    events = opened(tmp_path, sink, refusals=2, refused_pause=0.0)
    for name in ("step.bad", "step.good"):
        await events.record(name)
    await events.flush()
    assert [event.name for event in sink.events] == ["step.good"]
    (waiting,) = tmp_path.glob("*.events")
    assert json.loads(waiting.read_text())["attempts"] == 1
    await events.flush()
    assert list(tmp_path.glob("*.events")) == []
    dead = json.loads((tmp_path / "dead.jsonl").read_text())
    assert (dead["event"]["name"], dead["reason"]) == ("step.bad", "no")


async def test_a_connection_has_no_place_where_there_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="resources.postgres"):
        await opened(tmp_path, Sink()).record("step.done", connection=object())  # type: ignore[arg-type]
