"""How the generator is called, by the number of the protocol that a release was cut with. Pure.

The answer, an envelope, has a version of its own (`util_rules/envelope.py`). A change of the arguments that an older release
would not understand is a new protocol: a number, a function in the table, a line in lib/generator/testdata/envelope.argv.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping


@dataclass(frozen=True)
class GenerateCall:
    """One run of the generator.

    tiers     the tiers of whose environments Terraform is made, without guides; nothing for all of everything
    releases  tier → the release that makes its environments instead
    """

    platform: str
    bindings: str
    out: str
    node: str | None
    specs: tuple[str, ...]
    tiers: tuple[str, ...] = ()
    releases: tuple[tuple[str, int], ...] = ()


def _arguments_1(call: GenerateCall) -> tuple[str, ...]:
    return (
        *("generate", "--root", ".", "--platform", call.platform, "--bindings", call.bindings, "--out", call.out),
        *(("--node", call.node) if call.node else ()),
        *(part for tier in call.tiers for part in ("--tier", tier)),
        *(part for tier, release in call.releases for part in ("--release", f"{tier}={release}")),
        *(part for spec in call.specs for part in ("--spec", spec)),
    )


PROTOCOLS: Mapping[int, Callable[[GenerateCall], tuple[str, ...]]] = {1: _arguments_1}

CURRENT = max(PROTOCOLS)
"""The work tree's."""
