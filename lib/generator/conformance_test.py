"""conformance.json as an input of the guide."""

from __future__ import annotations

from pathlib import Path

from generator.conformance import read_conformance
from generator.testing import rendered
from spec.conformance import Conformance, Entry, render

MEASURED = Conformance("dev", {"drain": Entry("No request fails.", "pass")})


def test_it_lies_beside_the_spec_or_nowhere(tmp_path: Path) -> None:
    (service,) = rendered.load(rendered.sample("service", {}, {}), tmp_path).services
    assert read_conformance(tmp_path, service) == (None, ())
    path = tmp_path / service.directory / "conformance.json"
    path.write_text(render(MEASURED), encoding="utf-8")
    assert read_conformance(tmp_path, service) == (MEASURED, ())


def test_something_else_is_said_with_the_command_that_mends_it(tmp_path: Path) -> None:
    (service,) = rendered.load(rendered.sample("service", {}, {}), tmp_path).services
    (tmp_path / service.directory / "conformance.json").write_text("{}", encoding="utf-8")
    found, (diagnostic,) = read_conformance(tmp_path, service)
    assert found is None
    assert diagnostic.code == "conformance-invalid"
    assert diagnostic.path == f"{service.directory.as_posix()}/conformance.json"
    assert diagnostic.fix.endswith(f"./pants run lib/runtime/conformance:run -- {service.directory.as_posix()} --update")
