"""Terraform's types: which value or expression may stand where a type is wanted.

The rules of conversion are those of https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion.
"""

from __future__ import annotations

import re
from typing import Any

from generator.terraform.schema import Type

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_PRIMITIVES = ("string", "number", "bool")


def converts(found: Type, wanted: Type) -> bool:
    """Whether a value of the type `found` can be given where `wanted` is, as far as the types tell."""
    if found == "dynamic" or wanted == "dynamic":
        return True
    if isinstance(found, str) or isinstance(wanted, str):
        if not (isinstance(found, str) and isinstance(wanted, str)):
            return False
        return found == wanted or "string" in (found, wanted)
    sequences, mappings = ("list", "set", "tuple"), ("map", "object")
    if found[0] in sequences and wanted[0] in sequences:
        return found[0] == "tuple" or wanted[0] == "tuple" or converts(found[1], wanted[1])
    if found[0] in mappings and wanted[0] in mappings:
        return "object" in (found[0], wanted[0]) or converts(found[1], wanted[1])
    return False


def literal_fits(value: Any, wanted: Type) -> bool:
    """Whether a JSON number, boolean or plain string can be given where a primitive type is wanted."""
    if wanted == "dynamic" or value is None:
        return True
    if isinstance(value, (dict, list)) or not isinstance(wanted, str):
        return False
    if wanted == "string":
        return True
    if isinstance(value, str):
        return value in ("true", "false") if wanted == "bool" else bool(_NUMBER.fullmatch(value))
    return isinstance(value, bool) == (wanted == "bool")


def describe(wanted: Type) -> str:
    """The type in words: `list of string`."""
    if isinstance(wanted, str):
        return {"dynamic": "any value"}.get(wanted, wanted)
    if wanted[0] == "object":
        return "object"
    return f"{wanted[0]} of {describe(wanted[1])}"


def describe_value(value: Any) -> str:
    """A JSON value in a few words, cut short."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:37] + "…")
    return str(value)
