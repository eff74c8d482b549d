"""What may exist only once in the whole fleet.

The later of two files is blamed, in the order of their paths, and the earlier one named: so a spec that copies another
does not break the one it copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..check.partial import Unknown
from ..document import Mapping
from ..document.tree import locate
from ..findings import Finding, Keys
from ..model.root import ServiceSpec

Claim = tuple[str, Keys]
"""Something that may exist once, and where a spec claims it."""


@dataclass(frozen=True)
class Member:
    """One spec of the fleet. `index` is its place in the loader's list."""

    index: int
    path: str
    spec: ServiceSpec
    root: Mapping


def _service_ids(spec: ServiceSpec) -> Iterator[Claim]:
    yield str(spec.service.id), ("service", "id")


def _project_ids(spec: ServiceSpec) -> Iterator[Claim]:
    for index, environment in enumerate(spec.environments):
        yield str(environment.project_id), ("environments", index, "projectId")


def _dns_names(spec: ServiceSpec) -> Iterator[Claim]:
    for index, environment in enumerate(spec.environments):
        if environment.domain is not None:
            yield str(environment.domain.dns_name), ("environments", index, "domain", "subdomain")


def _shared_datasets(spec: ServiceSpec) -> Iterator[Claim]:
    """Datasets in projects that several environments can name; in its own, an environment's are its alone."""
    for index, environment in enumerate(spec.environments):
        bigquery = environment.resources.bigquery
        if bigquery is not None and bigquery.project_id is not None:
            dataset = bigquery.dataset or str(spec.service.id).replace("-", "_")
            yield f"{bigquery.project_id}.{dataset}", ("environments", index, "resources", "bigquery", "projectId")


def _once(
    code: str, what: str, claims_of: Callable[[ServiceSpec], Iterator[Claim]]
) -> Callable[[list[Member]], Iterator[tuple[Member, Finding]]]:
    """The rule that no two environments or services claim the same."""

    def rule(members: list[Member]) -> Iterator[tuple[Member, Finding]]:
        first: dict[str, str] = {}
        for member in members:
            claims = claims_of(member.spec)
            while (claim := _next(claims)) is not None:
                name, keys = claim
                if name in first:
                    yield (
                        member,
                        Finding(
                            keys,
                            code,
                            f"{what} that nothing else in the fleet has",
                            f"choose another; {first[name]} has this one",
                            f"`{name}`",
                        ),
                    )
                else:
                    first[name] = f"{member.path}:{locate(member.root, keys).line}"

    return rule


def _next(claims: Iterator[Claim]) -> Claim | None:
    """The next claim; None at the end, and where the rest of the spec can't be read."""
    try:
        return next(claims, None)
    except Unknown:
        return None


RULES = (
    _once("duplicate-service", "a service id", _service_ids),
    _once("duplicate-project", "a project id", _project_ids),
    _once("duplicate-dns-name", "a DNS name", _dns_names),
    _once("duplicate-dataset", "a dataset", _shared_datasets),
)
