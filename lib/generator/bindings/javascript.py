"""Read the facts about Terraform out of the JavaScript that CDKTF generated for one resource kind.

The generator (`cdktf-provider-generator`) writes the same few forms everywhere. Three of them hold the schema:
- `synthesizeHclAttributes` and the `…ToHclTerraform(struct)` functions: one entry per argument, with its Terraform
  name, type and whether it is a block;
- getters and field initialisers: one per attribute, with its Terraform name and what type reading it gives;
- comments `// name - computed: …, optional: …, required: …` above nested fields.
Whatever has another form raises Unreadable: a schema with a hole in it would call a correct stack wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Type = str | list[Any]
"""A type in Terraform's JSON form: "string", ["list", "string"], ["object", {"name": "string"}]."""


class Unreadable(Exception):
    """The JavaScript has a form that is not known here."""


@dataclass(frozen=True)
class Argument:
    """One entry of `synthesizeHclAttributes` or of a struct's function."""

    name: str
    js: str | None
    type: Type | None
    """None for a nested struct."""
    struct_function: str | None
    """The name stem of the function that writes the nested struct, such as `sqlUserTimeouts`."""
    is_block: bool
    nesting: str


@dataclass(frozen=True)
class Getter:
    """One attribute as it can be read: either a plain type or a class of this module or of cdktf."""

    name: str
    js: str
    type: Type | None = None
    cls: str | None = None
    wraps_set: bool = False


@dataclass(frozen=True)
class JsClass:
    """One class of the module: `base` is its CDKTF base class without the `cdktf.` prefix."""

    name: str
    base: str
    body: str

    @cached_property
    def getters(self) -> dict[str, Getter]:
        """The readable attributes by Terraform name."""
        return {getter.name: getter for getter in _getters(self.body)}

    @cached_property
    def computed(self) -> dict[str, bool]:
        """Terraform name of each nested attribute → whether the provider computes it."""
        return {match["name"]: match["computed"] == "true" for match in _NESTED_COMMENT.finditer(self.body)}

    def item_class(self) -> str:
        """The class of one item of this ComplexList or ComplexMap."""
        match = re.search(r"return new (\w+)\(", self.body)
        if match is None:
            raise Unreadable(f"{self.name} has no get()")
        return match[1]

    def text(self, key: str) -> str | None:
        """The string value of `key: '…'` in the constructor's options."""
        match = re.search(rf"\b{key}: '([^']+)'", self.body)
        return match and match[1]


@dataclass(frozen=True)
class JsModule:
    """The classes and the struct functions of one generated module."""

    classes: dict[str, JsClass]
    functions: dict[str, str]


_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}\n", re.DOTALL | re.MULTILINE)
_CLASS = re.compile(r"^class (\w+) extends cdktf\.(\w+) \{\n(.*?)^\}\n", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(
    r"^ {8,12}(?P<name>\w+): \{\n"
    r"\s+value: (?P<value>.*?),\n"
    r"\s+isBlock: (?P<block>true|false),\n"
    r'\s+type: "(?P<nesting>\w+)",\n'
    r'\s+storageClassType: "\w+",\n',
    re.MULTILINE,
)
_ENTRY_START = re.compile(r"^ +\w+: \{\n +value:", re.MULTILINE)
_ENTRY_PROPERTY = re.compile(r"(?:this\._|struct\.|struct!\.)(\w+)")
_GETTER = re.compile(r"^    get (\w+)\(\) \{\n(.*?)^    \}", re.DOTALL | re.MULTILINE)
_GET_ATTRIBUTE = re.compile(r"this\.get(\w+?)Attribute\('(\w+)'\)")
_FIELD = re.compile(r'this\._(?P<js>\w+) = new (?P<cls>cdktf\.\w+|\w+)\(this, "(?P<name>\w+)"(?:, (?P<wraps>\w+))?\)')
_NESTED_COMMENT = re.compile(
    r"// (?P<name>\w+) - computed: (?P<computed>true|false), optional: \w+, required: \w+\n\s+this\._\w+ = new"
)
_PRIMITIVE = re.compile(r"cdktf\.(string|number|boolean|any)To(?:Hcl)?Terraform")
_PRIMITIVE_TYPES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_GETTER_TYPES: dict[str, Type] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "AnyMap": ["map", "dynamic"],
}
CORE_CLASS_TYPES: dict[str, Type] = {
    "cdktf.StringMap": ["map", "string"],
    "cdktf.NumberMap": ["map", "number"],
    "cdktf.BooleanMap": ["map", "bool"],
    "cdktf.AnyMap": ["map", "dynamic"],
    "cdktf.StringMapList": ["list", ["map", "string"]],
    "cdktf.NumberMapList": ["list", ["map", "number"]],
    "cdktf.StringListList": ["list", ["list", "string"]],
    "cdktf.StringListMap": ["map", ["list", "string"]],
}
"""The classes of cdktf that a computed attribute may be read through, and the types they stand for."""


def parse_module(source: str) -> JsModule:
    """The module's classes and struct functions. Very large resources are several files, joined before."""
    source = re.sub(r"\(0, \w+_\d+\.(\w+)\)", r"\1", source)
    source = re.sub(r"\b(?:index_structs|structs\d+)_\d+\.", "", source)
    return JsModule(
        classes={m[1]: JsClass(name=m[1], base=m[2], body=m[3]) for m in _CLASS.finditer(source)},
        functions={m[1]: m[2] for m in _FUNCTION.finditer(source)},
    )


def arguments(body: str) -> list[Argument]:
    """The arguments that a function body synthesizes. Raises Unreadable when an entry was not understood."""
    found = [_argument(match) for match in _ENTRY.finditer(body)]
    expected = len(_ENTRY_START.findall(body))
    if len(found) != expected:
        raise Unreadable(f"{expected} arguments are synthesized, {len(found)} were understood")
    return found


def resource_arguments(cls: JsClass) -> list[Argument]:
    """The arguments of a resource, data source or provider class."""
    match = re.search(r"synthesizeHclAttributes\(\) \{\n(.*?)^    \}", cls.body, re.DOTALL | re.MULTILINE)
    if match is None:
        raise Unreadable(f"{cls.name} has no synthesizeHclAttributes()")
    return arguments(match[1])


def _argument(match: re.Match[str]) -> Argument:
    value = match["value"]
    plain = _mapped_type(value)
    if isinstance(plain, list) and match["nesting"] == "set":
        plain = ["set", *plain[1:]]
    struct = None if plain else re.search(r"(\w+)ToHclTerraform", value)
    if plain is None and struct is None:
        raise Unreadable(f"{match['name']}: {value[:80]}")
    js = _ENTRY_PROPERTY.search(value)
    return Argument(
        name=match["name"],
        js=js and js[1],
        type=plain,
        struct_function=struct and struct[1],
        is_block=match["block"] == "true",
        nesting="single" if match["nesting"] == "struct" else match["nesting"],
    )


def _mapped_type(value: str) -> Type | None:
    """`cdktf.hashMapperHcl(cdktf.listMapperHcl(cdktf.stringToHclTerraform, false))(x)` → map of list of string.

    None when what is mapped is a struct.
    """
    for opening, kind in (("cdktf.hashMapperHcl(", "map"), ("cdktf.listMapperHcl(", "list")):
        if value.startswith(opening):
            inner = _mapped_type(value[len(opening) :])
            return None if inner is None else [kind, inner]
    primitive = _PRIMITIVE.match(value)
    return _PRIMITIVE_TYPES[primitive[1]] if primitive else None


def _getters(body: str) -> Iterator[Getter]:
    for match in _GETTER.finditer(body):
        attribute = _GET_ATTRIBUTE.search(match[2])
        if attribute is None:
            continue
        if attribute[1] not in _GETTER_TYPES:
            raise Unreadable(f"getter {match[1]} reads a {attribute[1]}")
        read = _GETTER_TYPES[attribute[1]]
        if "Fn.tolist" in match[2]:
            read = ["set", *read[1:]]
        yield Getter(name=attribute[2], js=match[1], type=read)
    for match in _FIELD.finditer(body):
        cls, wraps = match["cls"], match["wraps"] == "true"
        yield Getter(name=match["name"], js=match["js"], type=CORE_CLASS_TYPES.get(cls), cls=cls, wraps_set=wraps)
