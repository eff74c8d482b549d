"""What the service gives to analysts: `resources.bigquery` and `resources.postgres.analytics`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..findings import Finding, Keys, listed
from ..limits import bigquery_multi_region
from ..model.warehouse import Analytics
from ..names import Names
from ..platform import Platform
from .base import Place, known, repetitions

BIGQUERY = ("resources", "bigquery")
ANALYTICS = ("resources", "postgres", "analytics")


def _analytics(place: Place) -> Analytics | None:
    postgres = place.environment.resources.postgres
    return None if postgres is None else postgres.analytics


def tables_are_unique(place: Place) -> Iterator[Finding]:
    """Each table once: of the dataset, and of each publication."""
    bigquery, analytics = place.environment.resources.bigquery, _analytics(place)
    if bigquery is not None:
        yield from repetitions(bigquery.tables, place.keys(*BIGQUERY, "tables"))
    if analytics is not None:
        for index, publication in known(analytics.publications):
            yield from repetitions(publication.tables, place.keys(*ANALYTICS, "publications", index, "tables"))


def publications_are_unique(place: Place) -> Iterator[Finding]:
    """Each publication has a name of its own."""
    analytics = _analytics(place)
    seen: set[str] = set()
    for index, publication in known(analytics.publications) if analytics is not None else ():
        if publication.name in seen:
            yield Finding(
                place.keys(*ANALYTICS, "publications", index, "name"),
                "duplicate-publication",
                "a name that no other publication of the environment has",
                "choose another, or add the tables to the publication that has this one",
            )
        seen.add(publication.name)


def databases_are_declared(place: Place) -> Iterator[Finding]:
    """A publication is of a database that the spec declares."""
    analytics, postgres = _analytics(place), place.environment.resources.postgres
    if analytics is None or postgres is None:
        return
    declared = [name for _, name in known(postgres.databases)]
    for index, publication in known(analytics.publications):
        if publication.database not in declared:
            nearest = get_close_matches(publication.database, declared, n=1)
            yield Finding(
                place.keys(*ANALYTICS, "publications", index, "database"),
                "unknown-database",
                f"a database of `resources.postgres.databases`: {listed(declared)}",
                f"write {nearest[0]}" if nearest else "choose one of them, or add it there",
            )


def only_datastream_is_let_in(place: Place) -> Iterator[Finding]:
    """Datastream's project is known before anything is copied."""
    analytics = _analytics(place)
    if analytics is not None and analytics.publications and analytics.tenant_project is None:
        yield Finding(
            place.keys(*ANALYTICS, "publications"),
            "tenant-project-missing",
            "`tenantProject` beside publications: which of Google's projects may enter the network",
            "apply with an empty `analytics: {}` first; the operations guide then has the command that tells the project",
            "publications without `tenantProject`",
            on_key=True,
        )


def datasets_are_different(place: Place, platform: Platform) -> Iterator[Finding]:
    """A copy's dataset is not the one that the service writes into."""
    analytics, names = _analytics(place), Names(place.spec, place.environment, platform)
    if analytics is None or names.bigquery_project != place.environment.project_id:
        return
    for index, publication in known(analytics.publications):
        if names.analytics_dataset(publication.name) == names.bigquery_dataset:
            yield Finding(
                place.keys(*ANALYTICS, "publications", index, "name"),
                "duplicate-dataset",
                f"another dataset than {names.bigquery_dataset}, which `resources.bigquery` has",
                "choose another name",
            )


def multi_region_exists(place: Place, platform: Platform) -> Iterator[Finding]:
    """BigQuery has multi-regions around some regions only."""
    bigquery, analytics = place.environment.resources.bigquery, _analytics(place)
    region = place.environment.region or platform.regions.default
    for section, path in ((bigquery, BIGQUERY), (analytics, ANALYTICS)):
        if section is not None and section.location == "multiRegion" and bigquery_multi_region(region) is None:
            yield Finding(
                place.keys(*path, "location"),
                "no-multi-region",
                f"`region`: BigQuery has no multi-region around {region}",
                "write region, or delete the line",
            )


def analysts_are_known(place: Place, platform: Platform) -> Iterator[Finding]:
    """Data for analysts need somebody who reads them."""
    if platform.analysts is not None:
        return
    bigquery, analytics = place.environment.resources.bigquery, _analytics(place)
    wanted: list[Keys] = []
    if bigquery is not None and bigquery.analysts:
        wanted.append((*BIGQUERY, "analysts"))
    if analytics is not None and analytics.publications:
        wanted.append((*ANALYTICS, "publications"))
    for keys in wanted:
        yield Finding(
            place.keys(*keys),
            "no-analysts",
            "`analysts` in platform.yaml: the group that may read what is given to analysts",
            "add `analysts: {group: …}` to platform.yaml",
            "data for analysts, of whom platform.yaml knows none",
            on_key=True,
        )


ENVIRONMENT_RULES = (
    tables_are_unique,
    publications_are_unique,
    databases_are_declared,
    only_datastream_is_let_in,
)
PLATFORM_RULES = (datasets_are_different, multi_region_exists, analysts_are_known)
