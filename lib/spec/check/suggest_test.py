"""What the writer of a wrong value most likely meant."""

from __future__ import annotations

import pytest

from spec.check.suggest import plain_number, suggestion
from spec.model import ServiceSpec
from spec.platform import Platform
from spec.shapes import Shape, shape_at

ENVIRONMENT = ("environments", 0)


def shape(*keys: str | int) -> Shape:
    found = shape_at(ServiceSpec, keys) or shape_at(Platform, keys)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "keys", "meant"),
    [
        ("My Service", ("service", "id"), "my-service"),
        ("accounts.", ("service", "id"), "accounts"),
        ("this-is-far-too-long-to-be-an-id", ("service", "id"), None),
        ("🚀 Thing <1>", ("service", "name"), "Thing 1"),
        ("pubsub.publisher", ("service", "iam", "roles", 0), "roles/pubsub.publisher"),
        ("PubSub", ("service", "iam", "apis", 0), None),
        ("pubsub", ("service", "iam", "apis", 0), "pubsub.googleapis.com"),
        ("Europe-West1", (*ENVIRONMENT, "region"), "europe-west1"),
        ("512MB", (*ENVIRONMENT, "instances", "memory"), "512Mi"),
        ("0.5Gi", (*ENVIRONMENT, "instances", "memory"), "512Mi"),
        ("2", (*ENVIRONMENT, "instances", "memory"), "2Gi"),
        ("lots", (*ENVIRONMENT, "instances", "memory"), None),
        ("A" * 64, (*ENVIRONMENT, "deploy", "digest"), "sha256:" + "a" * 64),
        ("registry/x:1", ("build", "image"), "registry/x"),
        ("registry/x@sha256:abc", ("build", "image"), "registry/x"),
        ("HTTPS://github.com/a/b", ("build", "source", "repository"), None),
        ("secret:3", (*ENVIRONMENT, "secretEnv", "A"), "secret@3"),
        (
            "projects/acme-shared/secrets/x/versions/latest",
            (*ENVIRONMENT, "secretEnv", "A"),
            "projects/acme-shared/secrets/x",
        ),
        ("my db", (*ENVIRONMENT, "resources", "postgres", "databases", 0), "my_db"),
        ("folders/123456789012", ("folders", "test"), "123456789012"),
        ("01ab23-4567cd-89ef01", ("billingAccount",), "01AB23-4567CD-89EF01"),
        ("", ("service", "id"), None),
    ],
)
def test_suggestion(text: str, keys: tuple[str | int, ...], meant: str | None) -> None:
    assert suggestion(text, shape(*keys)) == meant


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5m", "seconds", 300),
        ("1.5 hours", "seconds", 5400),
        ("30", "seconds", 30),
        ("1.0", None, 1),
        ("1.5", "vCPU", None),
        ("10GB", "GB", 10),
        ("1TiB", "GB", 1024),
        ("2 weeks", "days", 14),
        ("7 days", "days", 7),
        ("5m", "GB", None),
        ("5m", None, None),
        ("many", "seconds", None),
        ("9" * 40, "seconds", None),
    ],
)
def test_plain_number(text: str, unit: str | None, number: int | None) -> None:
    assert plain_number(text, unit) == number
