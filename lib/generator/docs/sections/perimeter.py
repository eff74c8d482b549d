"""The service perimeter of each environment: what it shuts, who passes, what it refuses, how it is changed."""

from __future__ import annotations

from generator import passages
from generator.docs.inline import Inline, Text, code, fmt, join, link
from generator.docs.markdown import Block, Blocks, anchor, fenced, heading, paragraph, shell, steps, table
from generator.docs.model import EnvironmentGuide, ServiceGuide
from generator.docs.sections import changing
from generator.docs.shell import gcloud
from spec.perimeter import is_enforced

STACK = "perimeter"
STS = "sts.googleapis.com"
TITLE = "Service perimeter"
POLICY_LOG = (
    'log_id("cloudaudit.googleapis.com/policy")'
    ' AND protoPayload.metadata.@type:"VpcServiceControlAuditMetadata"'
)
LINE = (
    "value(timestamp,protoPayload.metadata.dryRun,protoPayload.authenticationInfo.principalEmail,protoPayload.serviceName"
    ","
    "protoPayload.methodName,protoPayload.metadata.violationReason,protoPayload.metadata.vpcServiceControlsUniqueId)"
)


def title(environment: EnvironmentGuide) -> str:
    return f"Perimeter of {environment.id}"


def blocks(guide: ServiceGuide) -> Blocks:
    inside = [environment for environment in guide.environments if environment.context.is_inside_perimeter]
    if not inside:
        return []
    found: list[Block] = [
        heading(2, TITLE),
        paragraph(
            "A border around the environment's project (VPC Service Controls), besides IAM: who is not let through by"
            " a rule"
            " below uses none of the APIs that are shut, whatever roles they hold; and nothing inside uses them on"
            " another"
            " project. A key or token that was carried away is worth nothing elsewhere, and data can't be copied to a"
            " stranger's bucket."
        ),
    ]
    for environment in inside:
        found += _environment(guide, environment)
    return found


def needs(environment: EnvironmentGuide) -> Inline:
    """What has to be there before the stack is applied."""
    perimeter = environment.context.platform.perimeter
    assert perimeter is not None  # otherwise there is no such stack
    return fmt(
        "Its rules name accounts that the stacks before it make{}. The identity that applies needs {} on access policy"
        " {}, and"
        " to see the projects that the rules name ({}).",
        _made_elsewhere(environment),
        code("roles/accesscontextmanager.policyEditor"),
        code(perimeter.access_policy),
        code("resourcemanager.projects.get"),
    )


def _made_elsewhere(environment: EnvironmentGuide) -> Text:
    rollout = environment.context.rollout
    if rollout is None or environment.context.holds_pipeline:
        return ""
    return fmt(", and stack {} of {}: that comes first", code("delivery"), code(rollout.last_environment))


def _environment(guide: ServiceGuide, environment: EnvironmentGuide) -> Blocks:
    context, project = environment.context, environment.project_id
    perimeter = context.platform.perimeter
    assert perimeter is not None  # otherwise it is not inside
    enforced = is_enforced(context.environment, context.platform)
    dry_run = "It is a dry run: it refuses nothing, and says what it would refuse."
    state = "It refuses what no rule lets." if enforced else dry_run
    policy = {"policy": perimeter.access_policy}
    return [
        heading(3, title(environment), environment.id),
        paragraph(fmt("Perimeter {}. {}", code(context.names.perimeter), state)),
        paragraph(fmt("Shut: {}.", join(map(code, passages.shut(context)), ", ", " and "))),
        *_left_open(environment),
        table(
            ("Way", "For", "Who", "APIs", "Projects"),
            [_row(environment, way) for way in passages.passages(context)],
        ),
        paragraph(
            "What leaves the containers goes through the environment's network, which is how the perimeter knows that"
            " it comes"
            " from inside. The perimeter is about Google's APIs: what a container sends elsewhere on the Internet it"
            " doesn't see."
        ),
        heading(4, f"What the perimeter of {environment.id} refuses"),
        paragraph(
            fmt(
                "Alert {} tells of it. The last column explains an entry in {}; {} in the second marks what was let"
                " through.",
                code("perimeter-violated"),
                link(
                    "the console's analyzer",
                    f"https://console.cloud.google.com/security/service-perimeter/troubleshoot?project={project}",
                ),
                code("True"),
            )
        ),
        shell(
            gcloud("logging", "read", POLICY_LOG, project=project, freshness="7d", limit=50, format=LINE),
            gcloud("access-context-manager", "perimeters", "describe", context.names.perimeter, **policy),
        ),
        heading(4, f"Another way through the perimeter of {environment.id}"),
        paragraph(
            fmt(
                "As narrow as it can be, in {}, and then like {}. It is in force minutes after stack {} was applied.",
                code(guide.spec_path),
                link("any change", anchor(changing.title(guide))),
                code(STACK),
            )
        ),
        fenced(_example(environment), "yaml"),
        *(_loosen(environment) if enforced else _enforce(environment)),
    ]


def _left_open(environment: EnvironmentGuide) -> Blocks:
    names = passages.left_open(environment.context)
    if not names:
        return []
    sentence = fmt("Left open, because no perimeter shuts them: {}.", join(map(code, names), ", ", " and "))
    if STS not in names:
        return [paragraph(sentence)]
    return [paragraph(sentence, fmt("{} is where CI signs in, which is nobody before.", code(STS)))]


def _row(environment: EnvironmentGuide, way: passages.Passage) -> tuple[Text, ...]:
    perimeter = environment.context.platform.perimeter
    levels = perimeter.access_levels if perimeter is not None and way.people else ()
    who: Text = "anybody"
    if way.identities:
        who = join(code(identity.replace("$number", "NUMBER")) for identity in way.identities)
    met = fmt("{}; must meet {}", who, join(map(code, levels), " or ")) if levels else who
    apis: Text = join(map(code, way.services))
    if way.services in (passages.EVERYTHING, tuple(passages.shut(environment.context))):
        apis = "all that are shut"
    return (
        way.direction,
        fmt("{}: {}", way.title, way.reason) if way.reason else way.title,
        met,
        apis,
        _projects(way),
    )


def _projects(way: passages.Passage) -> Text:
    if way.direction == "in" and not way.projects:
        return "from anywhere"
    return "anywhere" if way.projects == passages.ANYWHERE else join(map(code, way.projects))


def _example(environment: EnvironmentGuide) -> str:
    return "\n".join(
        (
            "environments:",
            f"  - id: {environment.id}",
            "    perimeter:",
            "      exceptions:",
            "        - direction: out",
            f'          identities: ["serviceAccount:{environment.context.names.workload_email}"]',
            "          services: [storage.googleapis.com]",
            "          projects: [OTHER-PROJECT]",
            "          reason: WHY",
        )
    )


def _enforce(environment: EnvironmentGuide) -> Blocks:
    return [
        heading(4, f"Enforce the perimeter of {environment.id}"),
        steps(
            [
                [
                    paragraph(
                        "Let it run dry until everything was done once that is ever done: a deployment, the month's"
                        " jobs, access"
                        " in an emergency, a look at the analysts' tables. Two weeks are little."
                    )
                ],
                [paragraph("See with the command above that nothing would be refused that has to go on.")],
                [
                    paragraph(fmt("Say so, and apply stack {}:", code(STACK))),
                    fenced(f"environments:\n  - id: {environment.id}\n    perimeter: {{enforced: true}}", "yaml"),
                ],
                [
                    paragraph(
                        fmt(
                            "Stay there for an hour: the way back is the same line with {}, minutes after it is"
                            " applied.",
                            code("false"),
                        )
                    )
                ],
            ]
        ),
    ]


def _loosen(environment: EnvironmentGuide) -> Blocks:
    return [
        heading(4, f"Stop enforcing the perimeter of {environment.id}"),
        paragraph(
            fmt(
                "Where it stands in the way of putting out a fire, {} and an apply of stack {} make it a dry run"
                " again, minutes"
                " later. The identity that applies always passes.",
                code("perimeter: {enforced: false}"),
                code(STACK),
            )
        ),
    ]
