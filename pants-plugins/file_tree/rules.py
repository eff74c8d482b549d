"""`file_tree`: many files as one target. Pants' own `files` makes a target of each, which drowns everything else in `list`."""

from __future__ import annotations

from pants.core.target_types import FileSourceField
from pants.engine.rules import collect_rules, rule
from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    GeneratedSources,
    GenerateSourcesRequest,
    MultipleSourcesField,
    Target,
)
from pants.engine.unions import UnionRule
from pants.util.strutil import help_text


class FileTreeSourcesField(MultipleSourcesField):
    required = True
    uses_source_roots = False


class FileTreeTarget(Target):
    alias = "file_tree"
    core_fields = (*COMMON_TARGET_FIELDS, Dependencies, FileTreeSourcesField)
    help = help_text(
        """
        Files that tests read: test data, or a part of the repository.

        A test that depends on it finds them at their paths below its working directory.
        """
    )


class GenerateFilesFromTreeRequest(GenerateSourcesRequest):
    input = FileTreeSourcesField
    output = FileSourceField
    exportable = False


@rule
async def generate_files_from_tree(request: GenerateFilesFromTreeRequest) -> GeneratedSources:
    return GeneratedSources(request.protocol_sources)


def rules():
    return (*collect_rules(), UnionRule(GenerateSourcesRequest, GenerateFilesFromTreeRequest))
