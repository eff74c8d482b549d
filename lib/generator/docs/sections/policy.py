"""What the policy scanner finds in an environment and is right for now: by whom, why, until when."""

from __future__ import annotations

from generator.docs.inline import code, fmt, link
from generator.docs.markdown import Blocks, heading, paragraph, table
from generator.docs.model import EnvironmentGuide

INDEX = "https://www.checkov.io/5.Policy%20Index/terraform.html"


def blocks(environment: EnvironmentGuide) -> Blocks:
    exceptions = environment.context.environment.policy_exceptions
    if not exceptions:
        return []
    owners = environment.context.platform.owners
    return [
        heading(4, f"Policy exceptions of {environment.id}"),
        paragraph(
            fmt(
                "What {} finds and is right for now. The day after its last, {} fails until the finding is mended or a later"
                " date agreed on.",
                link("the policy scanner", INDEX),
                code("check"),
            )
        ),
        table(
            ("Check", "Resource", "Reason", "Who answers for it", "Last day"),
            [
                (
                    code(one.check),
                    code(one.resource) if one.resource else "all",
                    one.reason,
                    owners[one.owner].name,
                    one.expires,
                )
                for one in exceptions
            ],
        ),
    ]
