"""The dataset that the service writes into."""

from __future__ import annotations

from generator.docs import links
from generator.docs.inline import Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, facts, heading, paragraph, shell
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.shell import command
from spec.model import BigQuery


def title(environment: EnvironmentGuide) -> str:
    return f"Dataset of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = []
    for environment in guide.environments:
        wanted = environment.context.environment.resources.bigquery
        if wanted is not None:
            found += _environment(guide, environment, wanted)
    return [heading(2, "BigQuery"), *found] if found else []


def _environment(guide: ServiceGuide, environment: EnvironmentGuide, wanted: BigQuery) -> Blocks:
    names, analysts = environment.context.names, environment.context.platform.analysts
    project, dataset = names.bigquery_project or "", names.bigquery_dataset or ""
    reads = analysts.group if wanted.analysts and analysts is not None else "nobody but the project's owners"
    folder = "/".join(filter(None, [guide.directory, "bigquery"]))
    rows: list[tuple[Text, Text]] = [
        ("Dataset", link(f"{project}.{dataset}", links.dataset(project, dataset))),
        ("Where", names.bigquery_location(wanted.location)),
        ("Tables", join(fmt("{} (columns in {})", code(t), code(f"{folder}/{t}.json")) for t in wanted.tables)),
        ("Writes", fmt("the {}, as {}", guide.noun, code(names.workload_email))),
        ("Reads", reads),
    ]
    return [
        heading(3, title(environment), environment.id),
        facts(rows),
        paragraph(
            fmt(
                "A column can be added, at the end and not {}; BigQuery refuses to change or drop one in place. What"
                " the columns are now, and the newest rows, paid by the project that asks:",
                code("REQUIRED"),
            )
        ),
        shell(
            command("bq", "show", "--schema", "--format=prettyjson", f"{project}:{dataset}.{wanted.tables[0]}"),
            command("bq", "head", "--max_rows=10", f"{project}:{dataset}.{wanted.tables[0]}"),
        ),
    ]
