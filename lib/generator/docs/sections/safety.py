"""What decides how safe an environment is: each setting's value, and whether the tier or the spec says so."""

from __future__ import annotations

from typing import Any

from generator.docs.inline import Inline, Text, code, fmt
from generator.docs.markdown import Blocks, heading, paragraph, table
from generator.docs.model import EnvironmentGuide
from spec import tiers
from spec.model import Reasoned, plain
from spec.workloads import SERVICE, WORKER


def blocks(environment: EnvironmentGuide) -> Blocks:
    tier = environment.context.environment.tier
    return [
        heading(4, f"Safety settings of {environment.id}"),
        paragraph(
            fmt("Tier {} sets the defaults; a value that is less safe has to give its reason in the spec.", code(tier))
        ),
        table(
            ("Setting", "Value", "From"),
            [
                (_name(knob), _value(environment, knob), _origin(environment, knob))
                for knob in tiers.TABLE
                if _concerns(environment, knob)
            ],
        ),
    ]


def _concerns(environment: EnvironmentGuide, knob: tiers.Knob) -> bool:
    """Whether the environment has what the setting is about."""
    context = environment.context
    if any(knob in level.values() for level in tiers.TIME_BOUND_ACCESS.values()):
        # Who may look at the environment tells the terms; here stands what the spec has changed of them, and why.
        return knob.read(context.environment) is not None
    if knob.key.startswith("resources.postgres."):
        return context.has_postgres
    if knob.key.startswith("resources.redis."):
        return context.has_redis
    if knob is tiers.BUCKET_RECOVERY_DAYS:
        return bool(context.environment.resources.buckets)
    if knob.key.startswith("encryption."):
        return bool(context.encrypted)
    if knob.key.startswith("domain."):
        return context.environment.domain is not None
    if knob is tiers.ROLLOUT_APPROVAL:
        return context.rollout is not None
    if knob.key.startswith("instances.scaling."):
        return environment.workload is SERVICE
    if knob is tiers.WORKER_INSTANCES:
        return environment.workload is WORKER
    return True


def _name(knob: tiers.Knob) -> Text:
    """The knob's name is the table's own text, with Markdown in it."""
    return Inline(knob.name)


def _value(environment: EnvironmentGuide, knob: tiers.Knob) -> Text:
    if knob is tiers.DELETION_PROTECTION:
        return _words(environment.context.safety.deletion_protection)
    declared = _declared(environment, knob)
    value = knob.default(environment.context.environment.tier) if declared is None else plain(declared)
    return _words(value)


def _origin(environment: EnvironmentGuide, knob: tiers.Knob) -> Text:
    if knob is tiers.DELETION_PROTECTION:
        return (
            "tier" if environment.context.safety.deletion_protection else fmt("spec: {}", code("allowDestroys: true"))
        )
    declared = _declared(environment, knob)
    if declared is None:
        return "tier"
    if isinstance(declared, Reasoned):
        return fmt("spec: {}", declared.reason)
    return "spec"


def _declared(environment: EnvironmentGuide, knob: tiers.Knob) -> Any:
    """What the spec says about the setting, None where it says nothing."""
    if knob is tiers.ROLLOUT_APPROVAL and environment.context.rollout is not None:
        stage = environment.context.rollout.stage(environment.id)
        return None if stage is None else stage.approval
    return knob.read(environment.context.environment)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ACCESS.get(str(value), str(value))


ACCESS = {
    "data": "stored data",
    "credentials": "stored data, secrets, identities taken on",
    "everything": "stored data, secrets, identities taken on, logs and buckets read",
    "readWrite": "read and write",
    "read": "read",
    "metadata": "names, states and metrics",
}
"""The values of the settings on owners' access and on what is recorded, in words."""
