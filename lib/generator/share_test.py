"""Several versions of the generator make one service: each its tiers, and the guide is the newest one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.docs.guide import render
from generator.docs.snapshot_test import accounts
from generator.share import Share
from generator.testing import rendered
from spec.loader import load_fleet


def repository(root: Path, **changes: Any) -> list[Path]:
    spec = rendered.sample("service", {}, {})
    rendered.extend(spec, {"also": [{"id": "live", "tier": "external"}], **changes}, root)
    fleet = rendered.load(spec, root)
    assert fleet.diagnostics == ()
    return [service.path for service in fleet.services]


def made(root: Path, specs: list[Path], share: Share) -> dict[str, bytes]:
    bindings = rendered.activate()
    from generator.generate import generate
    from generator.terraform.schema import load_schema

    fleet = load_fleet(Path("platform.yaml"), specs, root, tiers=share.tiers)
    found = generate(fleet, root, load_schema(bindings / "schema.json"), share)
    assert [one.render() for one in found.diagnostics] == []
    return dict(found.files)


def test_the_shares_of_the_work_tree_and_of_a_release_are_the_whole(tmp_path: Path) -> None:
    specs = repository(tmp_path)
    whole = made(tmp_path, specs, Share())
    ours = made(tmp_path, specs, Share(releases={"external": 3}))
    theirs = made(tmp_path, specs, Share(tiers=frozenset({"external"})))
    assert {path.split("/")[1] for path in ours} == {"dev", "description.json", "operations.md"}
    assert {path.split("/")[1] for path in theirs} == {"live"}
    guide = ours.pop("sample/operations.md")
    assert {**ours, **theirs} == {path: content for path, content in whole.items() if not path.endswith(".md")}
    assert b"release 3 of the generator" in guide and b"release 3" not in whole["sample/operations.md"]


def test_a_pipeline_is_made_with_the_environment_that_holds_it(tmp_path: Path) -> None:
    specs = repository(tmp_path, rollout={"stages": [{"environment": "dev"}, {"environment": "live"}]})
    whole = made(tmp_path, specs, Share())
    ours = made(tmp_path, specs, Share(releases={"external": 3}))
    theirs = made(tmp_path, specs, Share(tiers=frozenset({"external"})))
    assert not any("/delivery/" in path for path in ours) and any("/live/delivery/" in path for path in theirs)
    assert ours.keys() | theirs.keys() == whole.keys()
    assert all(whole[path] == content for path, content in theirs.items())


def test_hand_written_terraform_and_columns_of_others_are_theirs(tmp_path: Path) -> None:
    tables = {"resources": {"bigquery": {"tables": ["events"]}}}
    beside = tmp_path / "services/sample"
    (beside / "terraform/dev/project").mkdir(parents=True)
    (beside / "terraform/dev/project/own.tf").write_text("", encoding="utf-8")
    (beside / "bigquery").mkdir()
    (beside / "bigquery/events.json").write_text('[{"name": "at", "type": "TIMESTAMP"}]', encoding="utf-8")
    spec = rendered.sample("service", {}, tables)
    rendered.extend(spec, {"also": [{"id": "live", "tier": "external", "resources": {"bigquery": None}}]}, tmp_path)
    del spec["environments"][1]["resources"]
    specs = [service.path for service in rendered.load(spec, tmp_path).services]
    theirs = made(tmp_path, specs, Share(tiers=frozenset({"external"})))
    assert {path.split("/")[1] for path in theirs} == {"live"}


def test_the_guide_says_which_environments_wait_for_a_newer_terraform() -> None:
    guide = accounts()
    terraform = guide.platform.terraform
    waiting = terraform.model_copy(
        update={"version": "1.12.3", "versions": terraform.versions.model_copy(update={"external": "1.11.4"})}
    )
    platform = guide.platform.model_copy(update={"terraform": waiting})
    text = render(replace(guide, contexts=tuple(replace(context, platform=platform) for context in guide.contexts)))
    assert "and Terraform 1.12.3 in dev and 1.11.4 in prod: asdf and mise read that" in text


def test_the_guide_says_who_made_what() -> None:
    guide = accounts()
    assert "release" not in render(guide).split("### Environment prod")[1].split("|\n\n")[0]
    text = render(replace(guide, releases={"external": 4}))
    facts = text.split("### Environment prod")[1].split("|\n\n")[0]
    assert "| Terraform made by | release 4 of the generator, at which tier external is held; this guide" in facts
    assert "Terraform made by" not in text.split("### Environment prod")[0]
