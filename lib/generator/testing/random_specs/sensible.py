"""What in a spec must agree with something else: with platform.yaml, or with another key. Everything else is random.

A rule here only makes accepted specs likely. Without one a key is drawn all the same, by its shape.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from spec.alerts import BY_ID
from spec.findings import Keys
from spec.templates import NAMES

from generator.testing.random_specs import texts
from generator.testing.random_specs.draw import ABSENT, At, Document, Rule

CRONS = (
    "15 3 * * *",
    "0 * * * *",
    "*/15 * * * *",
    "7 4 * * 1",
    "30 */6 * * *",
    "0 9 * * mon-fri",
    "0,20,40 8-18 * * *",
)

QUERIES = (
    "sum(increase(workload_googleapis_com:orders_stuck[5m])) > 0",
    'max by (queue) (workload_googleapis_com:depth{queue=~"a|b", service="{{ not ours }}"}) > 1000',
    'rate(http_requests_total{path="/a\\"b${x}%{y}"}[1m]) < 0.1',
    "vector(1)",
)

ZONES = sorted(available_timezones())


def kind_of(document: Document) -> str | None:
    """The kind of service whose spec it is."""
    return str(document.get("service", {}).get("kind", "service"))


def _service_id(at: At) -> str:
    return texts.matching(r"^[a-z][a-z0-9]{1,5}(-[a-z0-9]{1,3})?$", at.rng)


def _display_name(at: At) -> str:
    return texts.matching(r"^[A-Za-z0-9]{2}[A-Za-z0-9 '!-]{1,12}[a-z]$", at.rng)


def _owners(at: At) -> list[str]:
    return at.rng.sample(sorted(at.platform.owners), at.rng.randint(1, min(3, len(at.platform.owners))))


def _owner(at: At) -> str:
    return at.rng.choice(sorted(at.platform.owners))


def _environment_id(at: At) -> str:
    return texts.matching(r"^[a-z][a-z0-9]{1,5}$", at.rng)


def _project_id(at: At) -> str:
    return f"{at.document['service']['id']}-{at.environment['id']}-{texts.matching('^[a-f0-9]{4}$', at.rng)}"


def _region(at: At) -> str:
    return at.rng.choice(at.platform.regions.allowed)


def _deploy(at: At) -> Document:
    """Each type with what it needs; `_stages` puts those of type rollout into the pipeline."""
    chance = at.rng.random()
    if chance < 0.3:
        return {"type": "rollout"}
    if chance < 0.5:
        return {"type": "subscription", "tag": texts.matching(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", at.rng)}
    return {"type": "manual", "digest": texts.matching("^sha256:[0-9a-f]{64}$", at.rng)}


def _memory(at: At) -> str:
    """Within what one CPU and more have."""
    cpu = at.section.get("cpu", 1)
    least, most = {1: (512, 4096), 2: (512, 8192), 4: (2048, 16384), 6: (4096, 24576)}.get(cpu, (4096, 32768))
    mebibytes = at.rng.choice((least, most, at.rng.randint(least, most)))
    return f"{mebibytes // 1024}Gi" if mebibytes % 1024 == 0 and at.rng.random() < 0.7 else f"{mebibytes}Mi"


def _variable(at: At) -> str:
    text = texts.sentence(at.rng)
    return f"{text}{{{{ {at.rng.choice(NAMES[:3])} }}}}" if at.rng.random() < 0.3 else text.replace("{{", "{ {")


def _rollout(at: At) -> object:
    """Only where `_deploy` has made stages for it."""
    if not _staged(at):
        return ABSENT
    return at.anything()


def _staged(at: At) -> list[str]:
    return [one["id"] for one in at.document["environments"] if one["deploy"]["type"] == "rollout"]


def _stages(at: At) -> list[Document]:
    stages: list[Document] = []
    at.section["stages"] = stages
    assert at.shape.item is not None and at.shape.item.section is not None
    for index, _ in enumerate(_staged(at)):
        stages.append({})
        at.draw.fill(at.shape.item.section, stages[index], (*at.keys, index), (*at.path, "[]"))
    return stages


def _stage_environment(at: At) -> str:
    index = at.keys[2]
    assert isinstance(index, int)
    return _staged(at)[index]


def _canary(at: At) -> list[int]:
    return sorted(at.rng.sample(range(1, 100), at.rng.randint(0, 4)))


def _authentication(at: At) -> object:
    if at.rng.random() < 0.4:
        return {"type": "public"}
    return at.anything()


def _invokers(at: At) -> object:
    return ABSENT if at.section.get("type") == "public" else at.anything()


def _ingress(at: At) -> str:
    return at.rng.choice(("internal", "internal", "all"))


def _domain(at: At) -> object:
    """Callers through a load balancer have no identity that Cloud Run knows."""
    if at.environment.get("authentication", {}).get("type") != "public" or not at.platform.domains:
        return ABSENT
    at.environment.pop("ingress", None)
    return at.anything()


def _subdomain(at: At) -> str:
    return f"{at.document['service']['id']}-{at.environment['id']}{at.rng.choice(('', '.sub'))}"


def _zone(at: At) -> str:
    return at.rng.choice(at.platform.domains).zone


def _cpu(at: At) -> int:
    return at.rng.choice((1, 2, 4, 8, 16, 96))


def _database_memory(at: At) -> int:
    cpu = at.section.get("cpu", 1)
    return at.rng.randint(max(4, -(-cpu * 9 // 10)), max(4, cpu * 6))


def _topic(at: At) -> object:
    topics = [one["name"] for one in at.environment["resources"].get("topics", ()) if "name" in one]
    return at.rng.choice(topics) if topics and at.rng.random() < 0.8 else f"projects/{_foreign(at)}/topics/Orders.v2"


def _database(at: At) -> str:
    databases: list[str] = at.environment["resources"]["postgres"]["databases"]
    return at.rng.choice(databases)


def _foreign(at: At) -> str:
    return texts.matching("^shop-[a-z0-9]{4}$", at.rng)


def _code(at: At) -> object:
    return ABSENT if at.rng.random() < 0.5 else at.anything()


def _code_class(at: At) -> object:
    return ABSENT if "code" in at.section else at.anything()


def _threshold(at: At) -> object:
    bounds = BY_ID[str(at.keys[-2])].threshold
    return ABSENT if bounds is None else at.rng.randint(bounds.least, bounds.most)


def _channel(at: At) -> str:
    return f"projects/{at.environment['projectId']}/notificationChannels/{at.rng.randint(1, 10**12)}"


def _mount_path(at: At) -> str:
    return f"/etc/{texts.matching('^[a-z]{2,8}$', at.rng)}/{texts.matching('^[A-Za-z0-9_-]{1,8}(.pem)?$', at.rng)}"


def _day(at: At) -> str:
    return f"20{at.rng.randint(26, 99)}-{at.rng.randint(1, 12):02}-{at.rng.randint(1, 28):02}"


_ENVIRONMENT: Keys = ("environments", "[]")
_RESOURCES: Keys = (*_ENVIRONMENT, "resources")
_POSTGRES: Keys = (*_RESOURCES, "postgres")
_RATIO: Keys = ("monitoring", "alerts", "responseCodeRatios", "[]")

RULES: dict[Keys, Rule] = {
    ("service", "id"): _service_id,
    ("service", "name"): _display_name,
    ("service", "owners"): _owners,
    ("monitoring", "alerts", "custom", "[]", "query"): lambda at: at.rng.choice(QUERIES),
    ("monitoring", "alerts", "builtIn", "<name>", "threshold"): _threshold,
    (*_RATIO, "code"): _code,
    (*_RATIO, "codeClass"): _code_class,
    (*_ENVIRONMENT, "id"): _environment_id,
    (*_ENVIRONMENT, "projectId"): _project_id,
    (*_ENVIRONMENT, "region"): _region,
    (*_ENVIRONMENT, "deploy"): _deploy,
    (*_ENVIRONMENT, "instances", "memory"): _memory,
    (*_ENVIRONMENT, "env", "<name>"): _variable,
    (*_ENVIRONMENT, "secretVolumes", "<name>", "mountPath"): _mount_path,
    (*_ENVIRONMENT, "authentication"): _authentication,
    (*_ENVIRONMENT, "authentication", "invokers"): _invokers,
    (*_ENVIRONMENT, "ingress"): _ingress,
    (*_ENVIRONMENT, "domain"): _domain,
    (*_ENVIRONMENT, "domain", "zone"): _zone,
    (*_ENVIRONMENT, "domain", "subdomain"): _subdomain,
    (*_ENVIRONMENT, "schedule", "cron"): lambda at: at.rng.choice(CRONS),
    (*_ENVIRONMENT, "schedule", "timezone"): lambda at: at.rng.choice(ZONES),
    (*_ENVIRONMENT, "policyExceptions", "[]", "owner"): _owner,
    (*_ENVIRONMENT, "policyExceptions", "[]", "expires"): _day,
    (*_ENVIRONMENT, "monitoring", "builtIn", "<name>", "threshold"): _threshold,
    (*_ENVIRONMENT, "monitoring", "channels", "chat", "[]"): _channel,
    (*_ENVIRONMENT, "monitoring", "channels", "pager", "[]"): _channel,
    (*_POSTGRES, "cpu"): _cpu,
    (*_POSTGRES, "memoryGb"): _database_memory,
    (*_POSTGRES, "analytics", "publications", "[]", "database"): _database,
    (*_RESOURCES, "subscriptions", "[]", "topic"): _topic,
    ("rollout",): _rollout,
    ("rollout", "stages"): _stages,
    ("rollout", "stages", "[]", "environment"): _stage_environment,
    ("rollout", "stages", "[]", "canary"): _canary,
}
"""Path of a key -> what to draw for it."""

DECIDED: frozenset[Keys] = frozenset(
    {("rollout",), (*_ENVIRONMENT, "authentication", "invokers"), (*_RATIO, "codeClass")}
)
"""Optional keys whose rule says itself whether they are there."""

__all__ = ["DECIDED", "RULES", "kind_of"]
