"""How anything about the service is changed: the spec, what is made from it, and what is applied."""

from __future__ import annotations

from generator.docs.inline import code, fmt, join, link
from generator.docs.markdown import Blocks, anchor, heading, paragraph, shell, steps
from generator.docs.model import ServiceGuide
from generator.docs.sections import applying, checks, first_deployment
from generator.docs.shell import command, pants, quote


def title(guide: ServiceGuide) -> str:
    return f"Change the {guide.noun}"


def blocks(guide: ServiceGuide) -> Blocks:
    return [
        heading(2, title(guide)),
        paragraph(
            fmt(
                "The spec is the one place to change: {} and this guide are made from it, and what is changed in Google"
                " Cloud by hand is undone by the next apply.",
                code(guide.output),
            )
        ),
        steps(
            [
                [
                    paragraph(
                        fmt(
                            "Edit {}. Its first line gives an editor the schema; {} explains every key.",
                            code(guide.spec_path),
                            code("docs/reference/service-yaml.md"),
                        )
                    )
                ],
                [
                    paragraph("Make everything anew and read what the change does:"),
                    shell(pants("msp-generate", guide.targets), command("git", "diff", guide.output)),
                ],
                [
                    paragraph(fmt("Check it ({}):", link("what that proves", anchor(checks.TITLE)))),
                    shell(pants("check", guide.targets)),
                ],
                [
                    paragraph(
                        fmt(
                            "For a change of anything that holds data, see what Terraform would do to what runs now, by"
                            " {} with the commands of {}. A line that says {} is a reason to stop.",
                            code("plan"),
                            link("the first deployment", anchor(first_deployment.TITLE)),
                            join([code("destroyed"), code("replaced")], ", ", " or "),
                        )
                    )
                ],
                [
                    paragraph(
                        fmt(
                            "Where {} or {} says that something would be lost, write the block that it shows into the"
                            " file that it names, and make everything anew. To really lose it, {} comes first, in a"
                            " change of its own that is merged and applied.",
                            code("msp-generate"),
                            code("check"),
                            code("allowDestroys: true"),
                        )
                    )
                ],
                [paragraph("Commit the spec and what was made from it together; have both reviewed; merge.")],
                [
                    paragraph(
                        fmt(
                            "Apply every stack whose folder the change touched, in this order: {}. {} says as whom.",
                            join(map(code, order(guide)), " → "),
                            link(applying.TITLE, anchor(applying.TITLE)),
                        )
                    ),
                    shell(f"git diff --stat HEAD~1 -- {quote(guide.output)}"),
                ],
            ]
        ),
    ]


def order(guide: ServiceGuide) -> list[str]:
    """The stacks that any environment has, in the order to apply."""
    order: list[str] = []
    for environment in guide.environments:
        place = 0
        for name in environment.stacks:
            if name not in order:
                order.insert(place, name)
            place = order.index(name) + 1
    return order
