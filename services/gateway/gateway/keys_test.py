from __future__ import annotations

import hashlib

import pytest

from gateway.keys import WeakLicenseKeyError, derive, presented, stored

LICENSE = "a-license-key-of-a-customer-0123456789abcdef"


def test_what_a_license_key_becomes() -> None:
    """As documented: customers' own tools do the same."""
    token = derive(f" {LICENSE}\n")
    assert token == "mgk_" + hashlib.sha256(LICENSE.encode()).hexdigest()
    assert stored(token.encode()) == hashlib.sha256(token.encode()).digest()
    with pytest.raises(WeakLicenseKeyError, match="found 5 characters") as caught:
        derive("short")
    assert "short" not in str(caught.value)


def test_where_it_is_presented() -> None:
    token = derive(LICENSE).encode()
    assert presented({b"authorization": b"Bearer " + token}) == token
    assert presented({b"authorization": b"bearer  " + token}) == token
    assert presented({b"x-api-key": token, b"authorization": b"Bearer other"}) == token
    for headers in ({}, {b"authorization": token}, {b"authorization": b"Basic " + token}, {b"x-api-key": token + b"0"}):
        assert presented(headers) is None
