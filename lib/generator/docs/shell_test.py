from __future__ import annotations

import shutil
import subprocess

import pytest

from generator.docs.shell import WIDTH, command, gcloud, quote, terraform

NASTY = (
    "",
    "plain",
    "two words",
    "it's",
    '"quoted"',
    "$(touch /tmp/x) `id` ${HOME}",
    "a|b;c&d>e<f",
    "!history *?[x] ~ #comment",
    "back\\slash",
    "new\nline, tab\tand \x1b[31mescape",
    "trailing newline\n",
    "Grüße 世界 🎉",
    "zero\u200bwidth \u202e",
    "-rf",
    "' \\' \n",
)


@pytest.mark.parametrize("argument", NASTY)
def test_bash_reads_the_argument_back(argument: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash on this machine to read the quoting back")
    script = command("printf", r"%s\0", argument, then=quote(argument))
    result = subprocess.run([bash, "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert result.stdout.decode().split("\0") == [argument, argument, ""]


@pytest.mark.parametrize("argument", NASTY)
def test_a_command_stays_on_its_line(argument: str) -> None:
    assert "\n" not in command("echo", argument) and "\r" not in quote(argument)


def test_options() -> None:
    made = command("gcloud", "x", "y z", to_revisions="A=100", wait=True, limit=5, region=None, then="-- -N")
    assert made == "gcloud x 'y z' --to-revisions=A=100 --wait --limit=5 -- -N"


def test_a_long_command_is_broken_before_its_options() -> None:
    made = gcloud("logging", "read", "x" * WIDTH, project="p", limit=1)
    assert made == f"gcloud logging read {'x' * WIDTH} \\\n  --project=p \\\n  --limit=1"


def test_terraform_runs_in_the_stack_s_folder() -> None:
    assert terraform("tofu", "infra-out/c", "init") == "tofu -chdir=infra-out/c init"
    assert terraform("terraform", "infra-out/a b/c", "state", "list") == "terraform -chdir='infra-out/a b/c' state list"
