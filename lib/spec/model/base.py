"""What every section of the model is made of.

Sections are frozen pydantic models. Attributes are snake_case; the keys in YAML are their camelCase form. Nothing is
coerced: a number is never taken for text, and an unknown key is never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ..workloads import Kind

_ABSENT: Any = object()


class Section(BaseModel):
    """A mapping in a spec: camelCase keys, strict types, no unknown keys, immutable once read.

    Validators are built when the first file is read, and then once for a whole root. That is why a section that is the
    default of a key is made with `model_construct`, which needs no validator: it halves the time of an import.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True, defer_build=True)


@dataclass(frozen=True)
class Expect:
    """What a value of an annotated type must look like, in the words shown to a service owner.

    Stands in `Annotated[str, …, Expect("…")]` beside the constraint that enforces it. `fix` is the edit to make;
    where it is None the finding suggests a text, or says to change it. `suggest` names what a wrong text may have meant,
    the most likely first; what is not allowed either is passed over.
    """

    text: str
    fix: str | None = None
    suggest: Callable[[str], Iterable[str]] | None = None


def key(
    description: str,
    *,
    default: Any = _ABSENT,
    default_from: Callable[[dict[str, Any]], Any] | None = None,
    default_text: str | None = None,
    immutable: bool = False,
    only: Kind | tuple[Kind, ...] | None = None,
    unit: str | None = None,
    source: str | None = None,
    examples: tuple[Any, ...] = (),
    **constraints: Any,
) -> Any:
    """Declares one key of a section; without `default` and `default_from` the key is required.

    description   what the key means, in whole sentences; goes into the JSON Schema and the reference page
    default_from  computes the default from the keys declared above this one
    default_text  says in words what the default is, where it is not a plain value
    immutable     changing it later destroys and makes anew what it names
    only          the kinds of service that may use the key, where not all may
    unit          unit of a number
    source        address of the outside rule that limits the value
    constraints   passed on to pydantic's Field (ge, le, pattern, min_length, …)
    """
    about: dict[str, Any] = {
        name: value
        for name, value in {
            "default_text": default_text,
            "immutable": immutable,
            "only": (only,) if isinstance(only, str) else only,
            "unit": unit,
            "source": source,
        }.items()
        if value
    }
    if default is not _ABSENT:
        constraints["default"] = default
    elif default_from is not None:
        constraints["default_factory"] = default_from
    return Field(
        description=description, examples=list(examples) or None, json_schema_extra={"about": about}, **constraints
    )
