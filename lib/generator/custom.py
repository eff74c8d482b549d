"""Hand-written Terraform beside a service: `services/<id>/terraform/<environment>/<stack>/*.tf`.

It is carried into the generated stack as it is. It may use the documented locals (`generator.stacks.locals`) and every
resource of its stack; it may not replace what the platform sets up (state, providers). Its syntax and its locals are
checked here, its arguments by the real terraform.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.stacks.locals import documented_locals
from spec.diagnostics import Diagnostic

LOCAL = re.compile(r"(?<![\w.])local\.(\w+)")
COMMENT = re.compile(r"(?:^|\s)(?:#|//).*$")


@dataclass(frozen=True)
class Custom:
    """The hand-written files of one service."""

    files: Mapping[tuple[str, str], Mapping[str, bytes]]
    """(environment, stack) -> file name -> content."""
    diagnostics: tuple[Diagnostic, ...]


def read_custom(
    root: Path, directory: Path, stacks: Mapping[str, Sequence[str]], elsewhere: Collection[str] = ()
) -> Custom:
    """Read the hand-written Terraform of the service in `directory` (relative to `root`).

    `stacks` has the stacks of each environment; what lies in the folder of one that is made `elsewhere`, by another version
    of the generator, is not looked at. Everything that can't be carried is a diagnostic.
    """
    top = root / directory / "terraform"
    files: dict[tuple[str, str], dict[str, bytes]] = {}
    findings: list[Diagnostic] = []
    for path in sorted(p for p in top.rglob("*") if p.is_file()) if top.is_dir() else ():
        parts = path.relative_to(top).parts
        if parts[0] in elsewhere:
            continue
        problem = _misplaced(path.relative_to(root).as_posix(), parts, stacks)
        if problem is not None:
            findings.append(problem)
            continue
        environment, stack, name = parts
        files.setdefault((environment, stack), {})[name] = path.read_bytes()
    for (environment, stack), contents in files.items():
        folder = (directory / "terraform" / environment / stack).as_posix()
        findings.extend(check_stack(folder, contents, stack))
    return Custom(files=files, diagnostics=tuple(findings))


def _misplaced(where: str, parts: Sequence[str], stacks: Mapping[str, Sequence[str]]) -> Diagnostic | None:
    layout = "services/<id>/terraform/<environment>/<stack>/<name>.tf"
    if len(parts) != 3 or not parts[2].endswith(".tf"):
        return _finding("custom-terraform-place", where, f"the file {'/'.join(parts)}", layout, "move or rename it")
    environment, stack, _ = parts
    if environment not in stacks:
        return _unknown("environment", where, environment, stacks)
    if stack not in stacks[environment]:
        return _unknown("stack", where, stack, stacks[environment])
    return None


def _unknown(what: str, where: str, name: str, known: Iterable[str]) -> Diagnostic:
    names = list(known)
    near = difflib.get_close_matches(name, names, 1)
    return _finding(
        "custom-terraform-place",
        where,
        f"{what} {name!r}",
        f"one of {', '.join(names)}",
        f"rename the folder to {near[0]!r}" if near else "move the folder",
    )


def check_stack(folder: str, contents: Mapping[str, bytes], stack: str) -> list[Diagnostic]:
    """Everything that is wrong with the hand-written files of one stack."""
    findings: list[Diagnostic] = []
    texts: dict[str, str] = {}
    own: set[str] = set()
    for name, content in contents.items():
        where = f"{folder}/{name}"
        parsed = _parse(where, content)
        if isinstance(parsed, Diagnostic):
            findings.append(parsed)
            continue
        texts[where] = content.decode()
        own.update(local for block in parsed.get("locals", []) for local in block)
        findings.extend(_forbidden(where, texts[where], parsed))
    known = [*documented_locals(stack), *sorted(own - {"__is_block__"})]
    for where, text in texts.items():
        findings.extend(_unknown_locals(where, text, known, stack))
    return findings


def _parse(where: str, content: bytes) -> Mapping[str, Any] | Diagnostic:
    # Imported late: the parser takes longer to load than most services to generate, and most have no such file.
    import hcl2
    from lark.exceptions import UnexpectedInput

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _finding("custom-terraform-syntax", where, "bytes that are not UTF-8", "UTF-8 text", "save it as UTF-8", line)
    try:
        parsed: Mapping[str, Any] = hcl2.loads(text if text.endswith("\n") else text + "\n")
    except UnexpectedInput as error:
        line, column = max(error.line, 1), max(error.column, 1)
        rows = text.splitlines()
        found = repr(rows[line - 1].strip()[:60]) if line <= len(rows) else "the end of the file"
        return _finding(
            "custom-terraform-syntax", where, found, "Terraform's HCL syntax",
            f"run `terraform fmt {where}` to see what is missing", line, column,
        )  # fmt: skip
    return parsed


def _forbidden(where: str, text: str, parsed: Mapping[str, Any]) -> list[Diagnostic]:
    findings = []
    for block in ("terraform", "provider"):
        if block in parsed:
            line = next((n for n, row in enumerate(text.splitlines(), 1) if row.lstrip().startswith(block)), 1)
            findings.append(
                _finding(
                    "custom-terraform-forbidden", where, f"a `{block}` block",
                    "only blocks that add to the stack: the platform sets state, versions and providers",
                    "remove it", line,
                )  # fmt: skip
            )
    return findings


def _unknown_locals(where: str, text: str, known: Sequence[str], stack: str) -> list[Diagnostic]:
    findings = []
    for number, row in enumerate(text.splitlines(), 1):
        for match in LOCAL.finditer(COMMENT.sub("", row)):
            if match[1] not in known:
                near = difflib.get_close_matches(match[1], known, 1)
                findings.append(
                    _finding(
                        "custom-terraform-local", where, f"local.{match[1]}",
                        f"a local of stack {stack}: {', '.join(known)}",
                        f"write local.{near[0]}" if near else "declare it in a `locals` block of this stack",
                        number, match.start() + 1,
                    )  # fmt: skip
                )
    return findings


def _finding(code: str, path: str, found: str, expected: str, fix: str, line: int = 1, column: int = 1) -> Diagnostic:
    return Diagnostic(
        severity="error", code=code, path=path, line=line, column=column, key="", found=found, expected=expected, fix=fix
    )
