"""Where the native engine ends: what it does not offer is `Unsupported`, by name, and never something else."""

from __future__ import annotations

from typing import Any

import pytest

from generator import engine
from generator.engine.testing import native


@pytest.fixture(autouse=True)
def active() -> None:
    native.activate()


def test_what_is_outside_is_named() -> None:
    from generator.engine.testing.outside import OUTSIDE

    assert len(OUTSIDE) > 20
    wrong = []
    for name, (words, build) in OUTSIDE.items():
        found = refusal(build)
        if words not in found:
            wrong.append(f"{name}: expected {words!r}, found {found!r}")
    assert not wrong, "\n".join(wrong)


def refusal(build: Any) -> str:
    try:
        engine.synthesize(build)
    except engine.Unsupported as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever else is raised is what the test reports
        return f"{type(error).__name__} instead of Unsupported: {error}"
    return "nothing was refused"


def test_a_boolean_in_an_f_string_is_refused() -> None:
    # jsii prints the address of a proxy, which would reach Terraform
    from generator.engine.testing.features.registry import an_instance, new_stack, outputs

    def build(app: Any) -> None:
        outputs(new_stack(app), x=f"is {an_instance(new_stack(app, 'o')).deletion_protection}")

    with pytest.raises(TypeError, match="use .to_string"):
        engine.synthesize(build)
