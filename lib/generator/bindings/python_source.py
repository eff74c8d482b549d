r"""Take out of a generated Python module what only costs time: run-time type checks and their stubs.

jsii writes, before every call into its kernel, a block like

    if __debug__:
        type_hints = typing.get_type_hints(_typecheckingstub__0123abcd)
        check_type(argname="argument scope", value=scope, expected_type=type_hints["scope"])

and one `_typecheckingstub__…` function per block at the end of the module. They take half of a synthesis. Static
checkers read the real signatures, and the recovered schema checks the values, so nothing is lost. Only blocks
of exactly this form are removed: a block that holds anything else stays. Docstrings stay too, for editors: without
them, importing all modules of the seam was faster by 8 of 55 ms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_CHECK_BLOCK = re.compile(
    r"^( +)if __debug__:\n"
    r"\1    type_hints = (?:typing\.get_type_hints|cached_type_hints)\(_typecheckingstub__\w+\)\n"
    r"(?:\1    check_type\(.*\)(?: *#.*)?\n)*"
    r"(?!\1    )",
    re.MULTILINE,
)
_CHECK_STUB = re.compile(
    r'^def _typecheckingstub__\w+\((?:.*\n)+?    """Type checking stubs"""\n    pass\n\n?', re.MULTILINE
)
_CHECK_IMPORT = re.compile(r"^from jsii\._type_checking import cached_type_hints, check_type\n", re.MULTILINE)
_CHECK_FUNCTION = re.compile(
    r"^import typeguard\nfrom importlib\.metadata import version as _metadata_package_version\n"
    r"TYPEGUARD_MAJOR_VERSION = .*\n\ndef check_type\((?:.*\n)(?:(?:    .*)?\n)+",
    re.MULTILINE,
)
_EXTEND_PATH = "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n"


def lighten(source: str) -> str:
    """The module without its run-time type checks; annotations and docstrings are kept.

    Annotations are not evaluated any more, which is most of what importing such a module cost. The search for other
    parts of the package (`extend_path`) goes too: it would find the published package beside the cut one. So does
    `publication`, which puts another module in the place of each that is imported, only to hide private names.
    """
    source = _CHECK_BLOCK.sub("", source)
    if "if __debug__:" not in source:
        source = _CHECK_STUB.sub("", source)
        source = _CHECK_IMPORT.sub("", source)
        source = _CHECK_FUNCTION.sub("", source)
    source = source.replace(_EXTEND_PATH, "from __future__ import annotations\n", 1)
    source = source.replace("import publication\n", "").replace("publication.publish()\n", "")
    return "# mypy: ignore-errors\n" + source


def with_submodule_map(source: str, modules: Mapping[str, str]) -> str:
    """The `_jsii` module with the map by which jsii finds the Python module of a type it has not seen yet.

    jsii reads it when the assembly is loaded (`JSIIAssembly.load`); published packages import every module instead.
    """
    entries = "".join(f"    {fqn!r}: {module!r},\n" for fqn, module in sorted(modules.items()))
    before, assembly, after = source.partition("__jsii_assembly__ = ")
    return f"{before}_SUBMODULE_FQN_MAP = {{\n{entries}}}\n\n{assembly}{after}"


def lazy_parent(package: str, version: str, modules: Iterable[str]) -> str:
    """A parent package that imports a module when one of the module's own names is first used.

    Type checkers do not see the function, so that to them an unknown module is an error.
    """
    entries = "".join(f"        {module!r},\n" for module in modules)
    return f'''"""Cut from {package} {version}: only the modules that the generator's seam names."""

import typing

if not typing.TYPE_CHECKING:
    import importlib
    import types

    _MODULES = frozenset([
{entries}    ])

    class _Lazy(types.ModuleType):
        def __getattr__(self, name):
            value = getattr(importlib.import_module(self.__name__), name)
            self.__dict__[name] = value
            return value

    def __getattr__(name):
        if name in _MODULES:
            return _Lazy(f"{{__name__}}.{{name}}")
        raise AttributeError(f"{{name}} is not in the cut bindings; import it in the generator's seam")
'''
