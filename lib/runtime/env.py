"""A service's own settings, declared where they are used:

    @dataclass(frozen=True)
    class Config:
        log_sql: bool = env.bool("LOG_SQL", default=False, help="Whether statements are logged.")
        client_secret: Secret = env.secret("OIDC_CLIENT_SECRET", help="What the provider knows the service by.")

Each function gives a dataclass field that says which variable it comes from; without `default` the variable is required,
and `default=None` makes it optional. `load` reads them all and reports everything that is wrong at once.
"""

from __future__ import annotations

import builtins
import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar, overload

from .contract import values
from .contract.reader import Reader, Variable
from .contract.values import Secret

T = TypeVar("T")
D = TypeVar("D")

KEY = "runtime.env"
SOURCE = "the service's spec, env or secretEnv"


class _Required:
    """The type of a default that is not there."""


REQUIRED = _Required()


def _field(
    name: builtins.str,
    parse: Callable[[builtins.str], Any],
    expected: builtins.str,
    default: Any,
    help: builtins.str,
    *,
    secret: builtins.bool = False,
    default_text: builtins.str | None = None,
) -> Any:
    required = isinstance(default, _Required)
    variable = Variable(
        name=name,
        meaning=help,
        parse=parse,
        expected=expected,
        default=None if required else default,
        default_text=default_text,
        required=required,
        secret=secret,
        source=SOURCE,
    )
    # Keyword only: so a required setting may stand below an optional one.
    if required:
        return dataclasses.field(metadata={KEY: variable}, kw_only=True)
    return dataclasses.field(default=default, metadata={KEY: variable}, kw_only=True)


@overload
def str(name: builtins.str, *, help: builtins.str) -> builtins.str: ...
@overload
def str(name: builtins.str, *, default: D, help: builtins.str) -> builtins.str | D: ...
def str(name: builtins.str, *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """A text that is not empty."""
    return _field(name, values.text, "a text", default, help)


@overload
def int(
    name: builtins.str, *, help: builtins.str, minimum: builtins.int | None = None, maximum: builtins.int | None = None
) -> builtins.int: ...
@overload
def int(
    name: builtins.str,
    *,
    default: D,
    help: builtins.str,
    minimum: builtins.int | None = None,
    maximum: builtins.int | None = None,
) -> builtins.int | D: ...
def int(
    name: builtins.str,
    *,
    default: Any = REQUIRED,
    help: builtins.str,
    minimum: builtins.int | None = None,
    maximum: builtins.int | None = None,
) -> Any:
    """A whole number."""
    expected = f"a whole number{values.bounds(minimum, maximum)}"
    return _field(name, values.whole(minimum, maximum), expected, default, help)


@overload
def float(
    name: builtins.str,
    *,
    help: builtins.str,
    minimum: builtins.float | None = None,
    maximum: builtins.float | None = None,
) -> builtins.float: ...
@overload
def float(
    name: builtins.str,
    *,
    default: D,
    help: builtins.str,
    minimum: builtins.float | None = None,
    maximum: builtins.float | None = None,
) -> builtins.float | D: ...
def float(
    name: builtins.str,
    *,
    default: Any = REQUIRED,
    help: builtins.str,
    minimum: builtins.float | None = None,
    maximum: builtins.float | None = None,
) -> Any:
    """A number, not infinite."""
    expected = f"a number{values.bounds(minimum, maximum)}"
    return _field(name, values.number(minimum, maximum), expected, default, help)


@overload
def bool(name: builtins.str, *, help: builtins.str) -> builtins.bool: ...
@overload
def bool(name: builtins.str, *, default: D, help: builtins.str) -> builtins.bool | D: ...
def bool(name: builtins.str, *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """`true` or `false`; also 1, 0, yes, no, on, off."""
    return _field(name, values.boolean, "true or false", default, help)


@overload
def percent(name: builtins.str, *, help: builtins.str) -> builtins.float: ...
@overload
def percent(name: builtins.str, *, default: D, help: builtins.str) -> builtins.float | D: ...
def percent(name: builtins.str, *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """`12.5%`, as 0.125."""
    text = f"{default:%}" if isinstance(default, builtins.float) else None
    return _field(name, values.percent, "a share such as 12.5%", default, help, default_text=text)


@overload
def duration(name: builtins.str, *, help: builtins.str) -> timedelta: ...
@overload
def duration(name: builtins.str, *, default: D, help: builtins.str) -> timedelta | D: ...
def duration(name: builtins.str, *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """`1h30m`, `250ms`."""
    text = f"{default.total_seconds():g}s" if isinstance(default, timedelta) else None
    return _field(name, values.duration, "a duration such as 1h30m or 250ms", default, help, default_text=text)


@overload
def choice(name: builtins.str, choices: Sequence[builtins.str], *, help: builtins.str) -> builtins.str: ...
@overload
def choice(
    name: builtins.str, choices: Sequence[builtins.str], *, default: D, help: builtins.str
) -> builtins.str | D: ...
def choice(name: builtins.str, choices: Sequence[builtins.str], *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """One of a few words."""
    return _field(name, values.choice(tuple(choices)), " or ".join(choices), default, help)


@overload
def url(
    name: builtins.str, *, help: builtins.str, schemes: Sequence[builtins.str] = ("https", "http")
) -> builtins.str: ...
@overload
def url(
    name: builtins.str, *, default: D, help: builtins.str, schemes: Sequence[builtins.str] = ("https", "http")
) -> builtins.str | D: ...
def url(
    name: builtins.str,
    *,
    default: Any = REQUIRED,
    help: builtins.str,
    schemes: Sequence[builtins.str] = ("https", "http"),
) -> Any:
    """An absolute URL with a host."""
    expected = " or ".join(f"{scheme}://…" for scheme in schemes)
    return _field(name, values.url(tuple(schemes)), expected, default, help)


@overload
def secret(name: builtins.str, *, help: builtins.str) -> Secret: ...
@overload
def secret(name: builtins.str, *, default: D, help: builtins.str) -> Secret | D: ...
def secret(name: builtins.str, *, default: Any = REQUIRED, help: builtins.str) -> Any:
    """A Secret: no representation, log line or error shows its value."""
    text = "one that is built in" if isinstance(default, Secret) else None
    return _field(name, Secret, "a secret", default, help, secret=True, default_text=text)


def load(config: type[T], reader: Reader) -> T | None:
    """Read every field of a dataclass; None where one is wrong, which the reader knows then.

    Raises TypeError for a field that no function of this module made and that has no default: a mistake in the service.
    """
    if not dataclasses.is_dataclass(config):
        raise TypeError(f"{config.__name__} has to be a dataclass")
    before = len(reader.problems)
    found: dict[builtins.str, Any] = {}
    for field in dataclasses.fields(config):
        variable = field.metadata.get(KEY)
        if variable is not None:
            found[field.name] = reader.read(variable)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise TypeError(
                f"{config.__name__}.{field.name} says no variable: use env.str, env.int, … or give it a default"
            )
    return config(**found) if len(reader.problems) == before else None
