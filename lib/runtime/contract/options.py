"""The library's own knobs: variables that no platform sets and every service may have in its spec's `env`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar, cast

from . import values
from .platform import platform
from .reader import Reader, Variable
from .values import Secret

T = TypeVar("T")

SOURCE = "the service's spec, env or secretEnv"


@dataclass(frozen=True)
class Options:
    """How the library behaves."""

    sanity_check: bool = False
    log_level: str = "info"
    log_format: Literal["json", "text"] = "text"
    sentry_dsn: Secret | None = None
    otlp_endpoint: str | None = None
    otlp_headers: Secret | None = None
    telemetry_name: str | None = None
    """What the service is called in traces and metrics, if not by its id."""
    telemetry_disabled: bool = False
    trace_ratio: float = 1.0
    """Share of the traces that start here that are kept; what a caller decided is followed."""
    shutdown_grace: timedelta = timedelta(seconds=10)
    drain_delay: timedelta = timedelta(seconds=1)
    """How long callers have to leave, once told by `connection: close`, before the port closes."""


def read_options(reader: Reader, on_platform: bool) -> Options:
    """What is wrong is a problem of the reader, and has its default here."""
    formats = ("json", "text")
    default_format = "json" if on_platform else "text"
    return Options(
        sanity_check=bool(
            reader.read(
                Variable(
                    "SANITY_CHECK", "`true`: print name and version as JSON and end.", values.boolean,
                    "true or false", default=False, source="tests of images",
                )
            )
        ),
        log_level=_level(reader),
        log_format=cast(
            Literal["json", "text"],
            reader.read(
                Variable(
                    "LOG_FORMAT", "How log lines are written.", values.choice(formats), "json or text",
                    default=default_format, default_text="json on the platform, else text", source=SOURCE,
                )
            )
            or default_format,
        ),
        sentry_dsn=reader.read(
            Variable(
                "SENTRY_DSN", "Where errors are reported to.",
                lambda text: Secret(values.url(("https", "http"))(text)), "a DSN of Sentry",
                default_text="errors are only logged", secret=True, source=SOURCE,
            )
        ),
        otlp_endpoint=_otlp_endpoint(reader),
        otlp_headers=reader.read(
            Variable(
                "OTEL_EXPORTER_OTLP_HEADERS", "Headers for the collector, `name=value`, separated by commas.",
                lambda text: Secret(",".join(f"{k}={v}" for k, v in values.pairs(text).items())),
                "name=value, separated by commas", secret=True, source=SOURCE,
            )
        ),
        telemetry_name=reader.read(
            platform("OTEL_SERVICE_NAME", values.text, "a name", default_text="SERVICE_ID")
        ),
        telemetry_disabled=bool(
            reader.read(
                Variable(
                    "OTEL_SDK_DISABLED", "`true`: no traces and no metrics.", values.boolean, "true or false",
                    default=False, source=SOURCE,
                )
            )
        ),
        trace_ratio=_or(
            reader.read(
                Variable(
                    "OTEL_TRACES_SAMPLER_ARG", "Share of new traces that are kept; a caller's decision is followed.",
                    values.number(0, 1), "a number from 0 to 1", default=1.0, source=SOURCE,
                )
            ),
            1.0,
        ),
        shutdown_grace=_or(
            reader.read(
                Variable(
                    "SHUTDOWN_GRACE", "How long a stop may take before it is forced; Cloud Run kills after 10s.",
                    values.duration, "a duration such as 10s", default=timedelta(seconds=10), default_text="10s",
                    source=SOURCE,
                )
            ),
            timedelta(seconds=10),
        ),
        drain_delay=_or(
            reader.read(
                Variable(
                    "DRAIN_DELAY", "How long callers have to leave before the port closes; less if they left.",
                    values.duration, "a duration such as 2s", default=timedelta(seconds=1), default_text="1s",
                    source=SOURCE,
                )
            ),
            timedelta(seconds=1),
        ),
    )  # fmt: skip


def _otlp_endpoint(reader: Reader) -> str | None:
    """The collector. What else the platform says of it leaves no choice here, but is checked and shown."""
    for name, only, meaning in (
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "OTLP over HTTP is what this library speaks"),
        ("OTEL_LOGS_EXPORTER", "none", "logs are what the process prints"),
    ):
        reader.read(platform(name, values.choice((only,)), f"{only}: {meaning}", default_text=only))
    return reader.read(
        platform(
            "OTEL_EXPORTER_OTLP_ENDPOINT", values.url(("https", "http")), "a URL",
            default_text="telemetry.googleapis.com on the platform, else nothing is sent",
        )
    )  # fmt: skip


def _level(reader: Reader) -> str:
    levels = ("debug", "info", "warning", "error")
    return (
        reader.read(
            Variable(
                "LOG_LEVEL", "The least severe log lines to write.", values.choice(levels), ", ".join(levels),
                default="info", source=SOURCE,
            )
        )
        or "info"
    )  # fmt: skip


def _or(value: T | None, default: T) -> T:
    return default if value is None else value


def header_pairs(headers: Secret | None) -> Mapping[str, str]:
    """The collector's headers by name."""
    return values.pairs(headers.reveal()) if headers else {}
