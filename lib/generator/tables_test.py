"""Files with the columns of tables, beside a spec: what is missing, what is too many, what is wrong."""

from __future__ import annotations

from pathlib import Path

from generator.tables import read_tables
from generator.testing import rendered

ENVIRONMENT = {"resources": {"bigquery": {"tables": ["events", "clicks"]}}}


def findings(root: Path, files: dict[str, str]) -> list[str]:
    spec = rendered.sample("service", {}, ENVIRONMENT)
    (service,) = rendered.load(spec, root).services
    folder = root / "services/sample/bigquery"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content)
    return [diagnostic.render() for diagnostic in read_tables(root, service).diagnostics]


GOOD = '[{"name": "id", "type": "STRING"}]'


def test_every_table_has_its_file(tmp_path: Path) -> None:
    assert findings(tmp_path, {"events.json": GOOD, "clicks.json": GOOD}) == []


def test_a_missing_file_is_told_where_the_table_is_declared(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"events.json": GOOD})
    assert found.startswith("services/sample/service.yaml:")
    assert "error[table-file-missing] environments[0].resources.bigquery.tables[1]: found table `clicks`" in found
    assert "services/sample/bigquery/clicks.json" in found


def test_a_file_of_no_table_is_told(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"events.json": GOOD, "clicks.json": GOOD, "event.json": GOOD})
    assert found.startswith("services/sample/bigquery/event.json:1:1: error[table-file-unused]")


def test_all_files_are_read_before_anything_is_said(tmp_path: Path) -> None:
    first, second = findings(tmp_path, {"events.json": '[{"name": "id"}]', "clicks.json": "[}"})
    assert first.startswith("services/sample/bigquery/events.json:1:2: error[missing-key] columns[0].type")
    assert second.startswith("services/sample/bigquery/clicks.json:1:2: error[invalid-json]")


def test_a_service_with_a_wrong_file_is_not_made_and_the_others_are(tmp_path: Path) -> None:
    rendered.activate()
    from generator.generate import generate
    from generator.testing.stack_changes import recovered_schema

    spec = rendered.sample("service", {}, ENVIRONMENT)
    fleet = rendered.load(spec, tmp_path)
    made = generate(fleet, tmp_path, recovered_schema())
    assert made.files == {}
    assert {diagnostic.code for diagnostic in made.diagnostics} == {"table-file-missing"}
