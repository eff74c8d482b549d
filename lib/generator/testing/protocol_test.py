from __future__ import annotations

from generator.testing.protocol import MESSAGES, METHODS


def test_messages_have_the_numbers_of_the_protocol_on_the_wire() -> None:
    attribute = MESSAGES["Attribute"](name="a", type=b'"string"', optional=True, write_only=True)
    # field number << 3 | wire type: name 1, type 2, optional 5, write_only 11
    assert attribute.SerializeToString() == b'\x0a\x01a\x12\x08"string"\x28\x01\x58\x01'


def test_maps_of_messages() -> None:
    response = MESSAGES["ProviderSchema"]()
    response.ephemeral_resource_schemas["x"].block.attributes.add(name="a")
    read = MESSAGES["ProviderSchema"].FromString(response.SerializeToString())
    assert [a.name for a in read.ephemeral_resource_schemas["x"].block.attributes] == ["a"]
    assert response.SerializeToString()[0] == 8 << 3 | 2


def test_every_method_has_messages() -> None:
    for request, response in METHODS.values():
        assert request in MESSAGES
        assert response in MESSAGES
