"""The baseline: the same stacks, made by a plain program on CDKTF and the Google bindings as they are published."""

from __future__ import annotations

import sys
from pathlib import Path


def main(root: Path, out: Path, specs: list[Path]) -> None:
    import cdktf

    from generator.context import Context
    from generator.render import render_service
    from spec.loader import load_fleet

    fleet = load_fleet(Path("platform.yaml"), specs, root)
    assert fleet.platform is not None and not fleet.diagnostics, fleet.diagnostics
    app = cdktf.App(outdir=str(out))
    for service in fleet.services:
        render_service(
            app,
            [Context.of(service.spec, environment, fleet.platform) for environment in service.spec.environments],
        )
    app.synth()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]])
