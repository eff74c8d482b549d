"""All benchmarks: `benchmarks/run`. Ratios against baselines measured in the same run; see each module."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import gateway_proxy
import generation
import pants_goals
import runtime_service


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--services", type=int, default=30, help="size of the synthetic fleet (default: %(default)s)")
    parser.add_argument("--times", type=int, default=3, help="repetitions of each measurement (default: %(default)s)")
    parser.add_argument("only", nargs="*", metavar="a|b|c|d|f|g", help="some of the benchmarks (default: all)")
    arguments = parser.parse_args()
    chosen = set(arguments.only or "abcdfg")
    with tempfile.TemporaryDirectory(prefix="msp-benchmarks-") as folder:
        work = Path(folder)
        if "a" in chosen:
            generation.one_service(Path(sys.executable), work, arguments.times)
        if "b" in chosen:
            generation.cold_fleet(Path(sys.executable), work, arguments.services)
        if "c" in chosen:
            pants_goals.warm_goals(work, arguments.services, arguments.times)
        if "d" in chosen:
            runtime_service.service_under_load(arguments.times)
        if "f" in chosen:
            gateway_proxy.added_latency(arguments.times)
        if "g" in chosen:
            gateway_proxy.throughput(arguments.times)


if __name__ == "__main__":
    main()
