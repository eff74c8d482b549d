"""What of an invalid section can be used all the same.

So that one wrong value does not hide what is wrong elsewhere, the rules run on invalid specs too. What is not known
stands there as MISSING (an entry of a map is left out instead). Whatever a rule does with it raises Unknown, which ends that rule for that place and nothing
else.
"""

from __future__ import annotations

from typing import Annotated, Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..document.tree import is_empty
from ..findings import Keys
from ..model.base import Section

S = TypeVar("S", bound=Section)


class Unknown(Exception):
    """A rule looked at a value that is missing or wrong, about which there is a finding already."""


def _raise(*_: Any, **__: Any) -> NoReturn:
    raise Unknown


class _Missing:
    """Raises Unknown on every use."""

    __slots__ = ()

    __getattr__ = __getitem__ = __call__ = __iter__ = __len__ = __bool__ = __contains__ = _raise
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _raise
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = _raise
    __str__ = __format__ = __int__ = __index__ = _raise


MISSING: Any = _Missing()


def partial(section: type[S], data: Any, bad: set[Keys], keys: Keys = ()) -> S:
    """The section with MISSING wherever the data are wrong. `bad` holds the key paths of the wrong values."""
    values: dict[str, Any] = {}
    # A key without a value counts as absent: there is a finding about it, and what it might have held is unknown.
    given = {name: value for name, value in data.items() if not is_empty(value)} if isinstance(data, dict) else {}
    for attribute, field in section.model_fields.items():
        name = field.alias or attribute
        here = (*keys, name)
        if name in given:
            values[attribute] = _value(field.annotation, field.metadata, given[name], bad, here)
        elif field.is_required():
            values[attribute] = MISSING
        else:
            values[attribute] = _default(field, values)
    present = {attribute for attribute, field in section.model_fields.items() if (field.alias or attribute) in given}
    return section.model_construct(_fields_set=present, **values)


def _default(field: Any, above: dict[str, Any]) -> Any:
    try:
        return field.get_default(call_default_factory=True, validated_data=above)
    except Unknown:
        return MISSING


def _value(annotation: Any, metadata: list[Any], data: Any, bad: set[Keys], keys: Keys) -> Any:
    """One value: whole where nothing is wrong at or below its path, otherwise as much of it as is known."""
    below = {path for path in bad if path[: len(keys)] == keys}
    section = _section_of(annotation)
    if section is not None and isinstance(data, dict):
        return partial(section, data, below, keys)
    item = _item_of(annotation)
    if item is not None and keys not in below:
        if isinstance(data, dict):
            entries = {name: _value(item, [], value, below, (*keys, name)) for name, value in data.items()}
            return {name: value for name, value in entries.items() if value is not MISSING}
        if isinstance(data, tuple):
            return tuple(_value(item, [], value, below, (*keys, index)) for index, value in enumerate(data))
    if below:
        return MISSING
    try:
        return TypeAdapter(Annotated[annotation, *metadata] if metadata else annotation).validate_python(
            data, strict=True
        )
    except ValidationError:
        return MISSING


def _section_of(annotation: Any) -> type[Section] | None:
    """The section of `X` and of `X | None`; None for everything else, unions of values and reasons among them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Section) else None
    sections = [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, Section)]
    others = [a for a in get_args(annotation) if a is not type(None)]
    return sections[0] if len(sections) == 1 and len(others) == 1 else None


def _item_of(annotation: Any) -> Any:
    """The items' type of a list, the values' type of a map; None for everything else."""
    origin = getattr(annotation, "__origin__", None)
    if origin is tuple:
        return get_args(annotation)[0]
    return get_args(annotation)[1] if origin is dict else None
