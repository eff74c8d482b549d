"""The operations guide is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.docs import anchors
from generator.testing.invariants.made import Made

FENCED = re.compile(r"^ *(`{3,}).*?^ *\1$", re.DOTALL | re.MULTILINE)


def the_guide_is_whole(made: Made) -> Iterator[str]:
    """Its links lead to a heading each, its tables have as many cells in each row as in their head, its fences close."""
    text = FENCED.sub("", made.guide)
    if "```" in text:
        yield "a fence is not closed"
    slugs = anchors.slugs(re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    for link in sorted(set(re.findall(r"\]\(#([^)]*)\)", text)) - set(slugs)):
        yield f"no heading #{link}"
    if len(set(slugs)) != len(slugs):
        yield f"headings twice: {sorted(slug for slug in slugs if slugs.count(slug) > 1)}"
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        if len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) != 1:
            yield f"a table of rows of different length: {table[:200]}"


def the_guide_speaks_of_everything(made: Made) -> Iterator[str]:
    """Every environment, every stack, every secret that people have to fill, every database is named."""
    for place in made.places:
        wanted = [place.id, place.names.project_id, *place.stacks]
        wanted += [
            reference.secret
            for reference in place.environment.secret_env_references.values()
            if reference.project is None
        ]
        postgres = place.environment.resources.postgres
        wanted += postgres.databases if postgres is not None else ()
        wanted += [bucket.name for bucket in place.environment.resources.buckets]
        for name in wanted:
            if name not in made.guide:
                yield f"{place.id}: nothing about {name}"


PREDICATES = (the_guide_is_whole, the_guide_speaks_of_everything)
