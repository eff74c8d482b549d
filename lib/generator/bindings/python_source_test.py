from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from generator.bindings.cache import installed_folders
from generator.bindings.python_source import lazy_parent, lighten, with_submodule_map

_HEAD = "r'''\n# A heading\n'''\nfrom pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n"


def _published(name: str) -> str:
    (folder,) = installed_folders([name.partition(".")[0]])
    return (folder / name.replace(".", "/") / "__init__.py").read_text()


class _Expected(ast.NodeTransformer):
    """What lighten() says it does, done on the syntax tree."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "__debug__":
            return None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        if node.name.startswith("_typecheckingstub__") or node.name == "check_type":
            return None
        return self.generic_visit(node)

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [child for child in node.body if not self._dropped(ast.unparse(child))]
        return self.generic_visit(node)

    def _dropped(self, statement: str) -> bool:
        checks = ("import typeguard", "TYPEGUARD_MAJOR_VERSION", "from importlib.metadata", "from jsii._type_checking")
        return statement.startswith(
            (*checks, "import publication", "publication.publish", "from pkgutil", "__path__ =")
        )


@pytest.mark.parametrize(
    "name",
    [
        "cdktf",
        "cdktf._jsii",
        "constructs",
        "cdktf_cdktf_provider_google.compute_security_policy",
        "cdktf_cdktf_provider_postgresql.grant",
        "cdktf_cdktf_provider_random._jsii",
    ],
)
def test_only_checks_are_taken_out_of_the_published_code(name: str) -> None:
    source = _published(name)
    light = ast.parse(lighten(source))
    future = next(node for node in light.body if isinstance(node, ast.ImportFrom))
    assert future.module == "__future__"
    light.body.remove(future)
    expected = ast.parse(source)
    assert ast.get_docstring(light) == ast.get_docstring(expected)
    assert ast.dump(light) == ast.dump(_Expected().visit(expected))


def test_a_debug_block_of_another_form_stays() -> None:
    source = dedent(
        """\
        def f(x):
            if __debug__:
                type_hints = typing.get_type_hints(_typecheckingstub__1)
                check_type(argname="argument x", value=x, expected_type=type_hints["x"])
                log(x)
            return x
        """
    )
    assert lighten(source).endswith(source)


def test_annotations_are_not_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "light_sample.py").write_text(lighten(_HEAD + "def f(x: not_defined.Thing) -> None: ...\n"))
    monkeypatch.syspath_prepend(str(tmp_path))
    sample = importlib.import_module("light_sample")
    assert sample.f.__annotations__ == {"x": "not_defined.Thing", "return": "None"}


def test_the_submodule_map_comes_before_the_assembly_is_loaded() -> None:
    source = with_submodule_map("import jsii\n__jsii_assembly__ = load()\n", {"@a/b.c": "a_b.c"})
    assert source == "import jsii\n_SUBMODULE_FQN_MAP = {\n    '@a/b.c': 'a_b.c',\n}\n\n__jsii_assembly__ = load()\n"


def test_the_parent_loads_a_module_when_its_names_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lazy_parent_sample"
    (package / "thing").mkdir(parents=True)
    (package / "__init__.py").write_text(lazy_parent("lazy-parent-sample", "1.0", ["thing"]))
    (package / "thing" / "__init__.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    parent = importlib.import_module("lazy_parent_sample")
    thing = parent.thing
    assert "lazy_parent_sample.thing" not in sys.modules
    assert thing.value == 1
    assert "lazy_parent_sample.thing" in sys.modules
    with pytest.raises(AttributeError, match="absent is not in the cut bindings; import it in the generator's seam"):
        _ = parent.absent
