"""The targets that `msp_service()` declares, and the platform's own."""

from __future__ import annotations

from pants.backend.python.target_types import PythonResolveField
from pants.engine.fs import GlobMatchErrorBehavior
from pants.engine.target import (
    COMMON_TARGET_FIELDS,
    Dependencies,
    MultipleSourcesField,
    SingleSourceField,
    SourcesField,
    StringField,
    StringSequenceField,
    Target,
    TargetGenerator,
)
from pants.util.docutil import bin_name
from pants.util.strutil import help_text

SPEC_FILE = "service.yaml"
README_FILE = "README.md"
LOCK_FILE = "images.lock.yaml"
CONFORMANCE_FILE = "conformance.json"
CUSTOM_TERRAFORM = "terraform"
TABLE_SCHEMAS = "bigquery/*.json"


class MspArtefactSourcesField(SourcesField):
    """What anything generated and committed is made from. `check` and `msp-generate` work on targets with such a field."""

    uses_source_roots = False


# -- A service's artefacts ----------------------------------------------------------------------
class MspServiceDependenciesField(Dependencies):
    """Every artefact of a service depends on the platform's settings and on the program that makes it."""


class MspServiceSourcesField(MspArtefactSourcesField, MultipleSourcesField):
    """What an artefact is made from. One subclass per kind of artefact, so that each kind has its own rules."""

    # A service without a spec is reported by `check`, in one place, and must not break other goals.
    default_glob_match_error_behavior = GlobMatchErrorBehavior.ignore
    expected_file_extensions = (".yaml", ".md", ".tf", ".json")


class MspInfraSourcesField(MspServiceSourcesField):
    default = (SPEC_FILE, LOCK_FILE, TABLE_SCHEMAS, f"{CUSTOM_TERRAFORM}/**/*.tf")
    help = (
        "The spec, its locked images, the columns of BigQuery tables (`bigquery/<table>.json`), and Terraform written by hand beside it "
        "(`terraform/<environment>/<stack>/*.tf`)."
    )


class MspEnvironmentSourcesField(MspServiceSourcesField):
    help = "The spec, its locked images, and Terraform written by hand for this environment."


class MspEnvironmentIdField(StringField):
    # Not `required`: a field set also makes this field, with its default, for targets that lack it.
    alias = "environment"
    help = "The environment's id in the spec."


class MspDocsSourcesField(MspServiceSourcesField):
    default = (SPEC_FILE, LOCK_FILE, README_FILE, CONFORMANCE_FILE, TABLE_SCHEMAS)
    help = "The spec, its locked images, the service's README, what the conformance kit measured, and the columns of BigQuery tables."


class MspEnvironmentTarget(Target):
    alias = "msp_environment"
    core_fields = (*COMMON_TARGET_FIELDS, MspServiceDependenciesField, MspEnvironmentSourcesField, MspEnvironmentIdField)
    help = "The Terraform of one environment of a service. Generated from `service.yaml` by `msp_infra`."


class MspInfraTargetGenerator(TargetGenerator):
    alias = "msp_infra"
    generated_target_cls = MspEnvironmentTarget
    core_fields = (*COMMON_TARGET_FIELDS, MspInfraSourcesField)
    copied_fields = COMMON_TARGET_FIELDS
    moved_fields = (MspServiceDependenciesField,)
    help = help_text(
        """
        The Terraform of a service: one `msp_environment` target for each environment in its `service.yaml`.

        Declared by `msp_service()`; there is no need to write it in a BUILD file.
        """
    )


class MspDocsTarget(Target):
    alias = "msp_docs"
    core_fields = (*COMMON_TARGET_FIELDS, MspServiceDependenciesField, MspDocsSourcesField)
    help = help_text(
        """
        The operations guide of a service, made from its `service.yaml`.

        Declared by `msp_service()`; there is no need to write it in a BUILD file.
        """
    )


# -- A service's program ------------------------------------------------------------------------
class MspEntryPointField(StringField):
    alias = "entry_point"
    help = help_text(
        """
        The module that is the program: `python -m <module>`.

        By default the service's id with `_` for `-`, whose `__main__.py` lies in the service's own folder:
        `services/usage-report/usage_report/__main__.py`.
        """
    )

    def module(self, directory: str) -> str:
        """`directory`: the service's."""
        return self.value or directory.rpartition("/")[2].replace("-", "_")


class MspAppDependenciesField(Dependencies):
    """The program, and the parts of the runtime library that open what the spec declares."""


class MspAppTarget(Target):
    alias = "msp_app"
    core_fields = (*COMMON_TARGET_FIELDS, MspAppDependenciesField, MspEntryPointField, PythonResolveField)
    help = help_text(
        """
        A service's program: its entry point, and of the runtime library what opens the resources in `service.yaml`. A service
        without a database so has no driver for one.

        Declared by `msp_service()`; there is no need to write it in a BUILD file.
        """
    )


class MspDevDependenciesField(Dependencies):
    """The program, what it says about running locally, and what runs it."""


class MspDevTarget(Target):
    alias = "msp_dev"
    core_fields = (*COMMON_TARGET_FIELDS, MspDevDependenciesField, MspEntryPointField, PythonResolveField)
    help = help_text(
        lambda: f"""
        A service on this machine, with a PostgreSQL and a Redis of its own: `{bin_name()} run services/accounts:dev`, and
        `{bin_name()} run services/accounts:dev -- --help` for what it can do.

        Declared by `msp_service()`; there is no need to write it in a BUILD file.
        """
    )


# -- The platform -------------------------------------------------------------------------------
class MspPlatformSourceField(MspArtefactSourcesField, SingleSourceField):
    default = "platform.yaml"
    required = False
    expected_file_extensions = (".yaml",)
    help = "The organisation's settings."


class MspPlatformGeneratedField(StringSequenceField):
    alias = "generated"
    default = ("schema/*.schema.json", "docs/reference/*-yaml.md")
    help = help_text(
        lambda: f"""
        Globs, from the repository's root, of the files that are made from the spec's model: JSON schemas and reference pages.

        `{bin_name()} msp-generate` makes them; whatever else matches is stale, and is removed by it.
        """
    )


class MspPlatformTarget(Target):
    alias = "msp_platform"
    core_fields = (*COMMON_TARGET_FIELDS, Dependencies, MspPlatformSourceField, MspPlatformGeneratedField)
    help = help_text(
        """
        The organisation's settings, which every service's artefacts depend on, and the schemas and reference pages of
        `service.yaml` and `platform.yaml`.

        There is one, in the root's BUILD file: `msp_platform(name="platform")`.
        """
    )
