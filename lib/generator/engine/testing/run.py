"""Run the features, the mistakes and the fuzz on one engine and write what came of it as JSON.

    python -m generator.engine.testing.run ENGINE BINDINGS OUT SEED…

The result: {"features": {name: {stack: JSON}}, "mistakes": {name: message}, "fuzz": {seed: {stack: JSON}}}; a feature
that fails has its traceback in the place of its stacks. The order of keys is the engine's.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any

from generator import engine


def main() -> None:
    kind, bindings, out, *seeds = sys.argv[1:]
    engine.activate("jsii" if kind == "jsii" else "native", Path(bindings))
    made = {**features(), "fuzz": {seed: fuzzed(int(seed), Path(bindings)) for seed in seeds}}
    Path(out).write_text(json.dumps(made, indent=1), encoding="utf-8")


def features() -> dict[str, Any]:
    from generator.engine.testing.errors import MISTAKES
    from generator.engine.testing.features import FEATURES, Feature

    def stacks(build: Feature) -> Any:
        try:
            return engine.synthesize(build)
        except Exception:  # noqa: BLE001 - the other features shall still be compared
            return traceback.format_exc()

    def message(build: Feature) -> str:
        try:
            engine.synthesize(build)
        except (engine.EngineError, TypeError) as error:
            return f"{type(error).__name__}: {error}"
        return "nothing was refused"

    return {
        "features": {name: stacks(build) for name, build in FEATURES.items()},
        "mistakes": {name: message(build) for name, (_, build) in MISTAKES.items()},
    }


def fuzzed(seed: int, bindings: Path) -> dict[str, Any]:
    from generator.engine.testing.fuzz import build_all

    return engine.synthesize(lambda app: build_all(app, seed, bindings / "schema.json"))


if __name__ == "__main__":
    main()
