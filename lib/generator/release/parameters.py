"""Deploy parameters: values that a manifest names and that Cloud Deploy fills in for each target.

Terraform knows them (the address of a database) and a generated file can't; stack `delivery` hands them over.
Source: https://cloud.google.com/deploy/docs/parameters
"""

from __future__ import annotations

import re

REGION = "region"

UNSET = "unset"
"""What stands in the manifest until the parameter is filled in."""

_BRACKETS = ("\ue000", "\ue001")
_MARK = re.compile(r'"\\uE000([A-Za-z0-9_]+)\\uE001"')


def parameter(name: str) -> str:
    """A value that `annotate` turns into a deploy parameter; its characters are in no text that people write."""
    return name.join(_BRACKETS)


def of_variable(name: str) -> str:
    """The parameter that holds the value of one of the spec's own variables."""
    return f"env_{name}"


def annotate(yaml: str) -> str:
    """YAML in which every such value is the placeholder and the comment that Cloud Deploy looks for."""
    return _MARK.sub(rf"{UNSET} # from-param: ${{\1}}", yaml)
