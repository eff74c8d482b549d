from __future__ import annotations

import json

from generator.bindings import ensure


def test_the_cut_holds_the_packages_and_the_schema() -> None:
    folder = ensure()
    schema = json.loads((folder / "schema.json").read_text())
    assert sorted(schema) == ["google", "postgresql", "random"]
    assert schema["google"]["source"] == "registry.terraform.io/hashicorp/google"
    assert schema["google"]["resource"]["google_project"]["class"] == "Project"
    assert (folder / "cdktf" / "__init__.py").is_file()
