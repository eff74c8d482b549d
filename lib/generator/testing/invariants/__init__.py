"""What holds for everything that is generated, whatever the spec says: one named predicate each.

A predicate takes what was made of one service and yields what breaks it, with the place. It states the promise by
itself, from the files alone, and does not ask the code that made them. `random_specs` holds thousands of services to all
of them, `matrix_test` every combination of tier, kind, deployment and resource, `invariants_test` the goldens, and
breaks each one on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.testing.invariants import alerts, exposure, guide, identities, names, references, secrets, state
from generator.testing.invariants.made import Made, Place

Predicate = Callable[[Made], Iterator[str]]

INVARIANTS: tuple[Predicate, ...] = (
    *exposure.PREDICATES,
    *identities.PREDICATES,
    *secrets.PREDICATES,
    *state.PREDICATES,
    *alerts.PREDICATES,
    *names.PREDICATES,
    *references.PREDICATES,
    *guide.PREDICATES,
)


def violations(made: Made) -> list[str]:
    """`predicate: what breaks it`, of all predicates."""
    return [f"{predicate.__name__}: {found}" for predicate in INVARIANTS for found in predicate(made)]


__all__ = ["INVARIANTS", "Made", "Place", "Predicate", "violations"]
