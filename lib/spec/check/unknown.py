"""Keys of Sourcegraph's Managed Services Platform that have another name or another form here.

Somebody who brings a spec along is told what to write. The reference page prints this table.
"""

from __future__ import annotations

REPLACED: dict[str, str] = {
    "category": "write `tier`; the values test, internal and external are the same",
    "locations": "write `region`; everything of an environment is in one region",
    "gcpRegion": "write `region` directly under the environment",
    "gcpLocation": "delete it; it follows from `region`",
    "notionPageID": "delete it; the operations guide is generated from this file",
    "monitoring": "delete it; the platform does not offer it yet",
    "alerting": "delete it; the platform does not offer it yet",
    "nobl9": "delete it; the platform does not offer it",
    "rollout": "delete it; `deploy.type` offers manual alone for now",
    "manual": "write `tag` and `digest` directly under `deploy`",
    "subscription": "write `type: manual` with a tag or digest; subscriptions are not offered yet",
    "proxied": "write `webApplicationFirewall`; Cloud Armor stands where Cloudflare's proxy stood",
    "cloudflare": "write `zone` and `subdomain` directly under `domain`",
    "networking": "write `logging` directly under `domain`",
    "loadBalancerLogging": "write `logging` directly under `domain`",
    "sourcegraph": "write `type: invokers` with `invokers: [domain:<your domain>]`",
    "cloudRunGeneration": "write `executionEnvironment: gen1` or `gen2`",
    "bigQueryDataset": "delete it; the platform does not offer it yet",
    "logicalReplication": "delete it; the platform does not offer it yet",
    "healthzProbes": "write `enabled`",
}


def replaced_key(name: str) -> str | None:
    """What to do about a key of the reference platform, None where it is none."""
    return {key.lower(): fix for key, fix in REPLACED.items()}.get(name.lower())
