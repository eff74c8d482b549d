"""Benchmarks (a) and (b): one service against stock CDKTF, and a cold fleet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import fleet
import measure

REPOSITORY = Path(__file__).parent.parent
BATCH = 8
"""Services per process, as the plugin aims for (pants-plugins/msp/util_rules)."""


def one_service(python: Path, work: Path, times: int) -> None:
    """(a) One service of three environments, by us and by a plain program on stock CDKTF."""
    root = _prepare(work / "one", 1)
    (spec,) = root.glob("services/*/service.yaml")
    path = spec.relative_to(root)
    measure.run([python, "-m", "generator", "generate", *_arguments(root, [path], work / "warm")], cwd=work, env=_env())
    ours = min(
        (_generate(python, root, [path], work / f"ours-{n}") for n in range(times)), key=lambda cost: cost.cpu
    )
    stock = [python, REPOSITORY / "benchmarks" / "stock.py", root, work / "stock-out", path]
    theirs = measure.best(times, stock, cwd=work, env={**_env(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"})
    stacks = len(list((work / "ours-0").rglob("cdk.tf.json")))
    print(f"(a) one service, 3 environments, {stacks} stacks")
    print(f"    stock cdktf   {theirs.cpu:6.2f} CPU-s  {theirs.wall:6.2f} s  {theirs.memory:5.0f} MB")
    print(f"    this platform {ours.cpu:6.2f} CPU-s  {ours.wall:6.2f} s  {ours.memory:5.0f} MB  (guide and validation included)")
    print(f"    ratio         1/{theirs.cpu / ours.cpu:.1f} of the CPU time (target 1/10), "
          f"1/{theirs.memory / ours.memory:.1f} of the memory (target 1/4)")


def cold_fleet(python: Path, work: Path, services: int) -> None:
    """(b) A fleet, nothing cached but the cut bindings, in the plugin's batches."""
    root = _prepare(work / "fleet", services)
    specs = sorted(path.relative_to(root) for path in root.glob("services/*/service.yaml"))
    total = measure.Cost(0, 0, 0)
    for start in range(0, len(specs), BATCH):
        total += _generate(python, root, specs[start : start + BATCH], work / f"fleet-out-{start}")
    made = [path for out in work.glob("fleet-out-*") for path in out.rglob("cdk.tf.json")]
    resources = sum(path.read_text(encoding="utf-8").count('"project": ') for path in made)
    print(f"(b) {services} services x 3 environments, {len(made)} stacks, about {resources} resources, cold")
    print(f"    this platform {total.cpu:6.2f} CPU-s  {total.wall:6.2f} s  {total.memory:5.0f} MB  (target 15 CPU-s)")
    print(f"    ratio         {total.cpu / 15:.2f} of the target, {1000 * total.cpu / len(made):.1f} CPU-ms per stack")


def _prepare(root: Path, services: int) -> Path:
    fleet.write(root, services)
    shutil.copy(REPOSITORY / "lib/generator/testdata/fleet/platform.yaml", root / "platform.yaml")
    return root


def _arguments(root: Path, specs: Sequence[Path], out: Path) -> list[str]:
    return ["--root", str(root), "--out", str(out), *(text for spec in specs for text in ("--spec", str(spec)))]


def _generate(python: Path, root: Path, specs: Sequence[Path], out: Path) -> measure.Cost:
    return measure.run([python, "-m", "generator", "generate", *_arguments(root, specs, out)], cwd=root, env=_env())


def _env() -> dict[str, str]:
    return {"PYTHONPATH": str(REPOSITORY / "lib"), "PYTHONDONTWRITEBYTECODE": ""}
