from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops import cli
from ops.testing.gcloud import FakeGcloud
from ops.terminal import Terminal

GOLDEN = Path(__file__).parents[1] / "generator" / "testdata" / "golden"


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Ops = Callable[..., Said]


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the generated descriptions of the golden fleet."""
    root = tmp_path_factory.mktemp("repository")
    for description in GOLDEN.glob("*/description.json"):
        target = root / "infra-out" / description.parent.name / description.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(description, target)
    return root


@pytest.fixture
def gcloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGcloud:
    fake = FakeGcloud.make(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{fake.folder}:/usr/bin:/bin")
    return fake


@pytest.fixture
def ops(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ops]:
    """Runs a command line in that repository, nobody at the terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*argv: str, root: Path = repository) -> Said:
        out, err = io.StringIO(), io.StringIO()
        words = [*argv, f"--root={root}"] if argv and not argv[0].startswith("-") else list(argv)
        try:
            code = cli.main(words, Terminal(out, err))
        except SystemExit as exit:
            code = int(exit.code or 0)
        return Said(code, out.getvalue(), err.getvalue())

    yield run
