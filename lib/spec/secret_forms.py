"""What secrets look like."""

from __future__ import annotations

import re

FORMS: tuple[tuple[str, str], ...] = (
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"),
    ("a token of GitHub", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})"),
    ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20}"),
    ("a token of Slack", r"\bxox[abeoprs]-[0-9A-Za-z]+-[0-9A-Za-z-]{10}"),
    ("a webhook of Slack", r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{20}"),
    ("a secret key of Stripe", r"\b[sr]k_live_[A-Za-z0-9]{16}"),
    ("an access key of Amazon", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("an API key of Google", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("a client secret of Google", r"\bGOCSPX-[A-Za-z0-9_-]{28}"),
    ("a key of Anthropic", r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{20}"),
    ("a key of OpenAI", r"\bsk-(?:proj-[A-Za-z0-9_-]{20}|[A-Za-z0-9]{48}\b)"),
    ("a key of SendGrid", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}"),
    ("a signed token (JWT)", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20}"),
    ("a password in a URL", r"\b[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/:@{}$<>*][^\s/@]*@"),
    ("a password", r"(?i)(?:^|[\s;&?])(?:password|passwd|pwd)=[^\s;&{}$<>*]"),
)
"""What it is -> a form that hardly anything else has. As their owners publish them for scanners of repositories:
https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"""


def looks_like(value: str) -> str | None:
    """What kind of secret a value seems to be, in words; None for an ordinary one."""
    return next((what for what, form in FORMS if re.search(form, value)), None)
