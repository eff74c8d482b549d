"""A synthetic fleet: as many services as asked for, three environments each, mixed like a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TIERS = (("dev", "test"), ("stage", "internal"), ("prod", "external"))


def spec(number: int) -> dict[str, Any]:
    """Service `number`: every third has a database and a cache, every third a database, one in five is a job."""
    id = f"service-{number:03d}"
    job = number % 5 == 4
    return {
        "service": {
            "id": id,
            "description": f"Number {number} of a synthetic fleet.",
            "owners": ["identity"],
            **({"kind": "job"} if job else {}),
        },
        "environments": [_environment(id, number, env, tier, job) for env, tier in TIERS],
    }


def _environment(id: str, number: int, env: str, tier: str, job: bool) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    if number % 3 != 2:
        resources["postgres"] = {"databases": ["main", "audit"], "cpu": 2, "memoryGb": 8}
    if number % 3 == 0:
        resources["redis"] = {"memoryGb": 1}
    environment: dict[str, Any] = {
        "id": env,
        "projectId": f"{id}-{env}-{number:04x}",
        "tier": tier,
        "deploy": {"type": "manual", "digest": "sha256:" + f"{number:064x}"},
        "instances": {"cpu": 1, "memory": "512Mi"},
        "env": {f"SETTING_{n}": f"value {n}" for n in range(8)},
        "secretEnv": {"TOKEN": "token", "KEY": "signing-key"},
        "resources": resources,
    }
    if job:
        environment["schedule"] = {"cron": "15 3 * * *"}
    else:
        environment["domain"] = {"zone": "acme.example", "subdomain": f"{id}-{env}"}
        environment["authentication"] = {"type": "public"}
    return environment


def write(root: Path, services: int) -> list[Path]:
    """Write the fleet below `root`; gives the specs' paths relative to it."""
    paths = []
    for number in range(services):
        document = spec(number)
        path = Path("services", document["service"]["id"], "service.yaml")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        (root / path).with_name("BUILD").write_text("msp_service()\n", encoding="utf-8")
        paths.append(path)
    return paths
