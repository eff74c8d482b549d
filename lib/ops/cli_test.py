"""The command line as a whole: what it says of itself, of wrong arguments, and of trouble with its surroundings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops import cli
from ops.conftest import Ops
from ops.testing.gcloud import FakeGcloud


def test_help_lists_every_command(ops: Ops) -> None:
    said = ops("--help")
    assert said.code == 0
    for command in cli.COMMANDS:
        assert f"\n  {command}" in said.out


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_teaches(command: str) -> None:
    module = cli.load(command)
    assert command == module.NAME
    text = cli.parser(module).format_help()
    assert "examples:" in text and "exit codes:" in text and "--dry-run" in text


def test_every_module_is_a_command() -> None:
    folder = Path(cli.__file__).parent / "commands"
    assert sorted(
        path.stem for path in folder.glob("*.py") if path.stem != "__init__" and not path.stem.endswith("_test")
    ) == sorted(cli.COMMANDS)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("lgos", "kitchen-sink"), "did you mean 'logs'?"),
        (("logs", "kitchen-sinc", "prod"), "did you mean 'kitchen-sink'?"),
        (("logs", "kitchen-sink", "prd"), "it has: "),
        (("links", "kitchen-sink", "prod", "databse"), "did you mean 'database'?"),
        (("job", "kitchen-sink", "prod"), "kitchen-sink is a service, no job"),
        (("rollout", "kitchen-sink", "prod", "promote", "x"), "type: rollout"),
    ],
)
def test_wrong_arguments_exit_with_2_and_say_what_would_be_right(ops: Ops, argv: tuple[str, ...], message: str) -> None:
    said = ops(*argv)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_a_description_of_another_form_is_made_anew(ops: Ops, tmp_path: Path) -> None:
    path = tmp_path / "infra-out" / "old" / "description.json"
    path.parent.mkdir(parents=True)
    for text in ("", "[]", "{}", json.dumps({"version": 99}), '{"version": 1, "id": "old"}'):
        path.write_text(text)
        said = ops("links", "old", root=tmp_path)
        assert said.code == 1
        assert "./pants msp-generate services/old::" in said.err
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("complaint", "message"),
    [
        ("ERROR: (gcloud.logging.read) You do not currently have an active account selected.", "gcloud auth login"),
        ("ERROR: There was a problem refreshing your current auth tokens: Reauthentication failed", "has expired"),
        ("ERROR: (gcloud.logging.read) PERMISSION_DENIED: Permission 'logging.logEntries.list' denied", "access"),
        ("ERROR: gcloud crashed (ConnectionError): Max retries exceeded: Failed to resolve", "can't be reached"),
        ("ERROR: (gcloud.logging.read) INVALID_ARGUMENT: Unparseable filter", "Unparseable filter"),
    ],
)
def test_gclouds_complaints_get_what_mends_them(ops: Ops, gcloud: FakeGcloud, complaint: str, message: str) -> None:
    gcloud.answers((("logging",), [complaint]))
    said = ops("logs", "kitchen-sink", "prod")
    assert (said.code, said.out) == (1, "")
    expected = "access kitchen-sink prod request read" if message.startswith("access") else message
    assert expected in said.err


def test_a_missing_program_is_named_with_how_to_get_it(ops: Ops, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = ops("logs", "kitchen-sink", "prod")
    assert said.code == 1
    assert "not on this machine: gcloud" in said.err and "https://cloud.google.com/sdk" in said.err
