"""`--help`: every variable, whoever sets it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime import env
from runtime.contract import Reader, read_contract, read_options
from runtime.contract.help import render
from spec.constants import RESERVED_ENV_NAMES


@dataclass(frozen=True)
class Config:
    rate: int = env.int("RATE_LIMIT", default=60, minimum=1, help="Requests per minute and client.")
    key: str = env.str("API_KEY", help="What upstream knows us by.")


def test_it_has_every_variable_with_meaning_default_and_source() -> None:
    reader = Reader({})
    read_contract(reader, "sample", "service")
    read_options(reader, on_platform=False)
    env.load(Config, reader)
    text = render("sample", "1.2", "A sample.", reader.declared)
    for name in RESERVED_ENV_NAMES | {"SENTRY_DSN", "PGDSN", "OTEL_EXPORTER_OTLP_ENDPOINT", "RATE_LIMIT"}:
        assert f"\n  {name} " in text, name
    assert "Requests per minute and client. Expected: a whole number, at least 1. Default: 60." in " ".join(
        text.split()
    )
    assert "What upstream knows us by. Expected: a text. Default: required." in " ".join(text.split())
    assert "Expected: true or false. Default: false." in " ".join(text.split())
    assert "Set by the platform, where the spec has resources.postgres:\n  PGINSTANCE" in text
    assert re.search(r"Set by Cloud Run:\n(  .*\n)*  PORT ", text)
    assert max(len(line) for line in text.splitlines()) <= 110
