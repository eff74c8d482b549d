"""What a change of the generated Terraform would do to things that can't be made again. Pure: two records in, findings out.

`prevent_destroy` guards a resource only as long as it is in the configuration: with the resource, the guard is gone too,
and Terraform destroys it without a word. So the committed files are taken as the record of what exists, and whatever of
it would be gone or replaced needs a word of its own: `moved`, `removed`, or an `allowDestroys` that is in the record
already (docs/adr/0021-stable-addresses.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.safety.record import Resource, Stack
from generator.safety.stateful import AMBIENT, KEYS, STATEFUL

Environment = Mapping[str, Stack]
"""Stack name -> its Terraform."""


@dataclass(frozen=True)
class Change:
    """One thing that would be lost, and the words that would make it right."""

    code: str
    stack: str
    """Empty where the whole environment goes."""
    found: str
    expected: str
    fix: str
    file: str = ""
    """Name of a hand-written file of the stack, beside the service, into which to write `snippet`."""
    snippet: str = ""


def changes(committed: Environment, generated: Environment) -> list[Change]:
    """Everything that may be lost in one environment by going from one record to the other."""
    consent = allows_destroys(committed)
    if committed and not generated:
        return list(_environment_gone(committed, consent))
    found: list[Change] = []
    for name, before in committed.items():
        after = generated.get(name)
        if after is None:
            found.extend(_stack_gone(name, before, consent))
        else:
            found.extend(_in_stack(name, before, after, consent, generated))
    return _without_echo(found)


def allows_destroys(environment: Environment) -> bool:
    """Whether the record says that its things may be destroyed: `allowDestroys` leaves nothing generated guarded."""
    resources = [resource for stack in environment.values() for resource in stack.resources.values()]
    return not any(resource.is_guarded and resource.is_generated for resource in resources)


def stateful(stack: Stack) -> dict[str, Resource]:
    """The resources that hold something, by address: of a kind in the table, or guarded by whoever wrote them."""
    return {
        address: resource
        for address, resource in stack.resources.items()
        if resource.type in STATEFUL or resource.is_guarded
    }


def _in_stack(name: str, before: Stack, after: Stack, consent: bool, environment: Environment) -> Iterator[Change]:
    renamed = {old: new for old, new in after.moved.items() if old not in after.resources}
    for address, resource in stateful(before).items():
        target = renamed.get(address, address)
        kept = after.resources.get(target)
        may_go = consent and not resource.is_guarded
        if kept is not None:
            if not may_go:
                yield from _replaced(name, resource, before, kept, after, renamed)
        elif address in renamed:
            yield _moved_nowhere(name, resource, target)
        elif address in after.removed:
            if after.removed[address].destroys and not may_go:
                yield _destroyed(name, resource)
        else:
            same = _same_thing(resource, before, after)
            if same is not None:
                yield _renamed(name, resource, same)
            elif not may_go:
                yield _gone(name, resource, environment)


def _same_thing(resource: Resource, before: Stack, after: Stack) -> Resource | None:
    """The new resource that is this one under another address: of its kind, and not one of its identity's values differs."""
    for candidate in after.resources.values():
        if (
            candidate.type == resource.type
            and candidate.address not in before.resources
            and resource.type in STATEFUL
            and not _differing(resource, before, candidate, after, {resource.address: candidate.address})
        ):
            return candidate
    return None


def _differing(
    old: Resource, before: Stack, new: Resource, after: Stack, renamed: Mapping[str, str]
) -> list[tuple[str, object, object]]:
    """(argument, old value, new value) of those that replace the resource."""
    kind = STATEFUL.get(old.type)
    found: list[tuple[str, object, object]] = []
    if kind is None or old.type != new.type:
        return found
    for argument in (*kind.identity, *kind.rising):
        was = _with_new_names(before.resolved(old.argument(argument)), renamed)
        now = after.resolved(new.argument(argument))
        if was == now or (argument in AMBIENT and (was is None or now is None)):
            continue
        if argument in kind.rising and (was is None or now is None or _number(was) <= _number(now)):
            continue
        found.append((argument, was, now))
    return found


def _with_new_names(value: object, renamed: Mapping[str, str]) -> object:
    if isinstance(value, str):
        for old, new in renamed.items():
            value = re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", new, value)
    return value


def _number(value: object) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", str(value)))


def _replaced(
    stack: str, old: Resource, before: Stack, new: Resource, after: Stack, renamed: Mapping[str, str]
) -> Iterator[Change]:
    for argument, was, now in _differing(old, before, new, after, renamed):
        rising = argument in STATEFUL[old.type].rising
        yield Change(
            "stateful-replaced",
            stack,
            f"{argument} of {new.address} changed from {_shown(was)} to {_shown(now)}, which destroys it and makes another:"
            f" {STATEFUL[old.type].holds} would be lost",
            f"{_shown(was)} {'or higher' if rising else 'as committed'}",
            f"{_ENCRYPT_ANEW if argument in KEYS else ''}write it back; where it shall be lost, {_TWO_STEPS}",
        )


def _renamed(stack: str, old: Resource, new: Resource) -> Change:
    return Change(
        "stateful-renamed",
        stack,
        f"{old.address} renamed to {new.address}, which destroys it and makes another: {_loss(old)}",
        "a `moved` block, or the old name",
        "",
        "moved.tf",
        f"moved {{\n  from = {old.address}\n  to   = {new.address}\n}}\n",
    )


def _moved_nowhere(stack: str, old: Resource, target: str) -> Change:
    return Change(
        "stateful-removed",
        stack,
        f"{old.address} moved to {target}, which is not in the stack: {_loss(old)}",
        "a `moved` block to a resource of the stack",
        "correct the address that it is moved to",
    )


def _destroyed(stack: str, old: Resource) -> Change:
    return Change(
        "stateful-removed",
        stack,
        f"{old.address} destroyed by a `removed` block: {_loss(old)}",
        "a `removed` block that only forgets it",
        f"where it shall be lost, {_TWO_STEPS}",
        "removed.tf",
        _removed_block(old),
    )


def _gone(stack: str, old: Resource, environment: Environment) -> Change:
    elsewhere = [name for name, other in environment.items() if name != stack and old.address in other.resources]
    there = f" It is now in stack {elsewhere[0]}: import it there, or it is made a second time." if elsewhere else ""
    return Change(
        "stateful-removed",
        stack,
        f"{old.address} removed: {_loss(old)}.{there}",
        "that it stays, or a word about what becomes of it",
        f"that keeps the thing, and Terraform forgets it; where it shall be lost, {_TWO_STEPS}",
        "removed.tf",
        _removed_block(old),
    )


def _stack_gone(stack: str, before: Stack, consent: bool) -> Iterator[Change]:
    for address, resource in stateful(before).items():
        if consent and not resource.is_guarded:
            continue
        yield Change(
            "stateful-removed",
            stack,
            f"{address} removed with its whole stack: {_loss(resource)}",
            "that it stays",
            f"write back what made it; where it shall be lost, {_TWO_STEPS}",
        )


def _environment_gone(committed: Environment, consent: bool) -> Iterator[Change]:
    lost = [
        address
        for stack in committed.values()
        for address, resource in stateful(stack).items()
        if not consent or resource.is_guarded
    ]
    if lost:
        yield Change(
            "environment-removed",
            "",
            f"an environment removed that its committed files protect, with {len(lost)} things that hold something:"
            f" {', '.join(lost[:3])}{', …' if len(lost) > 3 else ''}",
            "an environment whose committed files allow its end (allowDestroys: true)",
            f"write the environment back; where it shall be lost, {_TWO_STEPS}",
        )


_ENCRYPT_ANEW = (
    "nothing that exists can be given another key: to have it encrypted so, declare a second environment with `encryption`"
    " from the start and bring the data over (docs/adr/0025-keys-of-its-own.md has the steps); here, "
)

_TWO_STEPS = (
    "first set allowDestroys: true in the environment, run msp-generate, merge and apply; then make this change"
    " (the operations guide has the steps)"
)


def _loss(resource: Resource) -> str:
    kind = STATEFUL.get(resource.type)
    return f"{kind.holds if kind else 'what prevent_destroy guards'} would be lost"


def _removed_block(resource: Resource) -> str:
    return f"removed {{\n  from = {resource.address}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)


def _without_echo(found: list[Change]) -> list[Change]:
    """Where the project itself is replaced, that everything in it changes its project says nothing more."""
    if not any(one.code == "stateful-replaced" and "project_id of google_project." in one.found for one in found):
        return found
    return [one for one in found if not one.found.startswith("project of ")]
