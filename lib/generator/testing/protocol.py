"""Terraform's plugin protocol, version 6.8: only the messages and fields that a stub provider sends or reads.

The protocol is defined by docs/plugin-protocol/tfplugin6.8.proto of https://github.com/hashicorp/terraform, which
Terraform 1.11 speaks; the numbers below are that document's, the names are ours where they never leave the process.
The messages are made at run time from the table, so that nothing generated has to be kept: PyPI's ready-made ones
know neither ephemeral resources nor write-only attributes.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped,unused-ignore]

SERVICE = "tfplugin6.Provider"
PROTOCOL_VERSION = 6
ERROR = 1
"""Diagnostic.severity"""
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
"""NestedBlock.nesting"""

_PACKAGE = "stub"
_MESSAGES: dict[str, dict[str, tuple[int, str]]] = {
    # message: {field: (number, type)}; [X] is repeated, {X} a map from string to X
    "DynamicValue": {"msgpack": (1, "bytes"), "json": (2, "bytes")},
    "Step": {
        "attribute_name": (1, "string"),
        "element_key_string": (2, "string"),
        "element_key_int": (3, "int64"),
    },
    "AttributePath": {"steps": (1, "[Step]")},
    "Diagnostic": {
        "severity": (1, "int64"),
        "summary": (2, "string"),
        "detail": (3, "string"),
        "attribute": (4, "AttributePath"),
    },
    "RawState": {"json": (1, "bytes")},
    "Attribute": {
        "name": (1, "string"),
        "type": (2, "bytes"),
        "required": (4, "bool"),
        "optional": (5, "bool"),
        "computed": (6, "bool"),
        "write_only": (11, "bool"),
    },
    "NestedBlock": {
        "type_name": (1, "string"),
        "block": (2, "Block"),
        "nesting": (3, "int64"),
        "min_items": (4, "int64"),
        "max_items": (5, "int64"),
    },
    "Block": {"version": (1, "int64"), "attributes": (2, "[Attribute]"), "block_types": (3, "[NestedBlock]")},
    "Schema": {"version": (1, "int64"), "block": (2, "Block")},
    "ServerCapabilities": {"plan_destroy": (1, "bool"), "get_provider_schema_optional": (2, "bool")},
    "Empty": {},
    "ProviderSchema": {
        "provider": (1, "Schema"),
        "resource_schemas": (2, "{Schema}"),
        "data_source_schemas": (3, "{Schema}"),
        "diagnostics": (4, "[Diagnostic]"),
        "server_capabilities": (6, "ServerCapabilities"),
        "ephemeral_resource_schemas": (8, "{Schema}"),
    },
    "ValidateProviderResponse": {"diagnostics": (2, "[Diagnostic]")},
    "ConfigRequest": {"type_name": (1, "string"), "config": (2, "DynamicValue")},
    "Diagnostics": {"diagnostics": (1, "[Diagnostic]")},
    "UpgradeRequest": {"type_name": (1, "string"), "version": (2, "int64"), "raw_state": (3, "RawState")},
    "State": {"value": (1, "DynamicValue"), "diagnostics": (2, "[Diagnostic]")},
    "ReadRequest": {"type_name": (1, "string"), "current_state": (2, "DynamicValue")},
    "PlanRequest": {
        "type_name": (1, "string"),
        "prior_state": (2, "DynamicValue"),
        "proposed_new_state": (3, "DynamicValue"),
    },
    "ApplyRequest": {"type_name": (1, "string"), "planned_state": (3, "DynamicValue")},
    "OpenResponse": {"diagnostics": (1, "[Diagnostic]"), "result": (3, "DynamicValue")},
}

METHODS = {
    # method of the service: its request and its response
    "GetProviderSchema": ("Empty", "ProviderSchema"),
    "ValidateProviderConfig": ("Empty", "ValidateProviderResponse"),
    "ValidateResourceConfig": ("ConfigRequest", "Diagnostics"),
    "ValidateDataResourceConfig": ("ConfigRequest", "Diagnostics"),
    "ValidateEphemeralResourceConfig": ("ConfigRequest", "Diagnostics"),
    "ConfigureProvider": ("Empty", "Diagnostics"),
    "UpgradeResourceState": ("UpgradeRequest", "State"),
    "ReadResource": ("ReadRequest", "State"),
    "PlanResourceChange": ("PlanRequest", "State"),
    "ApplyResourceChange": ("ApplyRequest", "State"),
    "ReadDataSource": ("ConfigRequest", "State"),
    "OpenEphemeralResource": ("ConfigRequest", "OpenResponse"),
    "CloseEphemeralResource": ("Empty", "Diagnostics"),
    "StopProvider": ("Empty", "Empty"),
}


def _messages() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="stub_provider.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add_field(message, field, number, kind)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _MESSAGES
    }


def _add_field(message: Any, name: str, number: int, kind: str) -> None:
    field = message.field.add(name=name, number=number, label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
    if kind[0] in "[{":
        field.label = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
    if kind[0] == "{":
        entry_name = "".join(part.title() for part in name.split("_")) + "Entry"
        entry = message.nested_type.add(name=entry_name)
        entry.options.map_entry = True
        _add_field(entry, "key", 1, "string")
        _add_field(entry, "value", 2, kind.strip("{}"))
        kind = f"{message.name}.{entry_name}"
    scalar = getattr(descriptor_pb2.FieldDescriptorProto, f"TYPE_{kind.upper()}", None)
    if scalar is not None:
        field.type = scalar
    else:
        field.type = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".{_PACKAGE}.{kind.strip('[]')}"


MESSAGES: dict[str, Any] = _messages()
"""The message classes by the names of the table."""
