"""Every command line that the commands make, held against the parser of the real gcloud, which needs no network for it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import description
from ops.conftest import Ops

REASON = 'INC-142: it\'s $(on) fire; "quoted" `too`'


def asked(root: Path) -> Iterator[tuple[str, ...]]:
    """Each command in each of its forms, in every environment of the golden fleet."""
    for service in description.services(root):
        found = description.read(root, service)
        for environment in found.environments:
            where = (service, environment.id)
            yield ("logs", *where, "--requests", "--severity=error", f"--grep={REASON}", "--trace=abc", "--since=2d")
            yield ("status", *where)
            if found.kind != "job":
                yield ("rollout", *where)
            if environment.operating.get("access"):
                yield ("access", *where)
                yield ("access", *where, "request", "read", f"--reason={REASON}")
                for verb in ("approve", "deny", "revoke"):
                    yield ("access", *where, verb, "GRANT", f"--reason={REASON}")
            for secret in environment.operating["secrets"]:
                yield ("secrets", *where, "add", secret["id"])
                yield ("secrets", *where, "versions", secret["id"])
            if found.kind == "job":
                for words in (("run",), ("list",), ("describe", "EXECUTION"), ("cancel", "EXECUTION")):
                    yield ("job", *where, *words)
                yield ("logs", *where, "--execution=EXECUTION")
            if environment.operating.get("schedule"):
                for verb in ("schedule", "pause", "resume"):
                    yield ("job", *where, verb)
            if environment.operating.get("pipeline"):
                yield ("rollout", *where, "back")
                yield ("rollout", *where, "back", "RELEASE")
                yield ("rollout", *where, "promote", "RELEASE")
                for verb in ("list", "approve", "reject", "advance", "cancel"):
                    yield ("rollout", *where, verb, "RELEASE", "ROLLOUT")
            elif found.kind != "job":
                yield ("rollout", *where, "back", "REVISION", f"--region={environment.regions[0]}")


def test_the_real_gcloud_knows_every_command(ops: Ops, repository: Path, tmp_path: Path) -> None:
    if shutil.which("gcloud") is None:
        pytest.skip("no gcloud on this machine to check its commands with")
    lines: dict[tuple[str, ...], str] = {}
    for argv in asked(repository):
        said = ops(*argv, "--dry-run")
        assert said.code == 0, (argv, said.err)
        for line in said.out.splitlines():
            words = [word for word in shlex.split(line) if not word.startswith("CLOUDSDK_CORE_DISABLE_PROMPTS=")]
            if words[0] != "GET":
                # One of each form will do: the check takes a fifth of a second for each.
                lines[tuple(re.sub("=.*", "", word, flags=re.DOTALL) for word in words[:4] + words[5:])] = shlex.join(words)
    assert len(lines) > 25
    wrong = "gcloud run jobs frobnicate x"
    commands = tmp_path / "commands.json"
    commands.write_text(json.dumps([{"command_string": line} for line in [*lines.values(), wrong]]))
    environment = {**os.environ, "CLOUDSDK_CONFIG": str(tmp_path / "config"), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
    lint = ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={commands}"]
    done = subprocess.run(lint, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if "Invalid choice: 'lint-gcloud-commands'" in done.stderr:
        pytest.skip("this gcloud can't check commands without running them")
    refused = {found["command_string"]: found["error_message"] for found in json.loads(done.stdout) if not found["success"]}
    assert refused.keys() == {wrong}, refused
