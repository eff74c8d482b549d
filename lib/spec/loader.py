"""Files in, specs and findings out: the one way to read platform.yaml and service.yaml files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from . import narrow
from .check import check
from .diagnostics import Diagnostic, has_errors, ordered
from .document import Mapping, Problem, parse
from .document.text import MAX_BYTES, too_large
from .document.tree import START, Position, as_written, describe, find, locate
from .findings import Finding, Keys, dotted, listed, printable
from .images import lock_findings, resolved
from .model.base import Section
from .model.images import FILE as LOCK_FILE
from .model.images import ImageLock
from .model.root import ServiceSpec
from .narrow import Narrowed
from .platform import Platform
from .rules import Member, fleet_findings, platform_findings, service_findings

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class LoadedService:
    """A valid spec and where it comes from. Paths are relative to the root where the file lies below it.

    In `spec`, an environment with a subscription has the digest that its lock file names. `elsewhere` are the ids of
    environments that are in the file and not in `spec`: another version of the generator makes them.
    """

    path: Path
    spec: ServiceSpec
    root: Mapping = field(repr=False)
    elsewhere: frozenset[str] = frozenset()

    @property
    def directory(self) -> Path:
        """The directory of the spec."""
        return self.path.parent

    def position(self, keys: Keys) -> Position:
        """Where a key path stands in the file; the nearest place above it where it does not."""
        return locate(self.root, keys)

    def key(self, keys: Keys) -> str:
        """A key path as findings show it."""
        return dotted(as_written(self.root, keys))


@dataclass(frozen=True)
class Fleet:
    """What was read.

    platform     None where platform.yaml has errors
    services     the specs without errors, by path
    diagnostics  all findings of all files, sorted; warnings among them do not make a spec invalid
    """

    platform: Platform | None
    services: tuple[LoadedService, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class _File(Generic[S]):
    """One file on the way: `value` is None where there is no mapping at its root, and partial unless `is_whole`.

    `elsewhere` is what narrowing left out; a file that it left out altogether has neither root nor findings.
    """

    path: Path
    root: Mapping | None
    value: S | None
    is_whole: bool
    diagnostics: tuple[Diagnostic, ...]
    elsewhere: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        return self.value is not None and not has_errors(self.diagnostics)


def load_fleet(
    platform_path: Path,
    spec_paths: Sequence[Path],
    root: Path,
    *,
    locked: bool = True,
    tiers: frozenset[str] | None = None,
) -> Fleet:
    """Reads platform.yaml and the specs, and checks each by itself, against the platform, and against each other.

    Relative paths are taken from `root`; the paths in the result and in diagnostics are relative to it. Never raises
    for what a file holds. With `locked` each spec's images.lock.yaml is read with it; without, subscriptions stay
    without digests. With `tiers`, only their environments are looked at (`spec.narrow` tells how), and a spec that has
    none of them is left out.
    """
    settings = _load(Platform, platform_path, root, narrow.nothing if tiers is None else narrow.unknown_keys)
    platform = _with_findings(settings, platform_findings)
    usable_platform = platform.value if platform.is_valid else None
    specs: list[_File[ServiceSpec]] = []
    locks: list[_File[ImageLock]] = []
    for path in sorted({_shown(path, root) for path in spec_paths}):
        spec = _load(ServiceSpec, path, root, narrow.nothing if tiers is None else partial(narrow.other_tiers, tiers=tiers))
        lock = _load_lock(path.parent / LOCK_FILE, root, spec) if locked else None
        rules = partial(
            service_findings,
            platform=usable_platform,
            directory=_directory_name(path, root),
            lock=None if lock is None or not lock.is_valid else lock.value,
            targets=f"{path.parent.as_posix()}::",
        )
        specs.append(_with_findings(spec, rules))
        locks.extend([lock] if lock is not None else [])
    specs = _with_fleet_findings(specs)
    broken_locks = {lock.path.parent for lock in locks if not lock.is_valid}
    by_directory = {lock.path.parent: lock.value for lock in locks}
    return Fleet(
        platform=usable_platform,
        services=tuple(
            LoadedService(file.path, resolved(file.value, by_directory.get(file.path.parent)), file.root, file.elsewhere)
            for file in specs
            if file.is_valid
            and file.value is not None
            and file.root is not None
            and file.path.parent not in broken_locks
        ),
        diagnostics=ordered(
            [
                *platform.diagnostics,
                *(found for spec in specs for found in spec.diagnostics),
                *(found for lock in locks for found in lock.diagnostics),
            ]
        ),
    )


def read_lock(path: Path, root: Path) -> ImageLock:
    """What an images.lock.yaml says, by itself; nothing where there is none or it has errors."""
    lock = _load_lock(path, root, None)
    return lock.value if lock.is_valid and lock.value is not None else ImageLock()


def _load_lock(path: Path, root: Path, spec: _File[ServiceSpec] | None) -> _File[ImageLock]:
    """What stands beside a spec about its images; nothing where there is no such file."""
    if not (root / path).exists():
        return _File(_shown(path, root), Mapping(START), ImageLock(), True, ())
    lock = _load(ImageLock, path, root)
    if spec is None or spec.value is None:
        return lock
    return _with_findings(lock, partial(lock_findings, spec=spec.value, elsewhere=spec.elsewhere))


def _load(
    section: type[S], path: Path, root: Path, narrowed: Callable[[Mapping], Narrowed | None] = narrow.nothing
) -> _File[S]:
    """Reads one file and holds what narrowing leaves of it against its section of the model."""
    shown = _shown(path, root)
    content, problem = _read(root / path)
    if problem is not None:
        return _File(shown, None, None, False, (_diagnostic_of_problem(problem, shown),))
    tree, problems = parse(content)
    diagnostics = [_diagnostic_of_problem(problem, shown) for problem in problems]
    if tree is None:
        return _File(shown, None, None, False, tuple(diagnostics))
    left = narrowed(tree)
    if left is None:
        return _File(shown, None, None, False, ())
    tree, checked = left.root, check(section, left.root)
    unknown = narrow.tolerated(checked.findings, left)
    if unknown:
        diagnostics += [_diagnostic(finding, shown, tree) for finding in unknown]
        for finding in unknown:
            tree = narrow.without(tree, finding.keys)
        checked = check(section, tree)
    diagnostics += [_diagnostic(finding, shown, tree) for finding in checked.findings]
    return _File(shown, tree, checked.value, checked.is_whole, tuple(diagnostics), left.elsewhere)


def _read(path: Path) -> tuple[bytes, Problem | None]:
    try:
        with open(path, "rb") as file:
            # One byte more than allowed tells a file that is too large without reading all of it.
            content = file.read(MAX_BYTES + 1)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return b"", Problem(START, "file-missing", "no such file", "a file", _instead_of(path))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return b"", Problem(START, "file-unreadable", reason, "a readable file", "check the path and its permissions")
    if len(content) > MAX_BYTES:
        return b"", too_large(max(size, len(content)))
    return content, None


def _instead_of(path: Path) -> str:
    """What the writer of a path may have meant: the specs in the neighbouring directories."""
    neighbours = sorted(str(other.parent.name) for other in path.parent.parent.glob(f"*/{path.name}"))
    nearest = get_close_matches(path.parent.name, neighbours, n=1)
    if nearest:
        return f"write {nearest[0]}/{path.name}, or make the file"
    there = f"; beside it there are {listed(neighbours[:10], 'and')}" if neighbours else ""
    return f"check the path, or make the file{there}"


def _with_findings(file: _File[S], findings_of: Callable[[S, bool], Iterable[Finding]]) -> _File[S]:
    """The file with the findings of rules added; rules see the value even where parts of it are unknown."""
    return file if file.value is None else _with(file, findings_of(file.value, file.is_whole))


def _with(file: _File[S], findings: Iterable[Finding]) -> _File[S]:
    if file.root is None:
        return file
    found = [_diagnostic(finding, file.path, file.root) for finding in findings]
    return replace(file, diagnostics=(*file.diagnostics, *found))


def _with_fleet_findings(files: list[_File[ServiceSpec]]) -> list[_File[ServiceSpec]]:
    """The files with the findings of rules about several of them; they blame the later file and name the earlier."""
    members = [
        Member(index, file.path.as_posix(), file.value, file.root)
        for index, file in enumerate(files)
        if file.value is not None and file.root is not None
    ]
    found: dict[int, list[Finding]] = {}
    for member, finding in fleet_findings(members):
        found.setdefault(member.index, []).append(finding)
    return [_with(file, found.get(index, [])) for index, file in enumerate(files)]


def _diagnostic(finding: Finding, path: Path, root: Mapping) -> Diagnostic:
    position = locate(root, finding.keys, on_key=finding.on_key)
    node = find(root, finding.keys)
    return Diagnostic(
        severity=finding.severity,
        code=finding.code,
        path=path.as_posix(),
        line=position.line,
        column=position.column,
        key=dotted(as_written(root, finding.keys)),
        found=printable(finding.found or (describe(node) if node is not None else "nothing")),
        expected=printable(finding.expected),
        fix=printable(finding.fix),
    )


def _diagnostic_of_problem(problem: Problem, path: Path) -> Diagnostic:
    return Diagnostic(
        severity="error",
        code=problem.code,
        path=path.as_posix(),
        line=problem.position.line,
        column=problem.position.column,
        key=dotted(problem.keys),
        found=printable(problem.found),
        expected=printable(problem.expected),
        fix=printable(problem.fix),
    )


def _shown(path: Path, root: Path) -> Path:
    """The path as findings show it: relative to the root where it lies below it, without `.` and `..`."""
    absolute = os.path.abspath(root / path)
    base = os.path.abspath(root)
    if absolute == base or absolute.startswith(base.rstrip(os.sep) + os.sep):
        return Path(os.path.relpath(absolute, base))
    return Path(absolute)


def _directory_name(path: Path, root: Path) -> str:
    return os.path.basename(os.path.dirname(os.path.abspath(root / path)))
