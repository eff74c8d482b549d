"""Programs of this repository as build tools: what is run, and how its answer is read.

`util_rules/tool_process.py` says how a program gets its interpreter and requirements.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Iterable, Mapping

from msp.util_rules.envelope import FINE, SPEC_IS_WRONG, Envelope, EnvelopeError, parse_envelope

from pants.engine.engine_aware import EngineAwareParameter
from pants.engine.fs import Digest
from pants.engine.process import FallibleProcessResult, Process, ProcessCacheScope
from pants.engine.rules import Get, collect_rules, rule
from pants.util.docutil import bin_name
from pants.util.frozendict import FrozenDict
from pants.util.logging import LogLevel

_TAIL_LINES = 20


class ToolFailedError(Exception):
    """A program of the platform did not do its work: not the specs' fault, but its own, or its caller's."""


@dataclass(frozen=True)
class MspVersion(EngineAwareParameter):
    """Which version of a program: the number of a release, or the work tree's."""

    release: int | None = None

    def debug_hint(self) -> str:
        return f"release {self.release}" if self.release else "the work tree"


WORK_TREE = MspVersion()


@dataclass(frozen=True)
class MspTool(EngineAwareParameter):
    """One program: the address of its `__main__.py`, the option that named it, and the module to run.

    A release has its own files of the program, and only the module's name counts.
    """

    address: str
    option: str
    module: str
    version: MspVersion = WORK_TREE

    def debug_hint(self) -> str:
        return self.module if self.version == WORK_TREE else f"{self.module} of {self.version.debug_hint()}"


@dataclass(frozen=True)
class MspToolRequest(EngineAwareParameter):
    """One run of a program.

    `immutable_inputs` maps a folder of the sandbox to what lies there; the engine keeps one copy for all processes.
    `output_directory` is what the result's digest holds, with its own name as prefix.
    """

    tool: MspTool
    argv: tuple[str, ...]
    input_digest: Digest
    immutable_inputs: FrozenDict[str, Digest]
    output_directory: str | None
    description: str = dataclasses.field(compare=False)

    def __init__(
        self,
        tool: MspTool,
        *,
        argv: Iterable[str],
        input_digest: Digest,
        description: str,
        immutable_inputs: Mapping[str, Digest] = FrozenDict(),
        output_directory: str | None = None,
    ) -> None:
        object.__setattr__(self, "tool", tool)
        object.__setattr__(self, "argv", tuple(argv))
        object.__setattr__(self, "input_digest", input_digest)
        object.__setattr__(self, "immutable_inputs", FrozenDict(immutable_inputs))
        object.__setattr__(self, "output_directory", output_directory)
        object.__setattr__(self, "description", description)

    def debug_hint(self) -> str:
        return self.description


@dataclass(frozen=True)
class MspToolProcess:
    """The process of a request. (A type of its own, so that tests can put another program in its place.)"""

    process: Process


@dataclass(frozen=True)
class MspToolResult:
    """What a program answered, and what lies in its output directory."""

    envelope: Envelope
    output_digest: Digest


@rule(desc="Run a program of the platform", level=LogLevel.DEBUG)
async def run_tool(request: MspToolRequest) -> MspToolResult:
    process = (await Get(MspToolProcess, MspToolRequest, request)).process
    # A wrong spec's findings are an answer like any other, and depend on nothing but the inputs: cached.
    result = await Get(FallibleProcessResult, Process, dataclasses.replace(process, cache_scope=ProcessCacheScope.ALWAYS))
    if _answer(result) is None:
        # Anything else may have been the machine's fault: an old failure of that kind is not believed.
        result = await Get(
            FallibleProcessResult, Process, dataclasses.replace(process, cache_scope=ProcessCacheScope.PER_SESSION)
        )
    envelope = _answer(result)
    if envelope is None:
        raise _failed(request, result)
    return MspToolResult(envelope, result.output_digest)


def _answer(result: FallibleProcessResult) -> Envelope | None:
    """The envelope, or None where the program failed. (An uncaught error ends Python with 1 too, but without an envelope.)"""
    if result.exit_code not in (FINE, SPEC_IS_WRONG):
        return None
    try:
        return parse_envelope(result.stdout)
    except EnvelopeError:
        return None


def _failed(request: MspToolRequest, result: FallibleProcessResult) -> ToolFailedError:
    reason = f"it ended with exit code {result.exit_code}"
    if result.exit_code in (FINE, SPEC_IS_WRONG):
        try:
            parse_envelope(result.stdout)
        except EnvelopeError as error:
            reason = f"{reason}, and {error}"
    tail = result.stderr.decode(errors="replace").strip().splitlines()[-_TAIL_LINES:]
    return ToolFailedError(
        "\n".join(
            (
                f"{request.description}: {reason}. This is not about what the specs say.",
                *(f"    {line}" for line in tail),
                f"It ran: python -m {request.tool.module} {' '.join(request.argv)}",
                f"To run it again by hand, repeat the command as `{bin_name()} --keep-sandboxes=on_failure --no-local-cache …`"
                " and run the `__run.sh` that it names.",
            )
        )
    )


def rules():
    return collect_rules()
