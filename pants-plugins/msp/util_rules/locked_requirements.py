"""A list of requirements as Pants takes it: a resolve of pants.toml, or the text of one, as a release brings it along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from pants.backend.python.subsystems.setup import PythonSetup
from pants.backend.python.util_rules import pex_requirements
from pants.backend.python.util_rules.interpreter_constraints import InterpreterConstraints
from pants.backend.python.util_rules.pex_requirements import EntireLockfile, Lockfile, PexRequirements, Resolve
from pants.engine.fs import EMPTY_DIGEST, CreateDigest, Digest, DigestContents, FileContent, PathGlobs
from pants.engine.rules import Get, collect_rules, rule
from pants.util.logging import LogLevel

_FILE = "release.lock.txt"


@dataclass(frozen=True)
class LockedRequirementsRequest:
    """A resolve; `text` is what its lockfile was when a release was cut, None for what it is now."""

    resolve: str
    text: str | None


@dataclass(frozen=True)
class LockedRequirements:
    """Parts of a PexRequest. Hashes are checked in either case."""

    requirements: Union[EntireLockfile, PexRequirements]
    interpreters: InterpreterConstraints = InterpreterConstraints()
    inputs: Digest = EMPTY_DIGEST
    arguments: tuple[str, ...] = ()


@rule(level=LogLevel.DEBUG)
async def lock_requirements(request: LockedRequirementsRequest, python_setup: PythonSetup) -> LockedRequirements:
    lockfile = await Get(Lockfile, Resolve(request.resolve, use_entire_lockfile=True))
    if request.text is not None:
        current = await Get(DigestContents, PathGlobs([lockfile.url]))
        if request.text.encode() not in [file.content for file in current]:
            inputs = await Get(Digest, CreateDigest([FileContent(_FILE, request.text.encode())]))
            # As Pants itself passes lists of hashes on: it knows lockfiles by their path in the work tree only.
            constraints = python_setup.resolves_to_interpreter_constraints.get(
                request.resolve, python_setup.interpreter_constraints
            )
            return LockedRequirements(
                PexRequirements(),
                InterpreterConstraints(constraints),
                inputs,
                ("--requirement", _FILE, "--no-transitive"),
            )
    # The same list is the same environment, made once.
    return LockedRequirements(EntireLockfile(lockfile))


def rules():
    return (*collect_rules(), *pex_requirements.rules())
