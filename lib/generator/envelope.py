"""What the generator answers to whoever ran it: one JSON document on stdout.

Version 1. Keep in sync with pants-plugins/msp/util_rules/envelope.py; both are tested against
lib/generator/testdata/envelope.json. Exit codes: 0 fine, 1 the spec is wrong, 2 misuse, 3 a bug.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from spec.diagnostics import Diagnostic

VERSION = 1
FINE, SPEC_IS_WRONG, MISUSE, BUG = 0, 1, 2, 3


def envelope(files: Mapping[str, bytes], diagnostics: Iterable[Diagnostic]) -> str:
    """The envelope of a run that made `files` (path below the output folder -> content)."""
    document = {
        "version": VERSION,
        "files": [
            {"path": path, "sha256": hashlib.sha256(content).hexdigest()} for path, content in sorted(files.items())
        ],
        "diagnostics": [diagnostic.to_json() for diagnostic in diagnostics],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    return SPEC_IS_WRONG if any(diagnostic.severity == "error" for diagnostic in diagnostics) else FINE
