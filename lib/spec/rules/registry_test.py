"""Every rule is in the registry, documented, and yields findings with a declared code."""

from __future__ import annotations

import ast
import inspect
from functools import partial
from pathlib import Path
from types import FunctionType

from spec import rules
from spec.codes import CODES
from spec.rules import (
    ENVIRONMENT_RULES,
    PLATFORM_RULES,
    SERVICE_RULES,
    fleet,
    identity,
    images,
    platform_facts,
    platform_file,
)

EVERY_RULE = [
    *ENVIRONMENT_RULES,
    *SERVICE_RULES,
    *platform_file.RULES,
    *PLATFORM_RULES,
    *images.IMAGE_RULES,
    identity.id_is_directory,
    platform_facts.owners_exist,
]


def modules() -> list[Path]:
    return [
        path
        for path in Path(rules.__file__).parent.glob("*.py")
        if path.stem not in ("__init__", "base", "registry_test")
    ]


def test_no_rule_is_forgotten() -> None:
    """Each public function of a rule module is registered."""
    known = {rule.func.__name__ if isinstance(rule, partial) else rule.__name__ for rule in EVERY_RULE}
    for path in modules():
        defined = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        assert [name for name in defined if not name.startswith("_") and name not in known] == [], path.name
    assert len(fleet.RULES) == 4


def test_rules_say_why() -> None:
    for rule in EVERY_RULE:
        function = rule.func if isinstance(rule, partial) else rule
        assert isinstance(function, FunctionType)
        assert inspect.getdoc(function), function


def test_codes_are_declared() -> None:
    """Every code that a rule names stands in spec.codes."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    assert code.value in CODES, (path.name, node.lineno)
