"""Environments that a release of the generator makes, and what it says of them in the words of who reads it now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable, Iterator, Sequence

from msp.util_rules.envelope import Diagnostic
from msp.util_rules.protocol import PROTOCOLS
from msp.util_rules.release_lock import ReleaseLock
from msp.util_rules.releases import MspReleases
from msp.util_rules.services import MspService, MspServiceInputs
from msp.util_rules.spec_peek import peek

from pants.engine.fs import Digest, DigestContents
from pants.engine.rules import Get, collect_rules, rule
from pants.util.docutil import bin_name
from pants.util.logging import LogLevel


@dataclass(frozen=True)
class MspServiceTiers:
    """The environments of one service with their tiers, in the spec's order."""

    environments: tuple[tuple[str, str], ...]

    def held(self, lock: ReleaseLock) -> frozenset[tuple[str, int]]:
        """The tiers among them that are held, each with its release."""
        tiers = {tier for _, tier in self.environments}
        return frozenset((tier, release) for tier, release in lock.held.items() if tier in tiers)

    def of(self, tier: str) -> tuple[str, ...]:
        return tuple(environment for environment, its in self.environments if its == tier)


@rule(desc="Look up the tiers of a service's environments", level=LogLevel.DEBUG)
async def find_tiers(service: MspService) -> MspServiceTiers:
    inputs = await Get(MspServiceInputs, MspService, service)
    for file in await Get(DigestContents, Digest, inputs.spec_digest):
        if file.path == service.spec_path:
            found = peek(file.path, file.content)
            return MspServiceTiers(tuple(zip(found.environments, found.tiers)))
    return MspServiceTiers(())


def foreign_protocols(releases: MspReleases, protocols: Sequence[int]) -> list[Diagnostic]:
    """Releases, with the protocol of each, that this plugin does not know how to call."""
    known = ", ".join(map(str, PROTOCOLS))
    return [
        Diagnostic(
            path=releases.path,
            line=line,
            column=column,
            severity="error",
            code="release-protocol",
            key=f"releases.{release}",
            found=f"a release that is called by protocol {protocol}",
            expected=f"a protocol that this plugin knows: {known}",
            fix=f"run {upgrade_commands(releases.lock, releases.lock.tiers_of(release)[-1])}",
        )
        for release, protocol in zip(releases.usable, protocols)
        for line, column in [releases.places[f"releases.{release}"]]
        if protocol not in PROTOCOLS
    ]


def without_known(found: Iterable[Diagnostic], known: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """What is not said by the work tree's generator already, about the same place."""
    places = {(one.path, one.line, one.column, one.code) for one in known}
    return (one for one in found if (one.path, one.line, one.column, one.code) not in places)


def explain(found: Diagnostic, release: int, lock: ReleaseLock) -> Diagnostic:
    """What a release says, with who made it and how to get a newer one."""
    tiers = lock.tiers_of(release)
    whose = f"release {release} of the generator, at which {_listed(tiers)} held,"
    upgrade = upgrade_commands(lock, tiers[-1])
    if found.code == "unknown-key":
        return replace(
            found,
            code="unknown-to-release",
            found=f"a key that {whose} does not know",
            fix=f"run {upgrade}, or do without the key until then" if found.is_error else f"run {upgrade}, for it to have effect there",
        )
    return replace(found, expected=f"{found.expected} ({whose} says so)", fix=f"{found.fix}; or run {upgrade}")


def upgrade_commands(lock: ReleaseLock, tier: str) -> str:
    """What to run, in this order, for a tier to get something newer than it has."""
    return ", then ".join(f"`{bin_name()} msp-upgrade --tier={one}`" for one in lock.to_upgrade(tier))


def _listed(tiers: Sequence[str]) -> str:
    return f"tier {tiers[0]} is" if len(tiers) == 1 else f"tiers {' and '.join(tiers)} are"


def rules():
    return collect_rules()
