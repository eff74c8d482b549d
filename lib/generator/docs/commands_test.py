"""Every command of a guide is run in a real bash, with programs that only record how they were called."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import textwrap
from pathlib import Path

import pytest

from generator.docs.guide import ServiceGuide, render
from generator.docs.guide_test import NASTY, SERVICES, nasty
from generator.docs.sections.private_network import NEEDED_BY

PROGRAMS = ("bq", "curl", "gcloud", "git", "psql", "terraform", "./pants")
GOALS = {"check", "list", "msp-generate", "msp-resolve-images", "package"}
TERRAFORM = {"apply", "destroy", "init", "plan"}
RECORD = "\x1e"

Call = tuple[str, ...]


def scripts(markdown: str) -> list[str]:
    """The shell blocks, without the indentation that steps give them."""
    found = re.findall(r"^( *)(`{3,})sh\n(.*?)\n\1\2$", markdown, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(f"{indent}{body}" if not body.startswith(indent) else body) for indent, _, body in found]


def calls(markdown: str, folder: Path) -> list[Call]:
    """What the guide's commands call, as the programs see it: name and arguments."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash on this machine to run the guide's commands with")
    log = folder / "calls"
    for program in PROGRAMS:
        stub = folder / program if program.startswith("./") else folder / "bin" / program
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(f"#!{bash}\nprintf '%s\\0' {shlex.quote(program)} \"$@\" $'\\x1e' >>\"$CALLS\"\necho answer\n")
        stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    script = "\n".join(scripts(markdown))
    environment = {"PATH": str(folder / "bin"), "CALLS": str(log), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [bash, "-eu", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [tuple(call.split("\0")[:-1]) for call in log.read_text(encoding="utf-8").split(f"{RECORD}\0")[:-1]]


@pytest.fixture(scope="module")
def all_calls(guides: dict[str, ServiceGuide], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Call]]:
    return {service: calls(render(guides[service]), tmp_path_factory.mktemp(service)) for service in SERVICES}


def of(program: str, all_calls: dict[str, list[Call]]) -> set[Call]:
    return {call for listed in all_calls.values() for call in listed if call[0] == program}


def test_pants_has_the_goals(all_calls: dict[str, list[Call]]) -> None:
    found = of("./pants", all_calls)
    assert {call[1] for call in found} <= GOALS
    assert {call[2] for call in found} == {"::", *(f"services/{service}::" for service in SERVICES)}


def test_terraform_runs_in_folders_of_stacks_that_exist(
    all_calls: dict[str, list[Call]], guides: dict[str, ServiceGuide]
) -> None:
    for service in SERVICES:
        folders = {
            f"-chdir=infra-out/{service}/{environment}/{stack}"
            for environment, stacks in guides[service].stacks.items()
            for stack in stacks
        }
        found = {call for call in all_calls[service] if call[0] == "terraform"}
        assert {call[1] for call in found} == folders
        assert {call[2:] for call in found if call[2] != "providers"} == {(verb,) for verb in TERRAFORM}
        assert {call[2:4] for call in found if call[2] == "providers"} == {("providers", "lock")}


def test_stacks_are_applied_in_order_and_destroyed_in_reverse(
    all_calls: dict[str, list[Call]], guides: dict[str, ServiceGuide]
) -> None:
    for environment, stacks in guides["kitchen-sink"].stacks.items():
        prefix = f"-chdir=infra-out/kitchen-sink/{environment}/"
        here = [call for call in all_calls["kitchen-sink"] if call[0] == "terraform" and call[1].startswith(prefix)]
        applied = [call[1].removeprefix(prefix) for call in here if call[2] == "apply"]
        # The roll-out applies `run` before the first deployment is told.
        assert applied == ["run", *stacks]
        destroyed = [call[1].removeprefix(prefix) for call in here if call[2] == "destroy"]
        assert destroyed == [stack for stack in reversed(list(stacks)) if stack not in NEEDED_BY]


def test_each_declared_secret_is_filled_from_standard_input(all_calls: dict[str, list[Call]]) -> None:
    found = {call for call in of("gcloud", all_calls) if call[1:4] == ("secrets", "versions", "add")}
    assert found == {
        ("gcloud", "secrets", "versions", "add", secret, f"--project={project}", "--data-file=-")
        for project, secrets in {
            "kitchen-rollout-prod-8e0f": ("oidc-client-secret", "signing-key"),
            "kitchen-sink-prod-9b1d": ("oidc-client-secret", "signing-key"),
            "kitchen-worker-prod-5e6f": ("partner-token", "signing-key"),
        }.items()
        for secret in secrets
    }


def test_the_real_gcloud_knows_every_command(all_calls: dict[str, list[Call]], tmp_path: Path) -> None:
    """Parsed by gcloud itself, which needs no network for that; one command that doesn't exist shows that it looks."""
    if shutil.which("gcloud") is None:
        pytest.skip("no gcloud on this machine to check its commands with")
    # What follows `--` is for the program that gcloud runs, and its check doesn't know that.
    own = {call[: call.index("--")] if "--" in call else call for call in of("gcloud", all_calls)}
    # One of each form will do: the check takes a fifth of a second for each.
    forms = {
        tuple(re.sub("=.*", "", word, flags=re.DOTALL) for word in call[:4] + call[5:]): call for call in sorted(own)
    }
    lines = sorted(shlex.join(call).replace("MOMENT", "2030-01-31T17:59:00Z") for call in forms.values())
    wrong = ["gcloud run jobs frobnicate x", "gcloud secrets versions add x --data-fil=-"]
    commands = tmp_path / "commands.json"
    commands.write_text(json.dumps([{"command_string": line} for line in [*lines, *wrong]]))
    environment = {**os.environ, "CLOUDSDK_CONFIG": str(tmp_path / "config"), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
    lint = ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={commands}"]
    done = subprocess.run(lint, env=environment, capture_output=True, text=True, timeout=300)
    if "Invalid choice: 'lint-gcloud-commands'" in done.stderr:
        pytest.skip("this gcloud can't check commands without running them")
    results = json.loads(done.stdout)
    refused = {found["command_string"]: found["error_message"] for found in results if not found["success"]}
    assert {line: refused[line] for line in lines if line in refused} == {}
    assert refused.keys() == set(wrong)


@pytest.mark.parametrize("service", SERVICES)
def test_no_value_of_a_spec_is_run(service: str, guides: dict[str, ServiceGuide], tmp_path: Path) -> None:
    found = calls(render(nasty(guides[service])), tmp_path)
    assert not (tmp_path / "pwned").exists()
    assert ("./pants", "check", f"services/{NASTY}::") in found
    assert {program for program, *_ in found} <= set(PROGRAMS)
    in_a_query = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    for call in found:
        # Wherever a part of the value is, the whole of it is.
        assert all(NASTY in word or in_a_query in word for word in call if "pwned" in word), call
