"""What the conformance kit measured: which promises of the contract the service keeps."""

from __future__ import annotations

from generator.docs.inline import Inline, Text, code, escape, fmt, strong
from generator.docs.markdown import Block, Blocks, heading, paragraph, shell, table
from generator.docs.model import ServiceGuide
from spec.conformance import FILE, Conformance, Entry, command

TITLE = "Conformance"


def blocks(guide: ServiceGuide) -> Blocks:
    found: list[Block] = [heading(2, TITLE)]
    if guide.conformance is None:
        missing = fmt(
            "Nobody has measured whether the {} keeps what the platform relies on: there is no {} beside its spec.",
            guide.noun,
            code(FILE),
        )
        return [*found, paragraph(missing)]
    measured = guide.conformance
    return [
        *found,
        paragraph(
            fmt(
                "What the platform relies on, tried on the {}'s real process with the variables of environment {}, real"
                " databases and faults on the way to them. {} Its tests measure it anew with every change, and fail when"
                " the result is another than the one in {}.",
                guide.noun,
                measured.environment,
                _score(measured),
                code(f"{guide.directory}/{FILE}" if guide.directory else FILE),
            )
        ),
        table(("Promise", "Kept"), [_row(entry) for entry in measured.entries.values()]),
        paragraph("To measure by hand, and write down what was found:"),
        shell(command(guide.directory or ".")),
    ]


def _score(measured: Conformance) -> Inline:
    results = [entry.result for entry in measured.entries.values()]
    applicable = len(results) - results.count("not applicable")
    kept = fmt("{} of {} promises that apply are kept.", results.count("pass"), applicable)
    return strong(kept) if "fail" in results else kept


def _row(entry: Entry) -> tuple[Text, Text]:
    answers: dict[str, Text] = {
        "pass": "yes",
        "fail": fmt("{}: {}", strong("no"), entry.reason),
        "not applicable": fmt("does not apply: {}", entry.reason),
    }
    return _promise(entry.promise), answers[entry.result]


def _promise(text: str) -> Inline:
    """The kit's own Markdown: code between backticks and nothing else."""
    return Inline("".join(code(part) if number % 2 else _plain(part) for number, part in enumerate(text.split("`"))))


def _plain(part: str) -> str:
    """Escaped, with the spaces that part it from its neighbours."""
    return f"{' ' * part.startswith(' ')}{escape(part)}{' ' * (len(part) > 1 and part.endswith(' '))}" if part else ""
