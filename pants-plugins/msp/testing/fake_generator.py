"""A stand-in for the programs of lib/: the same arguments, files, envelope and exit codes, over a toy spec.

Run as `python fake_generator.py <module> <argv…>`. Besides `service.id` and `environments[].id` it knows, in an environment:

    value: …       what its Terraform says; where that was `precious`, `changes` tells of a loss if it is anything else
    wrong: …       an error there
    doubtful: …    a warning there
    refused: …     an error in the Terraform that is made from it
    policyExceptions: …  the last day of one, which `--on` is held against
    projectId: …   which two specs may not share (only `spec validate` sees that)
    tier: …        for `--tier` and `--release`
    turbo: …       a key that only a `generator.txt` which says `turbo` knows

and at the top `crash: 3`, which makes it end so, with a trace; `babble: true` makes it print something else than an envelope.
"""

from __future__ import annotations

import json
import os
import sys

import yaml


def options(argv: list[str], name: str) -> list[str]:
    return [value for option, value in zip(argv, argv[1:]) if option == name]


def load(path: str) -> dict:
    with open(path) as file:
        return yaml.safe_load(file) or {}


def finding(path: str, severity: str, key: str, found: str) -> dict:
    return {
        "severity": severity, "code": "toy", "path": path, "line": 3, "column": 5, "key": key,
        "found": found, "expected": "better", "fix": "write better",
    }  # fmt: skip


def findings(path: str, spec: dict) -> list[dict]:
    if not isinstance(spec.get("environments"), list):
        return [finding(path, "error", "environments", "nothing")]
    return [
        finding(path, severity, f"environments[{number}].{key}", str(environment[key]))
        for number, environment in enumerate(spec["environments"])
        for key, severity in (("wrong", "error"), ("doubtful", "warning"))
        if key in environment
    ]


def write(out: str, files: dict[str, str]) -> None:
    for path, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(out, path)), exist_ok=True)
        with open(os.path.join(out, path), "w") as file:
            file.write(content)


def generate(
    specs: dict[str, dict], platform: dict, root: str, tiers: list[str], releases: list[str]
) -> tuple[dict[str, str], list[dict]]:
    """It tells what itself is like, in `generator.txt`, unless that is `as of old`."""
    files, diagnostics = {}, []
    with open("generator.txt") as file:
        generator = file.read()
    elsewhere = [release.split("=")[0] for release in releases]
    for path, spec in specs.items():
        environments = spec.get("environments")
        if tiers and isinstance(environments, list):
            spec = {**spec, "environments": [one for one in environments if one.get("tier") in tiers]}
            for number, one in enumerate(environments):
                if one in spec["environments"] and "turbo" in one and generator != "turbo":
                    diagnostics.append({**finding(path, "error", f"environments[{number}].turbo", "turbo"), "code": "unknown-key"})
        own = findings(path, spec)
        diagnostics += own
        if any(one["severity"] == "error" for one in (*own, *diagnostics) if one["path"] == path):
            continue
        service = spec["service"]["id"]
        for environment in spec["environments"]:
            if environment.get("tier") in elsewhere:
                continue
            made = {"value": environment.get("value"), "platform": platform}
            if generator != "as of old":
                made["generator"] = generator
            lock = os.path.join(root, os.path.dirname(path), "images.lock.yaml")
            if os.path.exists(lock):
                with open(lock) as file:
                    made["images"] = file.read()
            home = f"{service}/{environment['id']}"
            if "refused" in environment:
                made_at = {"path": f"infra-out/{home}/project/cdk.tf.json", "line": 1, "column": 1}
                diagnostics.append({**finding("", "error", "refused", environment["refused"]), **made_at})
            files[f"{home}/project/cdk.tf.json"] = json.dumps(made, indent=2, sort_keys=True) + "\n"
            custom = os.path.join(root, os.path.dirname(path), "terraform", environment["id"], "project")
            for name in sorted(os.listdir(custom)) if os.path.isdir(custom) else ():
                with open(os.path.join(custom, name)) as file:
                    files[f"{home}/project/{name}"] = file.read()
        if not tiers:
            own = [one for one in releases if one.split("=")[0] in {one.get("tier") for one in spec["environments"]}]
            files[f"{service}/operations.md"] = "".join(f"{line}\n" for line in (f"# {service}", *own))
    return files, diagnostics


def changes(specs: dict[str, dict], committed: str, generated: str) -> list[dict]:
    diagnostics = []
    paths = {os.path.basename(os.path.dirname(path)): path for path in specs}
    for service in sorted(os.listdir(committed)):
        for environment in sorted(os.listdir(os.path.join(committed, service))):
            before, after = (
                json.load(open(path))["value"] if os.path.exists(path) else "nothing"
                for top in (committed, generated)
                for path in [os.path.join(top, service, environment, "project", "cdk.tf.json")]
            )
            if before == "precious" != after:
                place = paths.get(service, f"infra-out/{service}/{environment}")
                diagnostics.append({**finding(place, "error", environment, f"{after} for {before}"), "snippet": "keep {\n}\n"})
    return diagnostics


def validate(specs: dict[str, dict]) -> list[dict]:
    diagnostics, projects, ids = [], set(), set()
    for path, spec in specs.items():
        diagnostics += findings(path, spec)
        if spec.get("service", {}).get("id") in ids:
            diagnostics.append(finding(path, "error", "service.id", "it again"))
        ids.add(spec.get("service", {}).get("id"))
        for number, environment in enumerate(spec.get("environments") or ()):
            project = environment.get("projectId")
            if project in projects:
                diagnostics.append(finding(path, "error", f"environments[{number}].projectId", f"{project} again"))
            projects |= {project} - {None}
    return diagnostics


def expiries(specs: dict[str, dict], days: list[str]) -> list[dict]:
    return [
        {**finding(path, "error", "policyExceptions", f"{environment['policyExceptions']}, on {day}"), "code": "exception-expired"}
        for day in days
        for path, spec in specs.items()
        for environment in spec.get("environments") or ()
        if str(environment.get("policyExceptions", day)) < day
    ]


def main(module: str, argv: list[str]) -> int:
    verb = argv[0]
    files: dict[str, str] = {}
    diagnostics: list[dict] = []
    if verb == "resolve-images":
        root = options(argv, "--root")[0]
        for path in options(argv, "--spec"):
            write(root, {os.path.join(os.path.dirname(path), "images.lock.yaml"): f"home: {'HOME' in os.environ}\n"})
        return int(any(load(os.path.join(root, path)).get("crash") for path in options(argv, "--spec")))
    if verb == "reference":
        files = {"schema/service.schema.json": "{}\n", "docs/reference/service-yaml.md": "# service.yaml\n"}
    else:
        paths = options(argv, "--spec") if verb in ("generate", "changes") else [arg for arg in argv if arg.endswith("service.yaml")]
        specs = {path: load(path) for path in paths}
        platform = load(options(argv, "--platform")[0])
        for spec in specs.values():
            if spec.get("crash") and module == "generator":
                print("Traceback (most recent call last):\nRuntimeError: the toy broke", file=sys.stderr)
                return spec["crash"]
            if spec.get("babble"):
                print("hello")
                return 0
        if platform.get("wrong"):
            diagnostics = [finding("platform.yaml", "error", "wrong", str(platform["wrong"]))]
        elif verb == "changes":
            diagnostics = changes(specs, options(argv, "--committed")[0], options(argv, "--generated")[0])
        elif verb == "generate":
            files, diagnostics = generate(specs, platform, ".", options(argv, "--tier"), options(argv, "--release"))
        else:
            diagnostics = validate(specs) + expiries(specs, options(argv, "--on"))
    for out in options(argv, "--out"):
        write(out, files)
    listed = [{"path": path, "sha256": ""} for path in sorted(files)]
    print(json.dumps({"version": 1, "files": listed, "diagnostics": diagnostics}))
    return int(any(one["severity"] == "error" for one in diagnostics))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
