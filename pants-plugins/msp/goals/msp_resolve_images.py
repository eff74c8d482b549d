"""`msp-resolve-images`: looks up what the tags of subscriptions mean, and writes it beside the specs, to be committed."""

from __future__ import annotations

import dataclasses

from msp.subsystems.msp import MspSubsystem
from msp.target_types import MspServiceSourcesField
from msp.util_rules.services import MspPlatform, MspService, MspServiceInputs
from msp.util_rules.tool import MspTool, MspToolProcess, MspToolRequest

from pants.base.build_environment import get_buildroot
from pants.engine.addresses import Addresses
from pants.engine.console import Console
from pants.engine.env_vars import EnvironmentVars, EnvironmentVarsRequest
from pants.engine.fs import EMPTY_DIGEST
from pants.engine.goal import Goal, GoalSubsystem
from pants.engine.process import InteractiveProcess, InteractiveProcessResult
from pants.engine.rules import Effect, Get, MultiGet, collect_rules, goal_rule
from pants.engine.target import UnexpandedTargets
from pants.util.frozendict import FrozenDict
from pants.util.strutil import help_text

# Where `docker login` and cloud vendors' helpers keep credentials, and the way to the network.
_ENVIRONMENT = (
    *("HOME", "PATH", "DOCKER_CONFIG", "CLOUDSDK_CONFIG", "GOOGLE_APPLICATION_CREDENTIALS"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"),
)


class MspResolveImagesSubsystem(GoalSubsystem):
    name = "msp-resolve-images"
    help = help_text(
        """
        Look up what the tags of environments with `deploy.type: subscription` mean now.

        The answer is written into `images.lock.yaml` beside each service's spec. Commit it: everything that is generated
        reads the file, and nothing else ever asks a registry.
        """
    )


class MspResolveImages(Goal):
    subsystem_cls = MspResolveImagesSubsystem
    environment_behavior = Goal.EnvironmentBehavior.LOCAL_ONLY


@goal_rule
async def msp_resolve_images(
    console: Console, addresses: Addresses, msp: MspSubsystem, platform: MspPlatform
) -> MspResolveImages:
    targets = await Get(UnexpandedTargets, Addresses, addresses)
    chosen = sorted({MspService(one.address.spec_path) for one in targets if one.has_field(MspServiceSourcesField)})
    inputs = await MultiGet(Get(MspServiceInputs, MspService, service) for service in chosen)
    services = [service for service, one in zip(chosen, inputs) if not one.problem]
    problems = [problem for problem in (platform.problem, *(one.problem for one in inputs)) if problem]
    for problem in problems:
        console.print_stderr(problem.render())
    if platform.problem or not services:
        if not problems:
            console.print_stderr("No service here; try `msp-resolve-images ::`, or `msp-resolve-images services/<id>::`.")
        return MspResolveImages(exit_code=int(bool(problems)))
    tool = MspToolRequest(
        MspTool(msp.generator, "[msp].generator", "generator"),
        argv=(
            *("resolve-images", "--root", get_buildroot(), "--platform", platform.path),
            *(part for service in services for part in ("--spec", service.spec_path)),
        ),
        input_digest=EMPTY_DIGEST,
        description="Look up the images of subscriptions",
    )
    prepared, variables = await MultiGet(
        Get(MspToolProcess, MspToolRequest, tool), Get(EnvironmentVars, EnvironmentVarsRequest(_ENVIRONMENT))
    )
    # Interactive, because it asks the outside and writes beside the specs: never cached, and it speaks for itself.
    process = dataclasses.replace(prepared.process, env=FrozenDict({**prepared.process.env, **variables}))
    result = await Effect(InteractiveProcessResult, InteractiveProcess, InteractiveProcess.from_process(process))
    return MspResolveImages(exit_code=result.exit_code or int(bool(problems)))


def rules():
    return collect_rules()
