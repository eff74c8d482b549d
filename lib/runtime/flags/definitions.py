"""What a flag is, and which of its variants somebody gets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from openfeature.flag_evaluation import Reason

Type = Literal["boolean", "string", "number", "object"]

Attribute: TypeAlias = str | int | float | bool
"""What is known of whoever asks."""

ON, OFF = "on", "off"
"""The variants of a boolean flag."""


@dataclass(frozen=True)
class Rule:
    """Who gets something else than the default: all whom all of its conditions fit."""

    actors: frozenset[str] | None = None
    where: Mapping[str, Sequence[Attribute]] | None = None
    """Attribute -> the values of which it must have one."""
    percent: float | None = None
    """Of the actors; the same ones at each call, and still the same ones when it grows."""
    serve: str | None = None
    split: Mapping[str, float] | None = None
    """Variant -> percent of those whom the rule fits, instead of `serve`."""

    def fits(self, flag: str, actor: str | None, attributes: Mapping[str, Attribute]) -> bool:
        if self.actors is not None and actor not in self.actors:
            return False
        for name, values in (self.where or {}).items():
            if name not in attributes or attributes[name] not in values:
                return False
        needs_actor = self.percent is not None or self.split is not None
        if needs_actor and not actor:
            # Nobody in particular would get another variant at each call.
            return False
        return self.percent is None or share_of(flag, actor or "") < self.percent

    def variant(self, flag: str, actor: str | None) -> str:
        if self.split is None:
            return self.serve or ""
        # Another hash than that of `percent`, or a split of the first tenth would have one variant alone.
        share, above = share_of(f"{flag}/split", actor or ""), 0.0
        for variant, percent in self.split.items():
            above += percent
            if share < above:
                return variant
        return tuple(self.split)[-1]


@dataclass(frozen=True)
class Flag:
    """One table of flags.toml."""

    name: str
    type: Type
    variants: Mapping[str, Any]
    """Name -> value."""
    default: str
    """The variant of those whom no rule fits."""
    description: str
    owner: str
    expires: date | None = None
    """When it should be gone from the code; it works after that, and every start says so."""
    rules: Sequence[Rule] = ()

    def choose(self, actor: str | None, attributes: Mapping[str, Attribute]) -> tuple[str, Reason]:
        """The variant of the first rule that fits, or the default."""
        for rule in self.rules:
            if rule.fits(self.name, actor, attributes):
                by_share = rule.percent is not None or rule.split is not None
                return rule.variant(self.name, actor), Reason.SPLIT if by_share else Reason.TARGETING_MATCH
        return self.default, Reason.DEFAULT if self.rules else Reason.STATIC


def share_of(flag: str, actor: str) -> float:
    """A number from 0 to below 100 that belongs to an actor, another one for each flag."""
    digest = hashlib.sha256(f"{flag}:{actor}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48 * 100
