"""What a green check means, and what nobody has looked at yet when it is green."""

from __future__ import annotations

from generator.docs.inline import code, fmt, strong
from generator.docs.markdown import Blocks, bullets, heading, paragraph, shell
from generator.docs.model import ServiceGuide
from generator.docs.shell import pants

TITLE = "What the checks prove"


def blocks(guide: ServiceGuide) -> Blocks:
    return [
        heading(2, TITLE),
        shell(pants("check", guide.targets)),
        paragraph(strong("It proves that:")),
        bullets(
            [
                fmt(
                    "the spec keeps every rule, those of Google that are known beforehand (names, sizes, regions)"
                    " included;"
                ),
                fmt(
                    "{} is exactly what the spec and the platform make today: nothing stale, edited or left over;",
                    code(guide.output),
                ),
                fmt(
                    "every stack fits the providers' schemas: no unknown or missing argument, no wrong type, no"
                    " reference to what isn't there, no cycle."
                ),
            ]
        ),
        paragraph(
            fmt(
                "Where Terraform is installed, the tests also run the real {} and {} on every stack, offline: against"
                " an empty state and a stand-in for each provider that knows the same schema and nothing else. That"
                " proves that Terraform itself accepts the stack and can order its resources.",
                code("terraform validate"),
                code("terraform plan"),
            )
        ),
        paragraph(strong("None of it asks Google Cloud, so it doesn't prove that:")),
        bullets(
            [
                "Google accepts the values: what its APIs refuse beyond the schema is seen at the first apply;",
                "names are free, quotas suffice, organisation policies allow it, and whoever applies may;",
                "the image exists and starts, and secrets have a version;",
                fmt(
                    "what runs is what is committed: the offline plan knows no state, so it never shows what would be"
                    " changed, replaced or destroyed. {} against the real state does.",
                    code("terraform plan"),
                ),
            ]
        ),
    ]
