"""platform.yaml by itself."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import get_args

from ..findings import Finding, Keys, listed
from ..limits import MIN_TERRAFORM_VERSION, REGIONS
from ..model.tiered import MIN_REASON_LENGTH, Tier
from ..names import OWN_LABELS
from ..platform import Platform
from ..platform.people import Notifications
from .base import known, repetitions


def regions_exist(platform: Platform) -> Iterator[Finding]:
    """Cloud Run runs in every region that is allowed."""
    for index, region in known(platform.regions.allowed):
        if region not in REGIONS:
            nearest = get_close_matches(region, REGIONS, n=1)
            yield Finding(
                ("regions", "allowed", index),
                "unknown-region",
                "a region of Cloud Run (https://cloud.google.com/run/docs/locations)",
                f"write {nearest[0]}" if nearest else "choose one from that page",
            )
    yield from repetitions(platform.regions.allowed, ("regions", "allowed"))


def default_region_is_allowed(platform: Platform) -> Iterator[Finding]:
    """The default is one of those allowed."""
    if platform.regions.default not in platform.regions.allowed:
        yield Finding(
            ("regions", "default"),
            "region-not-allowed",
            "one of `regions.allowed`",
            f"add {platform.regions.default} to `regions.allowed`, or choose one of them",
        )


def zones_are_unique(platform: Platform) -> Iterator[Finding]:
    """Each zone once."""
    for finding in repetitions([zone.zone for zone in platform.domains], ("domains",)):
        yield Finding((*finding.keys, "zone"), finding.code, finding.expected, finding.fix)


def terraform_is_new_enough(platform: Platform) -> Iterator[Finding]:
    """Secrets are written through write-only arguments:
    https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only"""
    for keys, version in _terraform_versions(platform):
        if version is not None and _numbers(version) < MIN_TERRAFORM_VERSION:
            least = ".".join(map(str, MIN_TERRAFORM_VERSION))
            yield Finding(
                keys,
                "terraform-too-old",
                f"at least {least}, from which secrets can be written without being kept in the state",
                f"write {least} or newer",
            )


def terraform_goes_from_tier_to_tier(platform: Platform) -> Iterator[Finding]:
    """A version comes to a tier after the tier before it."""
    terraform = platform.terraform
    for before, tier in pairwise(get_args(Tier)):
        earlier, own = terraform.version_in(before), terraform.version_in(tier)
        if _numbers(own) > _numbers(earlier):
            # Where the tier has none of its own, the one before is what holds it back.
            holder = tier if getattr(terraform.versions, tier) is not None else before
            yield Finding(
                ("terraform", "versions", holder),
                "terraform-out-of-order",
                f"no newer version in tier {tier} ({own}) than in tier {before} ({earlier})",
                f"write `{tier}: {earlier}`, or a newer version for {before}",
            )


def _terraform_versions(platform: Platform) -> Iterator[tuple[Keys, str | None]]:
    yield ("terraform", "version"), platform.terraform.version
    for tier in get_args(Tier):
        yield ("terraform", "versions", tier), getattr(platform.terraform.versions, tier)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def labels_are_free(platform: Platform) -> Iterator[Finding]:
    """No label of the platform's own is set."""
    for name in platform.labels:
        if name in OWN_LABELS:
            yield Finding(
                ("labels", name),
                "reserved-label",
                f"a label other than {', '.join(OWN_LABELS)}",
                "choose another name; the platform sets this one",
                f"the label `{name}`",
                on_key=True,
            )


SECRET_HOSTS = (
    "hooks.slack.com",
    "discord.com",
    "events.pagerduty.com",
    "events.eu.pagerduty.com",
    "api.opsgenie.com",
    "chat.googleapis.com",
    "webhook.office.com",
)
"""Hosts whose webhook addresses are secrets by themselves: who knows one may post."""


def addresses_hold_no_secret(platform: Platform) -> Iterator[Finding]:
    """A destination is committed and is in Terraform's state, so it must be no secret (docs/adr/0009)."""
    places: list[tuple[Keys, Notifications]] = [(("notifications",), platform.notifications)]
    places += [(("owners", id, "notifications"), owner.notifications) for id, owner in platform.owners.items()]
    for keys, notifications in places:
        for name in ("chat", "pager", "webhook"):
            host = (getattr(notifications, name) or "").removeprefix("https://").partition("/")[0]
            if any(host == secret or host.endswith(f".{secret}") for secret in SECRET_HOSTS):
                yield Finding(
                    (*keys, name),
                    "secret-address",
                    "an address that is no secret",
                    "send it through a Pub/Sub topic, or name a channel made by hand under `monitoring.channels` of the"
                    " environment",
                )


def standing_binding_has_reason(platform: Platform) -> Iterator[Finding]:
    """Without time-bound access people bind roles by hand: somebody must have wanted that."""
    if platform.access.time_bound == "none" and platform.access.reason is None:
        yield Finding(
            ("access", "timeBound"),
            "reason-required",
            f"privilegedAccessManager, or a reason of at least {MIN_REASON_LENGTH} characters why not",
            "add `reason: …` beside it, or delete the line",
        )


def access_keys_have_effect(platform: Platform) -> Iterator[Finding]:
    """A reason is for `timeBound: none`; approvers and notices are for everything else."""
    access, off = platform.access, platform.access.time_bound == "none"
    for name, declared, has_effect, why in (
        ("reason", access.reason is not None, off, "no `reason` while access is time-bound"),
        ("approvers", access.approvers is not None, not off, "no `approvers` with `timeBound: none`"),
        ("notify", bool(access.notify), not off, "no `notify` with `timeBound: none`"),
    ):
        if declared and not has_effect:
            yield Finding(("access", name), "without-effect", why, "delete it", f"`{name}`", on_key=True)


def state_is_in_one_place(platform: Platform) -> Iterator[Finding]:
    """Exactly one kind of backend."""
    declared = [name for name in ("gcs", "hcp") if getattr(platform.state, name) is not None]
    if len(declared) != 1:
        yield Finding(
            ("state",),
            "one-backend",
            "one of gcs and hcp",
            "keep the one that holds the state" if declared else "add `gcs: {bucket: …}` or `hcp: {organization: …}`",
            listed(declared, "and") if declared else "neither",
        )


def opentofu_knows_its_host(platform: Platform) -> Iterator[Finding]:
    """OpenTofu has no default for it: https://opentofu.org/docs/cli/cloud/settings/"""
    hcp = platform.state.hcp
    if platform.terraform.engine == "opentofu" and hcp is not None and hcp.hostname is None:
        yield Finding(
            ("state", "hcp", "hostname"),
            "hostname-missing",
            "the host of the workspaces, which OpenTofu doesn't presume",
            "add `hostname: app.terraform.io`, or your own",
            "no `hostname`",
        )


RULES = (
    regions_exist,
    default_region_is_allowed,
    zones_are_unique,
    terraform_is_new_enough,
    terraform_goes_from_tier_to_tier,
    labels_are_free,
    state_is_in_one_place,
    opentofu_knows_its_host,
    addresses_hold_no_secret,
    standing_binding_has_reason,
    access_keys_have_effect,
)
