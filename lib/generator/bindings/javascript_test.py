from __future__ import annotations

from textwrap import dedent, indent

import pytest

from generator.bindings.javascript import JsClass, Unreadable, arguments, parse_module, resource_arguments


def _entry(name: str, value: str, nesting: str = "simple", block: str = "false") -> str:
    text = f'{name}: {{\n    value: {value},\n    isBlock: {block},\n    type: "{nesting}",\n    storageClassType: "x",\n}},\n'
    return indent(text, " " * 8)


@pytest.mark.parametrize(
    ("value", "nesting", "expected"),
    [
        ("cdktf.stringToHclTerraform(struct.aB)", "simple", "string"),
        ("cdktf.stringToTerraform(struct.aB)", "simple", "string"),
        ("cdktf.booleanToHclTerraform(struct.aB)", "simple", "bool"),
        ("cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(struct.aB)", "list", ["list", "string"]),
        ("cdktf.listMapperHcl(cdktf.numberToHclTerraform, false)(struct.aB)", "set", ["set", "number"]),
        ("cdktf.hashMapperHcl(cdktf.anyToHclTerraform)(struct.aB)", "map", ["map", "dynamic"]),
        (
            "cdktf.hashMapperHcl(cdktf.listMapperHcl(cdktf.stringToHclTerraform, false))(struct.aB)",
            "map",
            ["map", ["list", "string"]],
        ),
    ],
)
def test_the_type_of_an_argument_comes_from_its_mapper(value: str, nesting: str, expected: object) -> None:
    (argument,) = arguments(_entry("a_b", value, nesting))
    assert (argument.name, argument.js, argument.type, argument.struct_function) == ("a_b", "aB", expected, None)


def test_a_struct_argument_names_its_function() -> None:
    value = "cdktf.listMapperHcl(fooBarToHclTerraform, true)(this._bar.internalValue)"
    (argument,) = arguments(_entry("bar", value, "set", "true"))
    assert (argument.js, argument.type, argument.struct_function) == ("bar", None, "fooBar")
    assert (argument.nesting, argument.is_block) == ("set", True)


def test_an_argument_that_is_not_understood_is_not_skipped() -> None:
    with pytest.raises(Unreadable, match="2 arguments are synthesized, 1 were understood"):
        arguments(_entry("a", "cdktf.stringToHclTerraform(struct.a)") + "        b: {\n            value: other,\n")
    with pytest.raises(Unreadable, match="b: strangeMapper"):
        arguments(_entry("b", "strangeMapper(struct.b)"))


def test_getters_and_fields_give_what_can_be_read() -> None:
    body = dedent(
        """\
            constructor(scope, id, config) {
                super(scope, id, {
                    terraformResourceType: 'x_y',
                });
                // labels - computed: true, optional: false, required: false
                this._labels = new cdktf.StringMap(this, "labels");
                // net - computed: false, optional: true, required: false
                this._net = new FooNetList(this, "net", true);
            }
            get someName() {
                return this.getStringAttribute('some_name');
            }
            get zones() {
                return cdktf.Fn.tolist(this.getListAttribute('zones'));
            }
            get someNameInput() {
                return this._someName;
            }
        """
    )
    cls = JsClass(name="Foo", base="TerraformResource", body=indent(body, "    ").replace("        ", "    ", 1))
    getters = cls.getters
    assert getters["some_name"].type == "string"
    assert getters["some_name"].js == "someName"
    assert getters["zones"].type == ["set", "string"]
    assert getters["labels"].type == ["map", "string"]
    assert (getters["net"].cls, getters["net"].wraps_set, getters["net"].type) == ("FooNetList", True, None)
    assert cls.computed == {"labels": True, "net": False}
    assert cls.text("terraformResourceType") == "x_y"


def test_an_unknown_getter_is_not_skipped() -> None:
    body = "    get a() {\n        return this.getStrangeAttribute('a');\n    }\n"
    with pytest.raises(Unreadable, match="getter a reads a Strange"):
        _ = JsClass(name="Foo", base="ComplexObject", body=body).getters


def test_a_resource_that_was_split_over_files_reads_like_one_file() -> None:
    module = parse_module(
        "function fooToHclTerraform(struct) {\nbody\n}\n"
        "class Foo extends cdktf.TerraformResource {\n    x = (0, index_structs_1.fooToHclTerraform)(1);\n}\n"
    )
    assert module.functions == {"foo": "body\n"}
    assert "x = fooToHclTerraform(1)" in module.classes["Foo"].body
    with pytest.raises(Unreadable, match="Foo has no synthesizeHclAttributes"):
        resource_arguments(module.classes["Foo"])
