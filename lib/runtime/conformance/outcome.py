"""What a check says: the promise is kept, it is broken, or there is nothing to which it applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.contract import Kind

if TYPE_CHECKING:
    from .bench import Bench

Result = Literal["pass", "fail", "not applicable"]

EVERY_KIND: tuple[Kind, ...] = ("service", "job", "worker")


class Broken(Exception):
    """The promise is not kept.

    reason   the same each time, because it is committed: no numbers that vary, no addresses
    detail   what was seen this time, for whoever mends it
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


class NotApplicable(Exception):
    """There is nothing to check; the text says why."""


@dataclass(frozen=True)
class Outcome:
    """How a check went. `reason` is empty where it passed; `detail` is shown and never committed."""

    result: Result
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Check:
    """One promise of the contract and how it is tried.

    id       stable, in the committed file
    promise  what a program that passes does, as the guide says it
    kinds    to which it applies; for the others it is not applicable
    run      raises Broken or NotApplicable
    """

    id: str
    promise: str
    run: Callable[[Bench], None]
    kinds: tuple[Kind, ...] = EVERY_KIND

    def outcome(self, bench: Bench) -> Outcome:
        """Try it. What else `run` raises is a mistake of the kit and passes through."""
        kind = bench.subject.kind
        if kind not in self.kinds:
            return Outcome("not applicable", f"a {kind} has nothing of the kind")
        try:
            self.run(bench)
        except Broken as error:
            return Outcome("fail", error.reason, error.detail)
        except NotApplicable as error:
            return Outcome("not applicable", str(error))
        return Outcome("pass")


def expect(condition: bool, reason: str, detail: str = "") -> None:
    """Broken unless the condition holds."""
    if not condition:
        raise Broken(reason, detail)
