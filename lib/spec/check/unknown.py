"""Keys of Sourcegraph's Managed Services Platform that have another name or another form here.

A name stands with as much of its path as is needed to tell it from a key that exists elsewhere. Somebody who brings a spec along is told what to write. The reference page prints this table.
"""

from __future__ import annotations

from ..findings import Keys

REPLACED: dict[str, str] = {
    "service.iam.services": "write `apis`",
    "build.source.repo": "write `repository`",
    "build.source.dir": "write `directory`",
    "category": "write `tier`; the values test, internal and external are the same",
    "locations": "write `region`; everything of an environment is in one region",
    "gcpRegion": "write `region` directly under the environment",
    "gcpLocation": "delete it; it follows from `region`",
    "notionPageID": "delete it; the operations guide is generated from this file",
    "alerting": "write `monitoring.paging` under the environment; alerts of severity page wake somebody where it is true",
    "opsgenie": "write `monitoring.paging` under the environment",
    "customAlerts": "write `custom`, each with `query`, `severity` and `durationMinutes` directly under it",
    "severityLevel": "write `severity: page` for CRITICAL, `severity: warn` for WARNING",
    "condition": "write `query` and `durationMinutes` directly under the alert; queries are PromQL, MQL is no more",
    "nobl9": "write `slo` with `availability` and `latency`; the platform makes the objectives itself",
    "rollout": "write it at the top level, beside `environments`",
    "deploy.manual": "write `tag` and `digest` directly under `deploy`",
    "deploy.subscription": "write `tag` directly under `deploy`, beside `type: subscription`",
    "rollout.initialImageTag": "write `initialImage` with the digest of the first image",
    "rollout.serviceAccount": "write `releasers: [serviceAccount:<e-mail address>]`",
    "proxied": "write `webApplicationFirewall`; Cloud Armor stands where Cloudflare's proxy stood",
    "domain.cloudflare": "write `zone` and `subdomain` directly under `domain`",
    "domain.networking": "write `logging` directly under `domain`",
    "loadBalancerLogging": "write `logging` directly under `domain`",
    "instances.resources": "write `cpu` and `memory` directly under `instances`",
    "authentication.sourcegraph": "write `type: invokers` with `invokers: [domain:<your domain>]`",
    "cloudRunGeneration": "write `executionEnvironment: gen1` or `gen2`",
    "bigQueryDataset": "write `bigquery`; the columns of each table are in bigquery/<table>.json",
    "logicalReplication": "write `analytics`; the copies in BigQuery are made too",
    "healthProbes.healthzProbes": "write `enabled`",
    "healthProbes.timeout": "write `timeoutSeconds`",
}


def replaced_key(keys: Keys) -> str | None:
    """What to do about a key of the reference platform, None where it is none."""
    names = [str(key).lower() for key in keys]
    for replaced, fix in REPLACED.items():
        parts = replaced.lower().split(".")
        if names[-len(parts) :] == parts:
            return fix
    return None
