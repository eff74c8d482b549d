"""Which policy exceptions of specs have ended. The one thing that depends on the day, and of `check` alone."""

from __future__ import annotations

from dataclasses import dataclass

from msp.subsystems.msp import MspSubsystem
from msp.util_rules.envelope import Diagnostic
from msp.util_rules.services import MspPlatform, MspService, MspServiceInputs
from msp.util_rules.tool import MspTool, MspToolRequest, MspToolResult

from pants.engine.fs import Digest, DigestContents, MergeDigests
from pants.engine.process import Process, ProcessCacheScope, ProcessResult
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.logging import LogLevel

# A spec without this key has nothing that ends, and needs no process to say so.
_KEY = b"policyExceptions"
_CODES = ("exception-expired", "exception-expires-soon")


@dataclass(frozen=True)
class Today:
    """In UTC, as YYYY-MM-DD."""

    date: str


@dataclass(frozen=True)
class ExpiriesRequest:
    services: tuple[MspService, ...]


@dataclass(frozen=True)
class MspExpiries:
    diagnostics: tuple[Diagnostic, ...]


@rule(desc="Ask for the date", level=LogLevel.DEBUG)
async def find_today(msp: MspSubsystem) -> Today:
    if msp.today:
        return Today(msp.today)
    # A process, because a rule's answer lives as long as the daemon, and this one only as long as the command.
    process = Process(
        ("/bin/date", "-u", "+%Y-%m-%d"), description="Ask for the date", cache_scope=ProcessCacheScope.PER_SESSION
    )
    result = await Get(ProcessResult, Process, process)
    return Today(result.stdout.decode().strip())


@rule(desc="Look for policy exceptions that have ended", level=LogLevel.DEBUG)
async def find_expiries(request: ExpiriesRequest, msp: MspSubsystem, platform: MspPlatform) -> MspExpiries:
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in request.services)
    specs = await MultiGet(Get(DigestContents, Digest, one.spec_digest) for one in inputs)
    excepting = [
        (service, one)
        for service, one, contents in zip(request.services, inputs, specs)
        if any(_KEY in file.content for file in contents)
    ]
    if not excepting or platform.problem:
        return MspExpiries(())
    today = await Get(Today)
    result = await Get(
        MspToolResult,
        MspToolRequest(
            MspTool(msp.spec_model, "[msp].spec_model", "spec"),
            argv=(
                *("validate", "--json", "--on", today.date, "--root", ".", "--platform", platform.path),
                *(service.spec_path for service, _ in excepting),
            ),
            input_digest=await Get(Digest, MergeDigests((platform.digest, *(one.spec_digest for _, one in excepting)))),
            description="Look for policy exceptions that have ended",
        ),
    )
    return MspExpiries(tuple(one for one in result.envelope.diagnostics if one.code in _CODES))


def rules():
    return collect_rules()
