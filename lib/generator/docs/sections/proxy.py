"""Identity-Aware Proxy: who gets through, how the service knows who came, and how a program signs in."""

from __future__ import annotations

from generator.docs.inline import Text, code, fmt, link
from generator.docs.markdown import Blocks, anchor, heading, paragraph, shell, table
from generator.docs.model import EnvironmentGuide
from generator.docs.sections import applying
from generator.docs.shell import command, gcloud
from spec import constants

STACK = "edge"
KINDS = {"group": "members of a group", "user": "one person", "domain": "everybody of a domain", "serviceAccount": "a program"}
SIGN_IN_PROGRAM = "https://cloud.google.com/iap/docs/authentication-howto"


def title(environment: EnvironmentGuide) -> str:
    return f"Who gets through Identity-Aware Proxy in {environment.id}"


def blocks(environment: EnvironmentGuide) -> Blocks:
    if not environment.context.has_iap:
        return []
    declared = environment.context.environment.authentication
    return [
        heading(4, title(environment)),
        paragraph(
            fmt(
                "Everybody signs in with Google before a request comes to the service, and only these get through; they have"
                " to belong to the organisation {}. Another one is added under {} in the spec, generated, and applied with"
                " stack {} ({}).",
                environment.context.platform.organization.domain,
                code("authentication.members"),
                code(STACK),
                link("as whom", anchor(applying.TITLE)),
            )
        ),
        table(("Who", "That is"), [_member(member) for member in declared.members]),
        paragraph(
            fmt(
                "The service reads who came in the header {}: a token that Google signed, whose audience starts with {}."
                " A program gets through as a service account ({}). A change takes effect"
                " within some minutes. What is in force now ({}):",
                code("X-Goog-IAP-JWT-Assertion"),
                code("$IAP_AUDIENCE_PREFIX"),
                link("how it signs in", SIGN_IN_PROGRAM),
                link("as whom", anchor(applying.TITLE)),
            )
        ),
        shell(
            gcloud(
                "iap", "web", "get-iam-policy", project=environment.project_id,
                resource_type="backend-services", service=environment.run_name,
            )
        ),
    ]  # fmt: skip


def _member(member: str) -> tuple[Text, ...]:
    kind, _, name = member.partition(":")
    return code(name), KINDS[kind]


def does_it_answer(environment: EnvironmentGuide) -> Blocks:
    """What somebody sees who does not sign in."""
    url = f"https://{environment.context.names.dns_name}{constants.LIVE_PATH}"
    return [
        paragraph(
            fmt(
                "Does it turn strangers away? Without signing in the answer is {} (the header keeps the proxy from sending"
                " to the page where one does); with 403 the proxy is off. Whether the service itself is up, its probes and"
                " its requests tell.",
                code("401"),
            )
        ),
        shell(
            command("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}\\n", "-H", "X-Requested-With: XMLHttpRequest", url)
        ),
    ]


def make_agent(environment: EnvironmentGuide) -> Blocks:
    """What has to be done before the proxy's agent can be given a role."""
    return [
        paragraph(
            "Identity-Aware Proxy calls the service as an agent of its own. Google makes it when it is asked to, once for the"
            " project:"
        ),
        shell(
            gcloud("beta", "services", "identity", "create", service="iap.googleapis.com", project=environment.project_id)
        ),
    ]
