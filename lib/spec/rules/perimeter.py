"""Service perimeters, and who passes them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..findings import Finding, listed
from ..perimeter import SUPPORTED
from ..platform import Platform
from .base import Place, known, repetitions


SUFFIX = ".googleapis.com"
NAMES = sorted(api.removesuffix(SUFFIX) for api in SUPPORTED)


def exceptions_are_about_something(place: Place) -> Iterator[Finding]:
    """APIs that a perimeter can shut, projects to go to, nothing twice."""
    for index, exception in known(place.environment.perimeter.exceptions):
        keys = place.keys("perimeter", "exceptions", index)
        for name in ("identities", "services", "projects"):
            yield from repetitions(getattr(exception, name), (*keys, name))
        for number, service in known(exception.services):
            if service not in SUPPORTED:
                nearest = get_close_matches(service.removesuffix(SUFFIX), NAMES, n=1, cutoff=0.8)
                yield Finding(
                    (*keys, "services", number),
                    "service-not-shut",
                    "an API that perimeters shut"
                    " (https://cloud.google.com/vpc-service-controls/docs/supported-products)",
                    f"write {nearest[0]}{SUFFIX}" if nearest else "delete it: nothing stands in its way",
                )
        if exception.direction == "out" and not exception.projects:
            yield Finding(
                (*keys, "projects"),
                "nowhere-to-go",
                "the projects that may be reached",
                "add `projects: […]`: a way out to everywhere would be no perimeter",
                "no `projects` with `direction: out`",
            )
        for number, project in known(exception.projects):
            if project == place.environment.project_id:
                yield Finding(
                    (*keys, "projects", number),
                    "without-effect",
                    "a project outside of the perimeter",
                    "delete it: the environment's own project is inside",
                )


def environment_has_perimeter(place: Place, platform: Platform) -> Iterator[Finding]:
    """What is said of a perimeter is said where there is one."""
    if "perimeter" not in place.environment.model_fields_set:
        return
    declared = platform.perimeter
    if declared is None:
        found, fix = "platform.yaml, which has no `perimeter`", "delete it, or add `perimeter` to platform.yaml"
    elif place.environment.tier not in declared.tiers:
        tiers = listed(list(declared.tiers), "and")
        found, fix = f"tier {place.environment.tier}; perimeters are for {tiers}", "delete it"
    else:
        return
    yield Finding(
        place.keys("perimeter"), "without-effect", "`perimeter` where environments have one", fix, found, on_key=True
    )


ENVIRONMENT_RULES = (exceptions_are_about_something,)
PLATFORM_RULES = (environment_has_perimeter,)
