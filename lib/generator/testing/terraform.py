"""Run the real terraform on a copy of a stack, with stub providers and without any network.

What this proves: the stack is valid HCL, every argument, type and reference is right by the providers' schemas, and
Terraform can order and plan it. What it does not prove: that Google accepts the values.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.terraform.environment import outputs_read, state_home
from generator.testing.stub_providers import StubProviders

STACK_FILE = "cdk.tf.json"


def terraform_missing_reason() -> str | None:
    """Why terraform cannot be run here, or None if it can."""
    if shutil.which("terraform") is None:
        return "there is no terraform on PATH; install Terraform 1.11 or newer"
    return None


@dataclass(frozen=True)
class Problem:
    """One diagnostic of terraform."""

    severity: str
    """`error` or `warning`"""
    summary: str
    detail: str
    address: str
    """The resource it is about, or nothing."""


@dataclass(frozen=True)
class Result:
    """What terraform said."""

    problems: tuple[Problem, ...]
    plan: Mapping[str, Any] = field(default_factory=dict)
    """The plan as `terraform show -json` gives it, of a plan that succeeded."""
    state: Mapping[str, Any] = field(default_factory=dict)
    """The state file after an apply."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are errors."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


States = Mapping[str, Mapping[str, Any]]
"""Name of a remote-state data source → the content of the state file that it reads."""


def terraform_validate(stub: StubProviders, stack: Path) -> Result:
    """`terraform validate` on the folder `stack`, as it is."""
    with _copy(stack) as folder:
        done = _run(stub, folder, "validate", "-json")
        return Result(problems=_problems(json.loads(done.stdout)["diagnostics"]))


def terraform_init(stub: StubProviders, stack: Path) -> str:
    """What `terraform init` says: it reads the settings of backend or workspace in full before it asks for the state."""
    with _copy(stack) as folder:
        command = ["terraform", "init", "-no-color", "-input=false"]
        done = subprocess.run(command, cwd=folder, env=stub.environment, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


def terraform_plan(stub: StubProviders, stack: Path, states: States | None = None) -> Result:
    """`terraform plan` on the folder `stack`, with the state on disk and with `states` for other stacks' states.

    A remote state that is not given holds a made-up string for every output that the stack reads.
    """
    with _offline_copy(stack, states or {}) as folder:
        return _plan(stub, folder)


def terraform_apply(stub: StubProviders, stack: Path, states: States | None = None) -> Result:
    """`terraform plan` and, where it succeeds, `apply`: the stub makes up what a provider would."""
    with _offline_copy(stack, states or {}) as folder:
        result = _plan(stub, folder)
        if result.errors:
            return result
        done = _run(stub, folder, "apply", "-json", "-input=false", "-lock=false", "plan")
        state = json.loads((folder / "terraform.tfstate").read_text())
        return Result(problems=_streamed(done.stdout), plan=result.plan, state=state)


def apply_environment(stub: StubProviders, stacks: Mapping[str, Path]) -> dict[str, Result]:
    """Plan and apply the stacks of one environment in order; each reads the states that the ones before it left.

    Stops at the first stack with an error. The result of every stack that was reached is given by its name.
    """
    results: dict[str, Result] = {}
    backends: list[tuple[Any, Mapping[str, Any]]] = []
    for name, path in stacks.items():
        tf = json.loads((path / STACK_FILE).read_text())
        read: dict[str, Mapping[str, Any]] = {}
        for source, body in _remote_states(tf).items():
            wanted = {body.get("backend"): body.get("config")}
            read.update((source, state) for backend, state in backends if backend == wanted)
        results[name] = terraform_apply(stub, path, read)
        if results[name].errors:
            break
        backends.append((state_home(tf["terraform"]), results[name].state))
    return results


def _plan(stub: StubProviders, folder: Path) -> Result:
    done = _run(stub, folder, "plan", "-json", "-input=false", "-lock=false", "-out=plan")
    problems = _streamed(done.stdout)
    if done.returncode != 0:
        return Result(problems=problems)
    return Result(problems=problems, plan=json.loads(_run(stub, folder, "show", "-json", "plan").stdout))


def _run(stub: StubProviders, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["terraform", *arguments]
    done = subprocess.run(command, cwd=folder, env=stub.environment, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(f"terraform {arguments[0]} said nothing (exit code {done.returncode}): {done.stderr}")
    return done


def _streamed(output: str) -> tuple[Problem, ...]:
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return _problems([line["diagnostic"] for line in lines if line.get("type") == "diagnostic"])


def _problems(diagnostics: list[dict[str, Any]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            severity=diagnostic["severity"],
            summary=diagnostic["summary"],
            detail=diagnostic.get("detail", ""),
            address=diagnostic.get("address", ""),
        )
        for diagnostic in diagnostics
    )


@contextmanager
def _copy(stack: Path) -> Iterator[Path]:
    """A copy of the configuration in a folder of its own, so that terraform leaves nothing beside the original."""
    with tempfile.TemporaryDirectory(prefix="stack-") as temporary:
        folder = Path(temporary)
        for file in sorted(stack.iterdir()):
            if file.name.endswith((".tf", ".tf.json")):
                shutil.copy(file, folder / file.name)
        yield folder


@contextmanager
def _offline_copy(stack: Path, states: States) -> Iterator[Path]:
    """A copy whose own state and whose other stacks' states are files.

    The backend, or the workspace, is taken out, not replaced: without one, Terraform keeps the state beside the configuration and needs
    no `init`.
    """
    with _copy(stack) as folder:
        tf = json.loads((folder / STACK_FILE).read_text())
        for home in ("backend", "cloud"):
            tf.get("terraform", {}).pop(home, None)
        for source, body in _remote_states(tf).items():
            path = folder / f"{source}.tfstate"
            path.write_text(json.dumps(states.get(source) or _made_up_state(folder, tf, source)))
            body.update(backend="local", config={"path": str(path)})
        (folder / STACK_FILE).write_text(json.dumps(tf))
        yield folder


def _remote_states(tf: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The remote-state data sources of the stack, by name."""
    states: dict[str, dict[str, Any]] = tf.get("data", {}).get("terraform_remote_state", {})
    return states


def _made_up_state(folder: Path, tf: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A state file with a made-up string for every output of `source` that the stack or its hand-written files read."""
    names = {read.partition(".")[2] for _, read in outputs_read(tf) if read.startswith(f"{source}.")}
    pattern = re.compile(rf"data\.terraform_remote_state\.{source}\.outputs\.([A-Za-z_][\w-]*)")
    for file in folder.glob("*.tf"):
        names.update(pattern.findall(file.read_text()))
    outputs = {name: {"value": f"made-up-{source}-{name}", "type": "string"} for name in sorted(names)}
    return {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "lineage": source,
        "outputs": outputs,
        "resources": [],
    }
