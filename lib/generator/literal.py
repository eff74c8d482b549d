"""Text from a spec, made safe inside Terraform JSON.

Terraform evaluates `${…}` and `%{…}` in every JSON string, so text that people wrote must have both escaped.
Source: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
"""

from __future__ import annotations


def literal(text: str) -> str:
    """`text` as Terraform will read it back, character for character."""
    return text.replace("${", "$${").replace("%{", "%%{")


def plain(text: str) -> str:
    """What Terraform reads in a literal: the reverse of `literal`."""
    return text.replace("$${", "${").replace("%%{", "%{")
