"""One random spec after the other, each from a seed and its number alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from spec.loader import Fleet, load_fleet
from spec.model import ServiceSpec
from spec.model.images import FILE as LOCK_FILE
from spec.platform import Platform

from generator.testing.random_specs import texts
from generator.testing.random_specs.draw import Document, Draw
from generator.testing.random_specs.mend import mended
from generator.testing.random_specs.sensible import DECIDED, RULES, kind_of
from generator.testing.random_specs.spoil import spoiled

SPEC = Path(__file__).parents[3] / "spec" / "testdata"
PLATFORMS = (SPEC / "platform.yaml", *sorted((SPEC / "platforms").glob("*.yaml")))


@dataclass(frozen=True)
class RandomSpec:
    """What is written to disk for one service."""

    id: str
    platform: Path
    text: str
    """Content of service.yaml."""
    document: Document
    """What was drawn; `text` says something else where it was spoiled after."""
    rounds: int
    """How often something was put right before it was accepted: 0 at once, -1 never."""
    lock: Document = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    """BigQuery table -> its columns."""

    def load(self, root: Path) -> Fleet:
        """Write it as the only service of a repository at `root`, and read it."""
        shutil.rmtree(root / "services", ignore_errors=True)
        folder = root / "services" / self.id
        folder.mkdir(parents=True)
        shutil.copy(self.platform, root / "platform.yaml")
        (folder / "service.yaml").write_bytes(self.content)
        if self.lock:
            (folder / LOCK_FILE).write_text(dumped(self.lock), encoding="utf-8")
        for table, columns in self.tables.items():
            (folder / "bigquery").mkdir(exist_ok=True)
            (folder / "bigquery" / f"{table}.json").write_text(json.dumps(columns), encoding="utf-8")
        return load_fleet(Path("platform.yaml"), [(folder / "service.yaml").relative_to(root)], root)

    @property
    def content(self) -> bytes:
        """The bytes of service.yaml; what UTF-8 has no bytes for becomes bytes that are no UTF-8."""
        return self.text.encode("utf-8", errors="surrogatepass")

    def with_text(self, text: str) -> RandomSpec:
        return replace(self, text=text)


class _NoAliases(yaml.CSafeDumper):
    """Writes what stands twice in a document twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dumped(document: Any) -> str:
    text: str = yaml.dump(document, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=110)
    return text


def random_spec(seed: int, number: int, root: Path, *, spoil: bool = False) -> RandomSpec:
    """A spec of an organisation of the test data, put right as far as findings say what is wrong, and maybe spoiled.

    `root` is an empty folder, or one that was given before.
    """
    rng = Random(f"{seed}/{number}")
    platform_file = rng.choice(PLATFORMS)
    platform = _platform(platform_file)
    draw = Draw(rng, RULES, DECIDED, platform, kind_of)
    draw.root(ServiceSpec)

    def spec(rounds: int = 0) -> RandomSpec:
        document = draw.document
        return RandomSpec(
            document["service"]["id"], platform_file, dumped(document), document, rounds, _lock(document, platform)
        )

    made = spec(mended(draw, ServiceSpec, lambda _: spec().load(root).diagnostics))
    made = replace(made, tables=_tables(draw.document, rng))
    return made.with_text(spoiled(draw.document, rng)) if spoil else made


@cache
def _platform(file: Path) -> Platform:
    platform = load_fleet(file, [], file.parent).platform
    assert platform is not None
    return platform


def _lock(document: Document, platform: Platform) -> Document:
    """What msp-resolve-images would have written."""
    repository = document.get("build", {}).get("image") or f"{platform.registry.repository}/{document['service']['id']}"
    images = {
        one["id"]: {"repository": repository, "tag": one["deploy"]["tag"], "digest": f"sha256:{index:064x}"}
        for index, one in enumerate(document["environments"])
        if one["deploy"].get("type") == "subscription" and "tag" in one["deploy"]
    }
    return {"images": images} if images else {}


def _tables(document: Document, rng: Random) -> dict[str, Any]:
    """Columns for every BigQuery table that some environment declares."""
    names = {
        table
        for one in document["environments"]
        for table in (one.get("resources", {}).get("bigquery") or {}).get("tables", ())
    }
    return {name: _columns(rng) for name in sorted(names)}


def _columns(rng: Random) -> Any:
    names = sorted({texts.matching("^[a-z_]{1,9}$", rng) for _ in range(rng.randint(1, 4))})
    kinds = ("STRING", "INT64", "BOOL", "TIMESTAMP", "JSON")
    modes = ("NULLABLE", "REQUIRED", "REPEATED")
    return [
        {"name": name, "type": rng.choice(kinds), "mode": rng.choice(modes), "description": texts.sentence(rng)}
        for name in names
    ]
