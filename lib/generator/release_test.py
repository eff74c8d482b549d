"""One source, two renderings: what a release deploys is what Terraform would have made, container by container.

Over the goldens, which golden_test.py holds against the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

GOLDEN = Path(__file__).parent / "testdata" / "golden"
MANIFESTS = sorted(path for path in GOLDEN.glob("*/*/delivery/release/*.yaml") if path.stem != "skaffold")
UNKNOWN = "known to Terraform alone"


def _environment_of(manifest: Path) -> Path:
    return manifest.parents[3] / manifest.stem


def both(manifest: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The workload of a stage in the words of `in_terraform`: as Terraform has it, as a release has it."""
    stack = json.loads((_environment_of(manifest) / "run" / "cdk.tf.json").read_text(encoding="utf-8"))
    project = json.loads((_environment_of(manifest) / "project" / "cdk.tf.json").read_text(encoding="utf-8"))
    project_id = project["resource"]["google_project"]["project"]["project_id"]
    (workload,) = (stack["resource"][kind] for kind in KINDS if kind in stack["resource"])
    terraform = in_terraform(*workload.values())
    release = in_release(yaml.safe_load(manifest.read_text(encoding="utf-8")), project_id)
    return terraform, release


KINDS = ("google_cloud_run_v2_service", "google_cloud_run_v2_worker_pool")
"""What has revisions. What one of them does not have is None or empty in both renderings."""


def in_terraform(workload: dict[str, Any]) -> dict[str, Any]:
    template = workload["template"]
    containers = template["containers"]
    scaling = {**workload.get("scaling", {}), **template.get("scaling", {})}
    return {
        "account": _known(template["service_account"]),
        "concurrency": template.get("max_instance_request_concurrency"),
        "cpu idle": {container["resources"].get("cpu_idle") for container in containers},
        "execution environment": template.get("execution_environment", "").removeprefix("EXECUTION_ENVIRONMENT_").lower(),
        "files": {
            volume["name"]: (_known(volume["secret"]["secret"]), volume["secret"]["items"])
            for volume in template.get("volumes", ())
        },
        "labels": template["labels"],
        "private": "vpc_access" in template,
        "scaling": [scaling.get(f"{which}_instance_count") for which in ("min", "max", "manual")],
        "timeout": template.get("timeout"),
        "start order": {
            container["name"]: container["depends_on"] for container in containers if "depends_on" in container
        },
        "containers": [
            {
                "name": container.get("name"),
                "image": container["image"] if index else None,
                "arguments": [_known(argument) for argument in container.get("args", ())],
                "limits": container["resources"]["limits"],
                "port": container.get("ports"),
                "variables": {
                    variable["name"]: _known(variable["value"])
                    if "value" in variable
                    else tuple(map(_known, _secret_of(variable)))
                    for variable in container.get("env", ())
                },
                "mounts": {mount["name"]: mount["mount_path"] for mount in container.get("volume_mounts", ())},
                "startup": _probe(container.get("startup_probe")),
                "liveness": _probe(container.get("liveness_probe")),
            }
            for index, container in enumerate(containers)
        ],
    }


def in_release(manifest: dict[str, Any], project_id: str) -> dict[str, Any]:
    template = manifest["spec"]["template"]
    spec, annotations = template["spec"], template["metadata"].get("annotations", {})
    throttled = annotations.get("run.googleapis.com/cpu-throttling")
    scaling = [annotations.get(f"autoscaling.knative.dev/{which}Scale") for which in ("min", "max")]
    scaling.append(manifest["metadata"].get("annotations", {}).get("run.googleapis.com/manualInstanceCount"))
    aliases = dict(entry.split(":") for entry in annotations.get("run.googleapis.com/secrets", "").split(",") if entry)

    def full(secret: str) -> str:
        return str(aliases.get(secret, f"projects/{project_id}/secrets/{secret}"))

    return {
        "account": spec["serviceAccountName"],
        "concurrency": spec.get("containerConcurrency"),
        "cpu idle": {None if throttled is None else throttled == "true"},
        "execution environment": annotations.get("run.googleapis.com/execution-environment", ""),
        "files": {
            volume["name"]: (
                full(volume["secret"]["secretName"]),
                [{"path": i["path"], "version": i["key"], "mode": i["mode"]} for i in volume["secret"]["items"]],
            )
            for volume in spec.get("volumes", ())
        },
        "labels": template["metadata"]["labels"],
        "private": "run.googleapis.com/network-interfaces" in annotations,
        "scaling": [None if number is None else int(number) for number in scaling],
        "timeout": f"{spec['timeoutSeconds']}s" if "timeoutSeconds" in spec else None,
        "start order": json.loads(annotations.get("run.googleapis.com/container-dependencies", "{}")),
        "containers": [
            {
                "name": container.get("name"),
                "image": container["image"] if index else None,
                "arguments": container.get("args", []),
                "limits": container["resources"]["limits"],
                "port": (
                    {"name": container["ports"][0]["name"], "container_port": container["ports"][0]["containerPort"]}
                    if "ports" in container
                    else None
                ),
                "variables": {
                    variable["name"]: variable["value"]
                    if "value" in variable
                    else (
                        full(variable["valueFrom"]["secretKeyRef"]["name"]),
                        variable["valueFrom"]["secretKeyRef"]["key"],
                    )
                    for variable in container.get("env", ())
                },
                "mounts": {mount["name"]: mount["mountPath"] for mount in container.get("volumeMounts", ())},
                "startup": _probe(container.get("startupProbe")),
                "liveness": _probe(container.get("livenessProbe")),
            }
            for index, container in enumerate(spec["containers"])
        ],
    }


def _known(text: str) -> str:
    """The text that Terraform will read; UNKNOWN for an expression about another stack."""
    if "${" in text.replace("$${", ""):
        return UNKNOWN
    return text.replace("$${", "${").replace("%%{", "%{")


def _secret_of(variable: dict[str, Any]) -> tuple[str, str]:
    reference = variable["value_source"]["secret_key_ref"]
    return reference["secret"], reference["version"]


def _probe(probe: dict[str, Any] | None) -> dict[str, Any] | None:
    """Both ways of writing a probe, as one: snake_case becomes camelCase."""
    if probe is None:
        return None
    return {
        "".join(part.capitalize() if index else part for index, part in enumerate(key.split("_"))): value
        for key, value in probe.items()
    }


def differences(terraform: Any, release: Any, at: str = "") -> list[str]:
    """Where the two differ, apart from what only Terraform knows and a release gets in another way."""
    if isinstance(terraform, dict) and isinstance(release, dict):
        keys = sorted({*terraform, *release})
        return [
            found
            for key in keys
            for found in differences(terraform.get(key), release.get(key), f"{at}.{key}" if at else key)
        ]
    if isinstance(terraform, (list, tuple)) and isinstance(release, (list, tuple)) and len(terraform) == len(release):
        pairs = enumerate(zip(terraform, release, strict=True))
        return [found for index, (one, other) in pairs for found in differences(one, other, f"{at}.{index}")]
    same = release is not None if terraform == UNKNOWN else terraform == release
    return [] if same else [f"{at}: Terraform {terraform!r}, release {release!r}"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: f"{path.parents[3].name} {path.stem}")
def test_a_release_deploys_what_terraform_would_make(manifest: Path) -> None:
    terraform, release = both(manifest)
    assert differences(terraform, release) == []


def test_the_goldens_have_what_could_differ() -> None:
    made = [both(manifest)[1] for manifest in MANIFESTS]
    containers = [container for service in made for container in service["containers"]]
    assert any(len(service["containers"]) > 1 for service in made)
    assert any(service["start order"] for service in made)
    assert any(service["files"] for service in made)
    assert any(container["mounts"] for container in containers)
    assert any(container["arguments"] for container in containers)


def test_a_difference_is_seen() -> None:
    terraform, release = both(MANIFESTS[0])
    release["containers"].pop()
    assert differences(terraform, release) != []
