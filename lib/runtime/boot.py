"""The beginning of every process, up to the point where the service's own code runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from . import env
from .contract import ConfigurationError, Contract, Kind, Options, Reader, read_contract, read_options
from .contract import help as help_page
from .identity import Identity, identity_of
from .lifecycle.stop import FINE, MISUSED
from .service import Program

C = TypeVar("C")


@dataclass(frozen=True)
class Settings(Generic[C]):
    """Everything that the environment says."""

    contract: Contract
    options: Options
    config: C
    identity: Identity


def settings(program: Program[C], kind: Kind, values: Mapping[str, str]) -> Settings[C]:
    """Read it all. Raises ConfigurationError with everything that is wrong."""
    reader = Reader(values)
    contract, options = _platform(program, kind, reader)
    config = env.load(program.config, reader)
    reader.finish()
    assert contract is not None and config is not None
    return Settings(contract, options, config, identity_of(contract, program.version))


def _platform(program: Program[Any], kind: Kind, reader: Reader) -> tuple[Contract | None, Options]:
    contract = read_contract(reader, program.name, kind)
    return contract, read_options(reader, contract is not None and contract.on_platform)


def boot(program: Program[C], kind: Kind, arguments: Sequence[str], values: Mapping[str, str]) -> Settings[C]:
    """Answer `--help` and the sanity check, both of which end the process in order, or give the settings.

    Raises SystemExit: 0 after an answer, 2 where the arguments or the environment do not fit.
    """
    if values.get("SANITY_CHECK", "").lower() in ("true", "1"):
        print(json.dumps({"name": program.name, "version": program.version}))
        raise SystemExit(FINE)
    if list(arguments) in (["--help"], ["-h"]):
        reader = Reader(values)
        _platform(program, kind, reader)
        env.load(program.config, reader)
        print(help_page.render(program.name, program.version, program.description, reader.declared))
        raise SystemExit(FINE)
    if arguments:
        print(f"{program.name}: takes no arguments but --help; found {arguments[0]!r}", file=sys.stderr)
        raise SystemExit(MISUSED)
    try:
        return settings(program, kind, values)
    except ConfigurationError as error:
        _report(error, program, in_json=values.get("MSP") == "true")
        raise SystemExit(MISUSED) from None


def _report(error: ConfigurationError, program: Program[Any], *, in_json: bool) -> None:
    """To people as it is; on the platform as one log entry, before any logging is set up."""
    text = f"{program.name} {program.version} can't start: {error}"
    print(json.dumps({"severity": "CRITICAL", "message": text}) if in_json else text, file=sys.stderr)
