from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from ops.commands import logs
from ops.conftest import Ops
from ops.testing.gcloud import FakeGcloud

ENTRIES = [
    {
        "timestamp": "2030-01-31T10:00:02.5Z",
        "insertId": "c",
        "severity": "ERROR",
        "jsonPayload": {"message": "no\x1b[2Jgood", "order": 7},
    },
    {
        "timestamp": "2030-01-31T10:00:01Z",
        "insertId": "b",
        "httpRequest": {"requestMethod": "GET", "requestUrl": "/x", "status": 503},
    },
    {"timestamp": "2030-01-31T10:00:00Z", "insertId": "a", "severity": "INFO", "textPayload": "begins"},
]
LIBRARIES = Path(logs.__file__).parents[2]


def query(gcloud: FakeGcloud) -> str:
    return gcloud.calls()[0][2]


def test_the_oldest_comes_first_and_nothing_moves_the_cursor(ops: Ops, gcloud: FakeGcloud) -> None:
    gcloud.answers((("logging",), [ENTRIES]))
    said = ops("logs", "kitchen-sink", "prod")
    assert said.code == 0, said.err
    lines = [line.split(maxsplit=2)[2] for line in said.out.splitlines()]
    assert lines == ["INFO     begins", "DEFAULT  GET /x 503", "ERROR    no\\x1b[2Jgood  order=7"]


def test_what_is_typed_is_quoted_in_the_query(ops: Ops, gcloud: FakeGcloud) -> None:
    ops("logs", "kitchen-sink", "prod", '--grep=" OR severity>=DEFAULT OR "', "--severity=error")
    found = query(gcloud)
    assert found.endswith(
        'severity>=ERROR AND (textPayload:"\\" OR severity>=DEFAULT OR \\"" OR jsonPayload.message:"\\" OR severity>=DEFAULT OR'
        ' \\"" OR httpRequest.requestUrl:"\\" OR severity>=DEFAULT OR \\"")'
    )


def test_requests_are_left_out_unless_asked_for(ops: Ops, gcloud: FakeGcloud) -> None:
    ops("logs", "kitchen-sink", "prod")
    ops("logs", "kitchen-sink", "prod", "--requests")
    without, everything = (call[2] for call in gcloud.calls())
    assert 'NOT log_id("run.googleapis.com/requests")' in without
    assert "NOT" not in everything


def test_json_is_what_google_said(ops: Ops, gcloud: FakeGcloud) -> None:
    gcloud.answers((("logging",), [ENTRIES[:1]]))
    assert json.loads(ops("logs", "kitchen-sink", "prod", "--json").out) == ENTRIES[0]


def test_following_shows_each_entry_once_until_ctrl_c(gcloud: FakeGcloud, repository: Path) -> None:
    """As a process: Ctrl-C is a signal, and the exit code is what a shell sees."""
    gcloud.answers((("logging",), [ENTRIES[2:], ENTRIES[1:], ENTRIES]))
    program = "import ops.commands.logs as logs; logs.POLL_SECONDS = 0.01; import sys; from ops.cli import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program, "logs", "kitchen-sink", "prod", "--follow", f"--root={repository}"],
        env={**os.environ, "PYTHONPATH": str(LIBRARIES)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=30)
    assert [line.split(maxsplit=3)[3].strip() for line in lines] == ["begins", "GET /x 503", "no\\x1b[2Jgood  order=7"]
    assert (process.returncode, rest) == (130, "")
    assert "Traceback" not in err
