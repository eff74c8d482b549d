"""For tests: a spec in, the stacks of its environments out, in memory."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator import engine
from generator.bindings import ensure
from spec.loader import Fleet, load_fleet

FLEET = Path(__file__).parent.parent / "testdata" / "fleet"
KITCHEN_SINKS = Path(__file__).parent.parent.parent / "spec" / "testdata" / "valid"

SMALLEST_SERVICE: dict[str, Any] = {
    "service": {"id": "sample", "description": "A sample.", "owners": ["identity"]},
    "environments": [
        {
            "id": "dev",
            "projectId": "sample-dev-1f3a",
            "tier": "test",
            "deploy": {"type": "manual", "digest": "sha256:" + "0" * 64},
            "instances": {"cpu": 1, "memory": "512Mi"},
        }
    ],
}


def sample(
    kind: str,
    service: Mapping[str, Any],
    environment: Mapping[str, Any],
    monitoring: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The smallest spec of a kind with something merged over it."""
    spec = copy.deepcopy(SMALLEST_SERVICE)
    if kind != "service":
        spec["service"]["kind"] = kind
    _merge(spec["service"], service)
    _merge(spec["environments"][0], environment)
    if monitoring is not None:
        spec["monitoring"] = dict(monitoring)
    return spec


def extend(spec: dict[str, Any], case: Mapping[str, Any], root: Path) -> None:
    """What else a case says: `also` (further environments, over the first one), `rollout`, `images` (the lock file)."""
    for changes in case.get("also", ()):
        environment = copy.deepcopy(SMALLEST_SERVICE["environments"][0])
        environment["projectId"] = f"sample-{changes['id']}-1f3a"
        _merge(environment, changes)
        spec["environments"].append(environment)
    if "rollout" in case:
        spec["rollout"] = {"initialImage": "sha256:" + "0" * 64, **case["rollout"]}
        for stage in spec["rollout"]["stages"]:
            for environment in spec["environments"]:
                if environment["id"] == stage["environment"]:
                    environment["deploy"] = {"type": "rollout"}
    if "images" in case:
        for id in case["images"]:
            next(one for one in spec["environments"] if one["id"] == id)["deploy"].pop("digest", None)
        folder = root / "services" / spec["service"]["id"]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "images.lock.yaml").write_text(yaml.safe_dump({"images": case["images"]}), encoding="utf-8")


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def load(spec: Mapping[str, Any], root: Path, platform: Mapping[str, Any] | None = None) -> Fleet:
    """Write the spec below `root` as people would, and load it; whatever is wrong with it is in the fleet.

    platform   what to put over the sample platform.yaml, key by key at the top; null takes a key away
    """
    path = Path("services", spec["service"]["id"], "service.yaml")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(yaml.safe_dump(dict(spec), allow_unicode=True), encoding="utf-8")
    sample = yaml.safe_load((FLEET / "platform.yaml").read_text(encoding="utf-8"))
    (root / "platform.yaml").write_text(yaml.safe_dump(_without_null({**sample, **(platform or {})})), encoding="utf-8")
    return load_fleet(Path("platform.yaml"), [path], root)


def _without_null(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def golden_fleet(root: Path) -> list[Path]:
    """A repository of specs below `root`: testdata/fleet and the kitchen sinks. Gives the specs' paths in it."""
    shutil.copytree(FLEET, root, dirs_exist_ok=True)
    for sink in KITCHEN_SINKS.glob("*.yaml"):
        folder = root / "services" / yaml.safe_load(sink.read_text(encoding="utf-8"))["service"]["id"]
        folder.mkdir(parents=True)
        shutil.copy(sink, folder / "service.yaml")
        lock = sink.parent / "locks" / f"{folder.name}.yaml"
        if lock.exists():
            shutil.copy(lock, folder / "images.lock.yaml")
        if (beside := sink.with_suffix("")).is_dir():
            shutil.copytree(beside, folder, dirs_exist_ok=True)
    return sorted(path.relative_to(root) for path in root.glob("services/*/service.yaml"))


@cache
def activate() -> Path:
    """Start the in-process engine on the cut bindings, once per process."""
    bindings = ensure()
    engine.activate("native", bindings)
    return bindings
