"""What the operating commands (lib/ops) need to know of an environment: part of its description.

Names, filters, addresses and terms come from where the guide has them, so that a command and the guide say the same.
"""

from __future__ import annotations

from typing import Any

from generator.docs import log_filters
from generator.docs.model import EnvironmentGuide
from generator.docs.pages import pages
from generator.docs.sections import release_commands, rollout, time_bound
from spec.model import SecretReference

def operating(environment: EnvironmentGuide) -> dict[str, Any]:
    """As `ops.description.Environment.operating` reads it; a part that the environment lacks is None."""
    return {
        "run": _run(environment),
        "links": [{"id": page.id, "title": page.title, "url": page.url} for page in pages(environment)],
        "logs": _logs(environment),
        "access": _access(environment),
        "pipeline": _pipeline(environment),
        "schedule": None if environment.context.environment.schedule is None else {"name": environment.run_name},
        "secrets": _secrets(environment),
    }


def _run(environment: EnvironmentGuide) -> dict[str, Any]:
    workload = environment.workload
    return {
        "name": environment.run_name,
        "gcloud": list(workload.gcloud),
        "revisions": list(workload.revisions),
        "revisionsOf": workload.revisions_of.replace("-", "_"),
        "backVerb": rollout.BACK[workload.kind][1] if workload.kind in rollout.BACK else None,
    }


def _logs(environment: EnvironmentGuide) -> dict[str, str]:
    everything = environment.workload_filter
    application = log_filters.without_requests(everything) if environment.workload.answers else everything
    return {"all": everything, "application": application}


def _access(environment: EnvironmentGuide) -> list[dict[str, Any]] | None:
    """The levels that may be asked for; None where the organisation gives none for a while."""
    found = []
    for level in time_bound.LEVELS.values():
        resource = time_bound.entitlement(environment, level)
        if resource is not None:
            found.append(
                {
                    "level": level,
                    "entitlement": resource.text("entitlement_id"),
                    "maxSeconds": int(resource.text("max_request_duration").removesuffix("s")),
                    "approvers": time_bound.approvers(resource),
                }
            )
    return found or None


def _pipeline(environment: EnvironmentGuide) -> dict[str, str] | None:
    context = environment.context
    if context.rollout is None:
        return None
    where = release_commands.where(context)
    return {
        "name": where["delivery_pipeline"],
        "region": where["region"],
        "project": where["project"],
        "target": context.names.stage_target,
    }


def _secrets(environment: EnvironmentGuide) -> list[dict[str, Any]]:
    """Those that people fill: declared, in the environment's own project."""
    declared = environment.context.environment
    readers: dict[str, list[str]] = {}
    for name, text in sorted(declared.secret_env.items()):
        _add(readers, SecretReference.parse(text), name)
    for _, volume in sorted(declared.secret_volumes.items()):
        _add(readers, volume.reference, volume.mount_path)
    return [{"id": id, "readAs": places} for id, places in sorted(readers.items())]


def _add(readers: dict[str, list[str]], reference: SecretReference, place: str) -> None:
    if reference.project is None:
        readers.setdefault(reference.secret, []).append(place)
