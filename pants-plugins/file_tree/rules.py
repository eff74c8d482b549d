"""Many files as one target. Pants' own `files` makes a target of each, which drowns everything else in `list`."""

from __future__ import annotations

from pants.core.target_types import FileSourceField
from pants.engine.fs import PathGlobs, Snapshot
from pants.engine.rules import Get, collect_rules, rule
from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    GeneratedSources,
    GenerateSourcesRequest,
    MultipleSourcesField,
    SourcesField,
    StringSequenceField,
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
        Files that tests read, such as test data.

        A test that depends on it finds them at their paths below its working directory.
        """
    )


class FileViewGlobsField(StringSequenceField):
    alias = "globs"
    required = True
    help = "The files, relative to the BUILD file's folder; `!` before a glob takes away what it matches."


class FileViewSourcesField(SourcesField):
    """Nothing: that is how a view owns nothing. It is there for the rule below to generate from."""

    alias = "_sources"
    uses_source_roots = False
    help = "Empty."


class FileViewTarget(Target):
    alias = "file_view"
    core_fields = (*COMMON_TARGET_FIELDS, Dependencies, FileViewGlobsField, FileViewSourcesField)
    help = help_text(
        """
        Files of other targets that tests read as plain files too: the code as text, or a whole checkout.

        Unlike `file_tree`, it is not an owner of the files: `tailor` and `list some/file` do not see it.
        """
    )


class GenerateFilesFromTreeRequest(GenerateSourcesRequest):
    input = FileTreeSourcesField
    output = FileSourceField
    exportable = False


class GenerateFilesFromViewRequest(GenerateSourcesRequest):
    input = FileViewSourcesField
    output = FileSourceField
    exportable = False


@rule
async def generate_files_from_tree(request: GenerateFilesFromTreeRequest) -> GeneratedSources:
    return GeneratedSources(request.protocol_sources)


@rule
async def generate_files_from_view(request: GenerateFilesFromViewRequest) -> GeneratedSources:
    target = request.protocol_target
    globs = target[FileViewGlobsField].value or ()
    prefixed = (SourcesField.prefix_glob_with_dirpath(target.address.spec_path, glob) for glob in globs)
    return GeneratedSources(await Get(Snapshot, PathGlobs(prefixed)))


def rules():
    return (
        *collect_rules(),
        UnionRule(GenerateSourcesRequest, GenerateFilesFromTreeRequest),
        UnionRule(GenerateSourcesRequest, GenerateFilesFromViewRequest),
    )
