"""Which tiers lag behind the newest version of the generator, by how much, and whose environments that are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping, Optional

from msp.util_rules.envelope import Diagnostic
from msp.util_rules.held import MspServiceTiers, upgrade_commands
from msp.util_rules.release_lock import TIERS, ReleaseLock, named
from msp.util_rules.releases import MspRelease, MspReleases, plain
from msp.util_rules.services import MspService
from msp.util_rules.tool import MspVersion
from msp.util_rules.work_tree import WorkTreeRelease

from pants.engine.fs import Digest, DigestEntries
from pants.engine.rules import Get, MultiGet, collect_rules, rule
from pants.util.logging import LogLevel
from pants.util.strutil import pluralize


@dataclass(frozen=True)
class LagRequest:
    """The services to name."""

    services: tuple[MspService, ...]


@dataclass(frozen=True)
class MspLag:
    """One warning for each tier that lags; such that nobody asked about is left out."""

    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class SameAsWorkTree:
    """The newest release, where the work tree does not differ from it."""

    release: Optional[int]


@rule(desc="Compare the newest release with the work tree", level=LogLevel.DEBUG)
async def compare_with_work_tree(releases: MspReleases) -> SameAsWorkTree:
    newest = releases.lock.newest
    if newest not in releases.lock.releases or releases.are_broken:
        return SameAsWorkTree(None)
    release, work_tree = await MultiGet(Get(MspRelease, MspVersion(newest)), Get(WorkTreeRelease))
    theirs, ours = await MultiGet(Get(DigestEntries, Digest, one.digest) for one in (release, work_tree))
    return SameAsWorkTree(newest if plain(theirs) == plain(ours) else None)


@rule(desc="Look for tiers that lag", level=LogLevel.DEBUG)
async def find_lag(request: LagRequest, releases: MspReleases) -> MspLag:
    if not releases.lock.held or releases.are_broken:
        return MspLag(())
    same = await Get(SameAsWorkTree)
    tiers = await MultiGet(Get(MspServiceTiers, MspService, service) for service in request.services)
    found = {service.id: one for service, one in zip(request.services, tiers)}
    return MspLag(tuple(lags(releases.path, releases.places, releases.lock, same.release, found)))


def lags(
    path: str,
    places: Mapping[str, tuple[int, int]],
    lock: ReleaseLock,
    same_as_work_tree: Optional[int],
    services: Mapping[str, MspServiceTiers],
) -> Iterable[Diagnostic]:
    """One warning for each tier of these services that lags."""
    # The work tree counts as the release that it would become.
    newest = lock.newest if same_as_work_tree else lock.newest + 1
    for tier in TIERS:
        version = lock.version(tier)
        whose = {service: one.of(tier) for service, one in services.items() if one.of(tier)}
        if version is None or version == newest or not whose:
            continue
        line, column = places[f"tiers.{tier}"]
        earlier = lock.before(tier)
        before = lock.version(earlier) if earlier else None
        expected = "the work tree's" if before is None else f"{named(before)}, as tier {earlier} has"
        if before == version:
            expected = f"what tier {earlier} gets next"
        yield Diagnostic(
            path=path,
            line=line,
            column=column,
            severity="warning",
            code="tier-lags",
            key=f"tiers.{tier}",
            found=f"{named(version)}, {pluralize(newest - version, 'release')} behind {_newest(same_as_work_tree)}",
            expected=expected,
            fix=f"run {upgrade_commands(lock, tier)}, when the tier before has proved it",
            snippet="\n".join(f"{service}: {', '.join(environments)}" for service, environments in sorted(whose.items())),
        )


def _newest(same_as_work_tree: Optional[int]) -> str:
    return f"release {same_as_work_tree}, the newest" if same_as_work_tree else "the work tree"


def rules():
    return collect_rules()
