"""The options of the managed services platform."""

from __future__ import annotations

from pants.engine.rules import collect_rules
from pants.option.option_types import IntOption, StrOption
from pants.option.subsystem import Subsystem
from pants.util.strutil import softwrap


class MspSubsystem(Subsystem):
    options_scope = "msp"
    name = "Managed services platform"
    help = "Terraform, guides and images from the `service.yaml` of each service."

    platform = StrOption(
        default="//:platform",
        help="The address of the `msp_platform` target, which has the organisation's settings.",
    )
    output_directory = StrOption(
        default="infra-out",
        help="Where generated Terraform and guides are committed. What lies in it and is not generated is reported, and removed.",
    )
    releases_directory = StrOption(
        default="releases",
        help=(
            "Where releases of the generator are committed, and the lock that says which tier is held at which of them. "
            "Written by the goal `msp-upgrade`."
        ),
    )
    today = StrOption(
        advanced=True,
        default=None,
        help="The day, as YYYY-MM-DD, against which `check` holds the last days of policy exceptions (default: today, UTC).",
    )
    generator = StrOption(
        advanced=True,
        default="lib/generator/__main__.py",
        help="The address of the program that makes Terraform and guides from specs.",
    )
    spec_model = StrOption(
        advanced=True,
        default="lib/spec/__main__.py",
        help="The address of the program that validates specs, and describes them in schemas and reference pages.",
    )
    bindings_cutter = StrOption(
        advanced=True,
        default="lib/generator/bindings/__main__.py",
        help="The address of the program that cuts the provider bindings down to what the generator uses.",
    )
    node = StrOption(
        advanced=True,
        default=None,
        help="The path of a Node on this machine, to use instead of the pinned one where the generator needs Node.",
    )
    tools_resolve = StrOption(
        advanced=True,
        default="generator",
        help="The resolve that these programs run on.",
    )
    bindings_resolve = StrOption(
        advanced=True,
        default="bindings",
        help="The resolve that has the provider bindings as published.",
    )
    services_per_process = IntOption(
        advanced=True,
        default=8,
        help=softwrap(
            """
            About how many services one process of the generator makes. More make a cold run of many services cheaper
            (a process costs most of a CPU-second before its first service); fewer, a run after one edit.
            """
        ),
    )


def rules():
    return collect_rules()
