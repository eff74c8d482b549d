"""Values whose default comes from the environment's tier, and which need a reason where they lower its safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import Discriminator, StringConstraints, Tag

from .base import Expect, Section, key

Tier = Literal["test", "internal", "external"]
"""An environment's category: `test` for trying things, `internal` for colleagues, `external` for customers."""

T = TypeVar("T")

MIN_REASON_LENGTH = 10
"""Characters of a reason: enough that "ok" is not one."""


Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=MIN_REASON_LENGTH),
    Expect(
        f"a reason of at least {MIN_REASON_LENGTH} characters",
        "write the sentence you would say in review, for example: reason: replaced by the archive next week",
    ),
]


class Reasoned(Section, Generic[T]):
    """A value with the reason why it differs from the tier's default."""

    value: T = key("The value to use instead of the tier's default.")
    reason: Reason = key(
        f"Why this value is right here although the tier's default is safer; at least {MIN_REASON_LENGTH} characters.",
        examples=("batch traffic only, a cold start costs nobody anything",),
    )


def _form(value: Any) -> str:
    return "reasoned" if isinstance(value, (dict, Reasoned)) else "plain"


if TYPE_CHECKING:
    Tiered: TypeAlias = T | Reasoned[T]
else:

    class Tiered:
        """Either a plain value or `{value: …, reason: …}`; a plain value less safe than the tier's default is refused.

        A class and no alias because pydantic's generics are not filled in inside an alias.
        """

        def __class_getitem__(cls, item: Any) -> Any:
            plain_form = Annotated[item, Tag("plain")]
            reasoned_form = Annotated[Reasoned[item], Tag("reasoned")]
            return Annotated[plain_form | reasoned_form, Discriminator(_form)]


def plain(tiered: T | Reasoned[T]) -> T:
    """The value itself, whichever way it was written."""
    return tiered.value if isinstance(tiered, Reasoned) else tiered
