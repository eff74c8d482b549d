"""Title, what the file is, and the way through it."""

from __future__ import annotations

from generator.docs.inline import code, fmt, inline
from generator.docs.markdown import Blocks, heading, paragraph, quoted
from generator.docs.model import ServiceGuide
from generator.docs.shell import pants


def blocks(guide: ServiceGuide) -> Blocks:
    return [
        heading(1, f"{guide.service.name}: operations guide"),
        quoted(
            fmt(
                "Generated from {} by {}; edits to this file are overwritten.",
                code(guide.spec_path),
                code(pants("msp-generate", guide.targets)),
            ),
            fmt("Commands run at the repository's root; words in CAPITALS are for you to fill in."),
        ),
        paragraph(inline(guide.service.description)),
    ]
