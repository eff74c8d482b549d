"""Environments and their Google projects."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.partial import MISSING
from ..findings import Finding
from ..limits import RESTRICTED_PROJECT_WORDS
from ..model.root import ServiceSpec
from .base import Place, known

MIN_SUFFIX_LENGTH = 2
"""Characters that make a project's id unique: the ids of all of Google's customers share one name space."""


def environment_ids_are_unique(spec: ServiceSpec) -> Iterator[Finding]:
    """No two environments of a service have the same id."""
    seen: dict[str, int] = {}
    for index, environment in known(spec.environments):
        if environment.id is MISSING:
            continue
        if environment.id in seen:
            yield Finding(
                ("environments", index, "id"),
                "duplicate-environment",
                "an id that no other environment of the service has",
                f"choose another; environments[{seen[environment.id]}] has this one",
            )
        seen.setdefault(environment.id, index)


def project_id_tells_what_it_is(place: Place) -> Iterator[Finding]:
    """The project's id names service and environment and ends with something that nobody else has."""
    project, service, environment = place.environment.project_id, place.spec.service.id, place.environment.id
    head, middle = f"{service}-", f"-{environment}-"
    example = f"{service}-{environment}-"
    suffix = project.rpartition(middle)[2]
    if project.startswith(head) and middle in project and len(suffix) >= MIN_SUFFIX_LENGTH:
        return
    room = 30 - len(example)
    yield Finding(
        place.keys("projectId"),
        "project-id-form",
        f"`{example}` and at least {MIN_SUFFIX_LENGTH} random characters, 30 in all",
        f"write {example} and {'four' if room >= 4 else 'two'} letters or digits of your choice"
        if room >= MIN_SUFFIX_LENGTH
        else "choose a shorter service.id or environment id",
    )


def project_id_has_no_restricted_word(place: Place) -> Iterator[Finding]:
    """Google refuses ids with certain words in them."""
    for word in RESTRICTED_PROJECT_WORDS:
        if word in place.environment.project_id:
            yield Finding(
                place.keys("projectId"),
                "restricted-word",
                f"an id without {', '.join(RESTRICTED_PROJECT_WORDS)}",
                f"take `{word}` out of it, and out of service.id if it comes from there",
            )


SERVICE_RULES = (environment_ids_are_unique,)
ENVIRONMENT_RULES = (project_id_tells_what_it_is, project_id_has_no_restricted_word)
