"""Resources, data sources and providers (CDKTF's TerraformResource, TerraformDataSource, TerraformProvider)."""

from __future__ import annotations

from typing import Any

from generator.engine.errors import EngineError, Unsupported
from generator.engine.native.elements import Element
from generator.engine.native.expressions import Dependable, Reference
from generator.engine.native.merge import deep_merge, keys_to_snake_case
from generator.engine.native.references import Attributes, read, returned_class
from generator.engine.native.schema import Kind, Property
from generator.engine.native.tokens import TOKENS
from generator.engine.native.tree import Construct, Peer
from generator.engine.native.values import Mistyped, argument, incoming

_META = frozenset({"dependsOn", "count", "provider", "lifecycle", "forEach", "provisioners", "connection"})
"""The meta-arguments that every config struct has, by their JavaScript names."""
_NOT_OFFERED = ("forEach", "provisioners", "connection")


class Configured(Element):
    """An element whose arguments come from a config struct of the provider's bindings."""

    def __init__(self, owner: Any, scope: Construct, id: str, kind: Kind, config: Any) -> None:
        super().__init__(owner, scope, id)
        self.kind = kind
        self.arguments: dict[str, Any] = {}
        """Terraform name → value, tokens unresolved."""
        self.meta: dict[str, Any] = {}
        """JavaScript name → value of the meta-arguments."""
        names = config.__jsii_name_mapping__
        for py, value in config._values.items():
            if value is not None:
                self._configure(names[py], value)

    def _configure(self, js: str, value: Any) -> None:
        prop = self.property(js)
        try:
            self.arguments[prop.tf] = argument(value, prop)
        except Mistyped as error:
            raise EngineError(f"{self.kind.terraform_type} at '{self.path}': {error}") from None

    def property(self, js: str) -> Property:
        """The property of this kind that the bindings call `js`."""
        prop = self.kind.block.get(js)
        if prop is None:
            raise Unsupported(f"{self.kind_name()}.{js}, which is not in the recovered schema")
        return prop

    def input(self, js: str) -> Any:
        """What the stack gave for a plain argument; None where nothing was given."""
        prop = self.property(js)
        if prop.type is None and prop.tf in self.arguments:
            raise Unsupported(f"{self.kind_name()}.{js}Input")
        return self.arguments.get(prop.tf)

    def set(self, name: str, value: Any) -> None:
        if value is None:
            self.arguments.pop(self.property(name).tf, None)
        else:
            self._configure(name, value)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        for verb, value in (("put", arguments[0] if arguments else None), ("reset", None)):
            js = name[len(verb) :]
            if name.startswith(verb) and self.kind.block.get(js[:1].lower() + js[1:]) is not None:
                return self.set(js[:1].lower() + js[1:], value)
        return super().invoke(name, arguments)

    def overrides_key(self) -> str:
        return self.kind.terraform_type

    def get(self, name: str) -> Any:
        match name:
            case "terraformResourceType":
                return self.kind.terraform_type
        if name.endswith("Input") and self.kind.block.get(name.removesuffix("Input")) is not None:
            return self.input(name.removesuffix("Input"))
        return super().get(name)


class Resource(Configured, Attributes):
    """A resource or a data source."""

    def __init__(self, owner: Any, scope: Construct, id: str, kind: Kind, config: Any) -> None:
        self.address_prefix = f"data.{kind.terraform_type}" if kind.kind == "data" else kind.terraform_type
        super().__init__(owner, scope, id, kind, config)

    def _configure(self, js: str, value: Any) -> None:
        if js not in _META or self.kind.block.get(js) is not None:
            return super()._configure(js, value)
        if js in _NOT_OFFERED:
            raise Unsupported(f"{self.kind_name()}({js}=…)")
        self.meta[js] = incoming(value)
        if js == "dependsOn":
            self.meta[js] = [TOKENS.string(Dependable(element)) for element in self.meta[js]]

    def attribute(self, name: str) -> Reference:
        return self.reference(f".{name}")

    def get(self, name: str) -> Any:
        prop = self.kind.block.get(name)
        if prop is not None:
            return read(self, prop, returned_class(type(self.owner), name))
        if name in ("count", "dependsOn", "lifecycle", "provider"):
            return self.meta.get(name)
        return super().get(name)

    def set(self, name: str, value: Any) -> None:
        if name in _META and self.kind.block.get(name) is None:
            self.meta.pop(name, None)
            if value is not None:
                self._configure(name, value)
        else:
            super().set(name, value)

    def fragment(self) -> dict[str, Any]:
        meta = dict(self.meta)
        if "provider" in meta:
            meta["provider"] = meta["provider"].fqn
        if "lifecycle" in meta:
            meta["lifecycle"] = _lifecycle(meta["lifecycle"])
        if isinstance(meta.get("count"), Count):
            meta["count"] = meta["count"].count
        body = {**self.arguments, **keys_to_snake_case(meta)}
        if self.overrides.values:
            body = deep_merge(deep_merge({}, body), self.overrides.values)
        metadata = {"metadata": {"path": self.path, "uniqueId": self.logical_id}}
        body["//"] = {**body.get("//", {}), **metadata} if self.kind.kind == "resource" else metadata
        return {self.kind.kind: {self.kind.terraform_type: {self.logical_id: body}}}


def _lifecycle(lifecycle: dict[str, Any]) -> dict[str, Any]:
    triggers = lifecycle.get("replaceTriggeredBy")
    if not triggers:
        return lifecycle
    return {**lifecycle, "replaceTriggeredBy": [getattr(trigger, "fqn", trigger) for trigger in triggers]}


class Provider(Configured):
    """A provider's configuration, and with it the stack's entry in `required_providers`."""

    @property
    def fqn(self) -> str:
        """What `provider =` names: the type, with the alias where there is one."""
        alias = self.arguments.get("alias")
        return self.kind.terraform_type if alias is None else f"{self.kind.terraform_type}.{alias}"

    def get(self, name: str) -> Any:
        if self.kind.block.get(name) is not None:
            return self.input(name)
        return super().get(name)

    def fragment(self) -> dict[str, Any]:
        body = deep_merge(keys_to_snake_case(self.arguments), self.overrides.values)
        required = {"version": self.kind.provider_version, "source": self.kind.provider_source}
        return {
            "terraform": {"required_providers": {self.kind.terraform_type: required}},
            "provider": {self.kind.terraform_type: [body]},
        }


class Count(Peer):
    """`TerraformCount.of(…)`: a number, and the index of the instance."""

    def __init__(self, count: Any, python_class: type) -> None:
        self.count = count
        self.python_class = python_class

    def get(self, name: str) -> Any:
        if name == "index":
            return TOKENS.number(Reference("count.index"))
        return super().get(name)

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        return self.count if name == "toTerraform" else super().invoke(name, arguments)
