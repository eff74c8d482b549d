"""Who the service is: its id, its names, its owners, its roles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..findings import Finding
from ..limits import LABEL_VALUE_LENGTH, PROJECT_DISPLAY_NAME_LENGTHS
from ..model.root import ServiceSpec
from .base import Place, known, repetitions

_PLACEHOLDER = re.compile(r"\W*(todo|tbd|fixme|xxx|n/?a|none|description|lorem ipsum.*|todo\b.*|\.+)\W*", re.IGNORECASE)

_BASIC_ROLES = ("roles/owner", "roles/editor")


def id_is_directory(spec: ServiceSpec, directory: str) -> Iterator[Finding]:
    """The id is the name of the spec's directory, so that one can be found by the other."""
    if spec.service.id != directory:
        yield Finding(
            ("service", "id"),
            "id-differs-from-directory",
            f"`{directory}`, the name of the spec's directory",
            f"write `id: {directory}`, or rename the directory",
        )


def description_says_something(spec: ServiceSpec) -> Iterator[Finding]:
    """The description is a description."""
    if not spec.service.description.strip() or _PLACEHOLDER.fullmatch(spec.service.description.strip()):
        yield Finding(
            ("service", "description"),
            "placeholder",
            "a paragraph that says what the service is for",
            "say in a sentence or two what the service is for",
        )


def owners_are_few_and_unique(spec: ServiceSpec) -> Iterator[Finding]:
    """Each owner once; all of them together fit into one label."""
    owners = spec.service.owners
    yield from repetitions(owners, ("service", "owners"))
    length = sum(len(owner) for _, owner in known(owners)) + len(owners) - 1
    if length > LABEL_VALUE_LENGTH:
        yield Finding(
            ("service", "owners"),
            "too-many-owners",
            f"ids of at most {LABEL_VALUE_LENGTH} characters together, since they become one label, joined by underscores",
            "name the team that answers for the service, or one owner that stands for several",
            f"{length} characters",
        )


def iam_lists_are_unique(spec: ServiceSpec) -> Iterator[Finding]:
    """Each API, role and permission once."""
    iam = spec.service.iam
    yield from repetitions(iam.apis, ("service", "iam", "apis"))
    yield from repetitions(iam.roles, ("service", "iam", "roles"))
    yield from repetitions(iam.permissions, ("service", "iam", "permissions"))


def no_basic_roles(spec: ServiceSpec) -> Iterator[Finding]:
    """Owner and editor would undo every narrower grant:
    https://cloud.google.com/iam/docs/roles-overview#basic"""
    for index, role in known(spec.service.iam.roles):
        if role in _BASIC_ROLES:
            yield Finding(
                ("service", "iam", "roles", index),
                "basic-role",
                "a role for one purpose, such as roles/pubsub.publisher",
                "name the roles or permissions that the service needs",
            )


def display_name_fits(place: Place) -> Iterator[Finding]:
    """`<name> - <environment id>` is the project's display name."""
    name = f"{place.spec.service.name} - {place.environment.id}"
    shortest, longest = PROJECT_DISPLAY_NAME_LENGTHS
    if not shortest <= len(name) <= longest:
        over = len(name) - longest
        yield Finding(
            place.keys("id"),
            "display-name-length",
            f"a project's display name `<service.name> - <environment id>` of {shortest} to {longest} characters",
            f"shorten service.name or the environment's id by {over}" if over > 0 else "lengthen service.name",
            f'"{name}" ({len(name)} characters)',
        )


SERVICE_RULES = (
    description_says_something,
    owners_are_few_and_unique,
    iam_lists_are_unique,
    no_basic_roles,
)
ENVIRONMENT_RULES = (display_name_fits,)
