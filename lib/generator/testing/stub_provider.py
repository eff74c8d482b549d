"""A provider that knows a schema and nothing else: it accepts what the schema accepts and makes up the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import grpc  # type: ignore[import-untyped,unused-ignore]
from generator.terraform.schema import Block, Kind, Schema
from generator.testing.protocol import ERROR, MESSAGES, METHODS, NESTING, SERVICE
from generator.testing.values import applied, decode, encode, is_unknown, opened, planned

Message = Any
_SCHEMA_FIELDS: dict[Kind, str] = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}


class StubProvider:
    """Answers Terraform's calls for the provider of that local name."""

    def __init__(self, name: str, schema: Schema) -> None:
        self._name = name
        self._schema = schema

    def handler(self) -> grpc.GenericRpcHandler:
        """The gRPC service: every method of `METHODS` is the method of this class with that name."""
        handlers = {}
        for method, (request, response) in METHODS.items():
            handlers[method] = grpc.unary_unary_rpc_method_handler(
                self._call(getattr(self, method)),
                request_deserializer=MESSAGES[request].FromString,
                response_serializer=MESSAGES[response].SerializeToString,
            )
        return grpc.method_handlers_generic_handler(SERVICE, handlers)

    @staticmethod
    def _call(method: Callable[[Message], Message]) -> Callable[[Message, grpc.ServicerContext], Message]:
        return lambda request, context: method(request)

    def GetProviderSchema(self, request: Message) -> Message:
        return self._schema_message

    def ValidateProviderConfig(self, request: Message) -> Message:
        return MESSAGES["ValidateProviderResponse"]()

    def ConfigureProvider(self, request: Message) -> Message:
        return MESSAGES["Diagnostics"]()

    def ValidateResourceConfig(self, request: Message) -> Message:
        return self._validate("resource", request)

    def ValidateDataResourceConfig(self, request: Message) -> Message:
        return self._validate("data", request)

    def ValidateEphemeralResourceConfig(self, request: Message) -> Message:
        return self._validate("ephemeral", request)

    def UpgradeResourceState(self, request: Message) -> Message:
        return _state(json.loads(request.raw_state.json))

    def ReadResource(self, request: Message) -> Message:
        return MESSAGES["State"](value=request.current_state)

    def PlanResourceChange(self, request: Message) -> Message:
        value = decode(request.proposed_new_state)
        if value is None:
            return MESSAGES["State"](value=request.proposed_new_state)
        block = self._block("resource", request.type_name)
        if decode(request.prior_state) is None:
            return _state(planned(value, block))
        return _state(applied(value, block, request.type_name))

    def ApplyResourceChange(self, request: Message) -> Message:
        value = decode(request.planned_state)
        if value is None:
            return MESSAGES["State"](value=request.planned_state)
        return _state(applied(value, self._block("resource", request.type_name), request.type_name))

    def ReadDataSource(self, request: Message) -> Message:
        block = self._block("data", request.type_name)
        config = decode(request.config)
        answer = _ANSWERS.get(request.type_name, _nothing)(config)
        return _state({**applied(planned(config, block), block, f"data.{request.type_name}"), **answer})

    def OpenEphemeralResource(self, request: Message) -> Message:
        value = opened(decode(request.config), self._block("ephemeral", request.type_name))
        return MESSAGES["OpenResponse"](result={"msgpack": encode(value)})

    def CloseEphemeralResource(self, request: Message) -> Message:
        return MESSAGES["Diagnostics"]()

    def StopProvider(self, request: Message) -> Message:
        return MESSAGES["Empty"]()

    def _validate(self, kind: Kind, request: Message) -> Message:
        problems = _problems(decode(request.config), self._block(kind, request.type_name), ())
        return MESSAGES["Diagnostics"](diagnostics=list(problems))

    def _block(self, kind: Kind, name: str) -> Block:
        found = self._schema.find(kind, name)
        if found is None:
            raise KeyError(f"{self._name} has no {kind} {name}")
        return found.block

    @cached_property
    def _schema_message(self) -> Message:
        response = MESSAGES["ProviderSchema"]()
        response.provider.block.CopyFrom(
            _block_message(self._schema.provider_block(self._name), optional_is_computed=False)
        )
        for kind, field in _SCHEMA_FIELDS.items():
            for name, entry in self._schema.providers[self._name][kind].items():
                block = _block_message(entry["block"], optional_is_computed=kind != "ephemeral")
                getattr(response, field)[name].block.CopyFrom(block)
        return response


def _nothing(config: dict[str, Any]) -> dict[str, Any]:
    return {}


def _every_table(config: dict[str, Any]) -> dict[str, Any]:
    """A database in which every table is there that is asked for by its name."""
    names = config.get("like_any_patterns") or []
    return {
        "tables": [{"object_name": name, "schema_name": "public", "table_type": "BASE TABLE"} for name in names],
    }


_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"postgresql_tables": _every_table}
"""Data sources of which stacks ask more than that there is a value."""


def _state(value: Any) -> Message:
    return MESSAGES["State"](value={"msgpack": encode(value)})


def _block_message(block: Block | None, *, optional_is_computed: bool) -> Message:
    """The block as the protocol has it. What the bindings cannot tell is left open: an optional one may be computed."""
    message = MESSAGES["Block"]()
    for name, attribute in sorted(block["attributes"].items() if block else ()):
        required, write_only = bool(attribute.get("required")), bool(attribute.get("write_only"))
        optional = bool(attribute.get("optional"))
        message.attributes.add(
            name=name,
            type=json.dumps(attribute["type"]).encode(),
            required=required,
            optional=optional,
            computed=not required
            and not write_only
            and (bool(attribute.get("computed")) or (optional and optional_is_computed)),
            write_only=write_only,
        )
    for name, nested in sorted(block["blocks"].items() if block else ()):
        counted = nested["nesting"] in ("list", "set")
        message.block_types.add(
            type_name=name,
            block=_block_message(nested["block"], optional_is_computed=optional_is_computed),
            nesting=NESTING[nested["nesting"]],
            min_items=nested.get("min_items", 0) if counted else 0,
            max_items=nested.get("max_items", 0) if counted else 0,
        )
    return message


def _problems(value: Any, block: Block, path: tuple[str | int, ...]) -> Iterator[Message]:
    """What Terraform leaves to providers: null for what is required, values that are read-only or not accepted."""
    if not isinstance(value, Mapping):
        return
    for name, attribute in block["attributes"].items():
        given = value.get(name)
        if given is None and attribute.get("required"):
            yield _problem("Missing required argument", f"{name} must not be null.", (*path, name))
        if given is None or is_unknown(given):
            continue
        if attribute.get("computed") and not attribute.get("optional") and not attribute.get("required"):
            yield _problem("Value for unconfigurable attribute", f"{name} is decided by the provider.", (*path, name))
        allowed = attribute.get("values")
        if allowed and given and given not in allowed:
            yield _problem(
                "Value not accepted", f"{name} must be one of {', '.join(allowed)}, not {given}.", (*path, name)
            )
    for name, nested in block["blocks"].items():
        items = value.get(name)
        if isinstance(items, list) and nested["nesting"] == "list":
            for index, item in enumerate(items):
                yield from _problems(item, nested["block"], (*path, name, index))
        elif isinstance(items, list):
            for item in items:
                yield from _problems(item, nested["block"], (*path, name))
        else:
            yield from _problems(items, nested["block"], (*path, name))


def _problem(summary: str, detail: str, path: tuple[str | int, ...]) -> Message:
    steps = [{"attribute_name": step} if isinstance(step, str) else {"element_key_int": step} for step in path]
    return MESSAGES["Diagnostic"](severity=ERROR, summary=summary, detail=detail, attribute={"steps": steps})
