"""Where state lies, and reading another stack's state (CDKTF's TerraformBackend and TerraformRemoteState)."""

from __future__ import annotations

import os
from typing import Any

from generator.engine.native.elements import Element
from generator.engine.native.expressions import Reference
from generator.engine.native.merge import deep_merge, keys_to_snake_case
from generator.engine.native.tokens import TOKENS
from generator.engine.native.tree import Construct

BACKENDS = {"GcsBackend": "gcs", "LocalBackend": "local", "S3Backend": "s3"}
"""The bindings' class → Terraform's backend type. `DataTerraformRemoteState<X>` reads what `<X>Backend` keeps."""


class Backend(Element):
    """`terraform { backend }`: at most one per stack, because its id is always `backend`."""

    def __init__(self, owner: Any, scope: Construct, name: str, config: dict[str, Any]) -> None:
        super().__init__(owner, scope, "backend")
        self.name = name
        self.config = config
        if name == "local" and not config.get("path"):
            # the reference writes an absolute path here; `synthesize` refuses it
            self.config = {**config, "path": os.path.join(os.getcwd(), f"terraform.{self.stack.id}.tfstate")}

    def fragment(self) -> dict[str, Any]:
        body = deep_merge(keys_to_snake_case(self.config), self.overrides.values)
        return {"terraform": {"backend": {self.name: body}}}

    def overrides_key(self) -> str:
        return "backend"


class RemoteState(Element):
    """`data "terraform_remote_state"`: the outputs of another stack."""

    address_prefix = "data.terraform_remote_state"

    def __init__(self, owner: Any, scope: Construct, id: str, backend: str, config: dict[str, Any]) -> None:
        super().__init__(owner, scope, id)
        self.backend = backend
        self.config = config

    def invoke(self, name: str, arguments: list[Any]) -> Any:
        match name:
            case "getString":
                return TOKENS.string(self._output(arguments[0]))
            case "getNumber":
                return TOKENS.number(self._output(arguments[0]))
            case "getList":
                return TOKENS.items(self._output(arguments[0]))
            case "getBoolean" | "get":
                return self._output(arguments[0])
        return super().invoke(name, arguments)

    def _output(self, name: str) -> Reference:
        return self.reference(f".outputs.{name}")

    def fragment(self) -> dict[str, Any]:
        config = keys_to_snake_case(self.config)
        config.pop("workspace", None)
        config.pop("defaults", None)
        body = {
            "backend": self.backend,
            "workspace": self.config.get("workspace"),
            "defaults": self.config.get("defaults"),
            "config": config,
        }
        return {"data": {"terraform_remote_state": {self.logical_id: deep_merge(body, self.overrides.values)}}}

    def overrides_key(self) -> str:
        return "terraform_remote_state"
