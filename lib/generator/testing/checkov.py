"""Run checkov on Terraform plans, offline.

It is a program, not a library, here: its hundred requirements are a resolve of their own, which no other test pays for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGED = Path("3rdparty.python/checkov.pex")
"""Where a build tool puts the program, from the folder that tests run in."""


@dataclass(frozen=True, order=True)
class Failure:
    """One check that one resource of one plan does not pass."""

    plan: str
    """`<service>/<environment>/<stack>`"""
    check: str
    resource: str
    name: str


@dataclass(frozen=True)
class Scan:
    """What checkov said."""

    failures: tuple[Failure, ...]
    passed: int
    """How many times some resource passed some check."""
    plans: frozenset[str]
    """The plans that it looked into."""
    unread: int
    """How many files it could not read. It only logs that, and goes on."""
    log: str


def checkov() -> tuple[str, ...]:
    """The command that starts it; empty where it is not installed."""
    if PACKAGED.exists():
        return (sys.executable, str(PACKAGED.resolve()))
    found = shutil.which("checkov")
    return (found,) if found else ()


def scan(program: tuple[str, ...], plans: Mapping[str, Mapping[str, Any]], folder: Path) -> Scan:
    """Scan plans by their names in one run; `folder` is empty and for its use."""
    top, home = folder / "plans", folder / "home"
    home.mkdir(parents=True)
    for name, plan in plans.items():
        path = top / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        # As terraform writes it. The two halves of an emoji as escapes, which JSON allows, are too much for checkov.
        path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run(
        [*program, "--directory", str(top), "--framework", "terraform_plan", "--output", "json", "--skip-download"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        document = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"checkov ended with {done.returncode}: {done.stderr[-3000:]}") from error
    results = document["results"]
    checks = [*results["failed_checks"], *results["passed_checks"]]
    return Scan(
        failures=tuple(
            sorted(
                Failure(_plan(check), check["check_id"], check["resource"], check["check_name"])
                for check in results["failed_checks"]
            )
        ),
        passed=document["summary"]["passed"],
        plans=frozenset(map(_plan, checks)),
        unread=document["summary"]["parsing_errors"],
        log=done.stderr,
    )


def _plan(check: Mapping[str, Any]) -> str:
    return str(check["file_path"]).strip("/").removesuffix(".json")
