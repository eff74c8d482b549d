"""Draw many random specs and hold what is made of them to every invariant.

Exit code 1 where something is wrong; each spec that shows it is written, as small as it gets, below `--save`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from generator.testing.random_specs.check import judge, shrunk
from generator.testing.random_specs.one import random_spec
from generator.testing.stack_changes import recovered_schema


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    schema, seen, wrong = recovered_schema(), Counter[str](), 0
    started, before = time.perf_counter(), time.process_time()
    numbers = [options.only] if options.only is not None else range(options.count)
    with tempfile.TemporaryDirectory(prefix="random-") as folder:
        root = Path(folder)
        for done, number in enumerate(numbers, start=1):
            spoil = number % 4 == 3
            spec = random_spec(options.seed, number, root, spoil=spoil)
            verdict = judge(spec, root, schema)
            seen["spoiled" if spoil else "whole"] += 1
            seen["spoiled, accepted" if spoil else "whole, accepted"] += verdict.accepted
            seen["whole, accepted as drawn"] += not spoil and spec.rounds == 0
            if verdict.problems:
                wrong += 1
                small = shrunk(spec, root, schema)
                options.save.mkdir(parents=True, exist_ok=True)
                file = options.save / f"{options.seed}-{number}.yaml"
                file.write_bytes(small.content)
                print(
                    f"{file} ({small.platform.name}):", *judge(small, root, schema).problems[:5], sep="\n  ", flush=True
                )
            if done % 500 == 0 or done == len(numbers):
                print(f"{done} of {len(numbers)}, {time.perf_counter() - started:.0f} s", dict(seen), flush=True)
    cpu = (time.process_time() - before) / max(1, len(numbers))
    print(f"seed {options.seed}: {wrong} of {len(numbers)} show something wrong; {cpu:.3f} CPU-s for each")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator.testing.random_specs", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many specs; every fourth is spoiled on purpose")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same specs")
    parser.add_argument("--only", type=int, help="this one of them alone")
    parser.add_argument(
        "--save", type=Path, default=Path("random-specs"), help="where to put specs that show something wrong"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
