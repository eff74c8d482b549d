"""The manifest of one stage: the Cloud Run service, job or worker pool as Terraform's `run` has it, in Knative's words.

A stage in several regions has one manifest too: a profile belongs to a stage, and what differs are deploy parameters.

Source: https://cloud.google.com/run/docs/reference/yaml/v1
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from generator.context import Context
from generator.literal import plain
from generator.release.parameters import REGION, of_variable, parameter
from generator.resources import cloud_run_service
from generator.resources import container as containers
from generator.resources.container import READ_ONLY, Container, SecretValue, Sidecar
from generator.stacks import contract, references, run
from spec import constants
from spec.workloads import Kind

Json = dict[str, Any]

INGRESS = {
    "INGRESS_TRAFFIC_ALL": "all",
    "INGRESS_TRAFFIC_INTERNAL_ONLY": "internal",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER": "internal-and-cloud-load-balancing",
}


def manifest(context: Context, image: str) -> Json:
    """The manifest; `image` is the name that a release replaces by its own image."""
    names = context.names
    key = names.key("run") if context.encrypts("run") else None
    is_in_one = len(context.regions) == 1
    # One manifest for all regions of a stage: what differs is filled in for each target.
    region = context.region if is_in_one else parameter(REGION)
    known = references.by_name(context, parameter)
    container = run.container(context, image, known, _subnetwork(context), key, region)
    if not is_in_one:
        differs = {name: parameter(of_variable(name)) for name in contract.named_by_region(context)}
        container = replace(container, environment={**container.environment, **differs})
    return MANIFESTS[context.spec.service.kind](context, container, names.workload_email)


def _subnetwork(context: Context) -> tuple[str, str] | None:
    """By name, which is the same in every region."""
    return (context.names.network, context.names.network) if context.needs_network else None


def _service(context: Context, container: Container, workload_email: str) -> Json:
    config = run.service_config(context, container, workload_email, {}, context.region)
    secrets = _Secrets(context, config.container)
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": config.name,
            "labels": dict(config.labels),
            "annotations": {
                "run.googleapis.com/ingress": INGRESS[config.ingress],
                "run.googleapis.com/invoker-iam-disabled": _bool(config.public),
            },
        },
        "spec": {
            "template": {
                "metadata": {
                    "labels": dict(config.labels),
                    "annotations": {
                        "autoscaling.knative.dev/minScale": str(config.min_instances),
                        "autoscaling.knative.dev/maxScale": str(config.max_instances),
                        "run.googleapis.com/cpu-throttling": _bool(not config.cpu_always_allocated),
                        "run.googleapis.com/startup-cpu-boost": "true",
                        "run.googleapis.com/execution-environment": config.execution_environment,
                        **_template_annotations(config.container, secrets),
                        **_start_order(config),
                    },
                },
                "spec": {
                    "serviceAccountName": config.service_account,
                    "containerConcurrency": config.max_request_concurrency,
                    "timeoutSeconds": config.request_timeout_seconds,
                    "containers": [
                        {
                            **({"name": config.name} if config.sidecars else {}),
                            **_container(config.container, secrets),
                            "ports": [{"name": config.protocol, "containerPort": constants.CONTAINER_PORT}],
                            **_probes(config.probes),
                        },
                        *(_sidecar(sidecar, secrets) for sidecar in config.sidecars),
                    ],
                    **_volumes(config.container, secrets),
                },
            }
        },
    }


def _job(context: Context, container: Container, workload_email: str) -> Json:
    config = run.job_config(context, container, workload_email, schedule=None)
    secrets = _Secrets(context, config.container)
    annotations = {"run.googleapis.com/execution-environment": "gen2", **_template_annotations(config.container, secrets)}
    return {
        "apiVersion": "run.googleapis.com/v1",
        "kind": "Job",
        "metadata": {"name": config.name, "labels": dict(config.labels)},
        "spec": {
            "template": {
                "metadata": {"labels": dict(config.labels), "annotations": annotations},
                "spec": {
                    "taskCount": 1,
                    "template": {
                        "spec": {
                            "serviceAccountName": config.service_account,
                            "timeoutSeconds": config.deadline_seconds,
                            "maxRetries": config.max_retries,
                            "containers": [_container(config.container, secrets)],
                            **_volumes(config.container, secrets),
                        }
                    },
                },
            }
        },
    }


def _worker(context: Context, container: Container, workload_email: str) -> Json:
    config = run.worker_config(context, container, workload_email)
    secrets = _Secrets(context, config.container)
    annotations = _template_annotations(config.container, secrets)
    return {
        "apiVersion": "run.googleapis.com/v1",
        "kind": "WorkerPool",
        "metadata": {
            "name": config.name,
            "labels": dict(config.labels),
            "annotations": {
                "run.googleapis.com/scalingMode": "manual",
                "run.googleapis.com/manualInstanceCount": str(config.instances),
            },
        },
        "spec": {
            "template": {
                "metadata": {"labels": dict(config.labels), **({"annotations": annotations} if annotations else {})},
                "spec": {
                    "serviceAccountName": config.service_account,
                    "containers": [_container(config.container, secrets)],
                    **_volumes(config.container, secrets),
                },
            }
        },
    }


MANIFESTS: Mapping[Kind, Callable[[Context, Container, str], Json]] = {
    "service": _service,
    "job": _job,
    "worker": _worker,
}
"""How the manifest of each kind of workload is written."""


class _Secrets:
    """How a manifest names secrets: those of its own project by their id, others by an alias that it declares."""

    def __init__(self, context: Context, container: Container) -> None:
        self._own = f"projects/{context.names.project_id}/secrets/"
        used = [value for value in container.environment.values() if isinstance(value, SecretValue)]
        used += [file.value for file in container.secret_files]
        foreign = sorted({value.secret for value in used if not value.secret.startswith(self._own)})
        self._aliases = {secret: f"shared-{number}" for number, secret in enumerate(foreign, 1)}

    def name(self, secret: str) -> str:
        return self._aliases.get(secret) or secret.removeprefix(self._own)

    @property
    def annotation(self) -> dict[str, str]:
        listed = ",".join(f"{alias}:{secret}" for secret, alias in self._aliases.items())
        return {"run.googleapis.com/secrets": listed} if listed else {}


def _template_annotations(container: Container, secrets: _Secrets) -> dict[str, str]:
    key = {} if container.kms_key is None else {"run.googleapis.com/encryption-key": container.kms_key}
    if container.subnetwork is None:
        return {**secrets.annotation, **key}
    network, subnetwork = container.subnetwork
    interfaces = [{"network": network, "subnetwork": subnetwork}]
    return {
        **secrets.annotation,
        **key,
        "run.googleapis.com/network-interfaces": json.dumps(interfaces, separators=(",", ":")),
        "run.googleapis.com/vpc-access-egress": (
            "all-traffic" if container.all_through_subnetwork else "private-ranges-only"
        ),
    }


def _container(container: Container, secrets: _Secrets) -> Json:
    mounts = [
        {"name": file.name, "mountPath": str(PurePosixPath(file.mount_path).parent)} for file in container.secret_files
    ]
    return {
        "image": container.image,
        "resources": {"limits": {"cpu": str(container.cpu), "memory": container.memory}},
        "env": [_variable(name, value, secrets) for name, value in sorted(container.environment.items())],
        **({"volumeMounts": mounts} if mounts else {}),
    }


def _sidecar(sidecar: Sidecar, secrets: _Secrets) -> Json:
    made: Json = {
        "name": sidecar.name,
        "image": sidecar.image,
        "resources": {"limits": {"cpu": str(sidecar.cpu), "memory": sidecar.memory}},
    }
    if sidecar.arguments:
        made["args"] = [plain(argument) for argument in sidecar.arguments]
    if sidecar.environment:
        made["env"] = [_variable(name, value, secrets) for name, value in sorted(sidecar.environment.items())]
    if sidecar.ready_port is not None:
        port = {"port": sidecar.ready_port}
        made["startupProbe"] = {
            **({"tcpSocket": port} if sidecar.ready_path is None else {"httpGet": {**port, "path": sidecar.ready_path}}),
            "timeoutSeconds": containers.SIDECAR_PROBE_TIMEOUT,
            "periodSeconds": containers.SIDECAR_PROBE_INTERVAL,
            "failureThreshold": containers.SIDECAR_PROBE_FAILURES,
        }
    return made


def _start_order(config: cloud_run_service.Config) -> dict[str, str]:
    """Knative knows no `dependsOn`, and would ignore it without a word."""
    awaited = config.awaited
    if not awaited:
        return {}
    order = json.dumps({config.name: awaited}, separators=(",", ":"))
    return {"run.googleapis.com/container-dependencies": order}


def _variable(name: str, value: str | SecretValue, secrets: _Secrets) -> Json:
    if isinstance(value, SecretValue):
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": secrets.name(value.secret), "key": value.version}}}
    return {"name": name, "value": plain(value)}


def _volumes(container: Container, secrets: _Secrets) -> Json:
    volumes = [
        {
            "name": file.name,
            "secret": {
                "secretName": secrets.name(file.value.secret),
                "defaultMode": READ_ONLY,
                "items": [
                    {"key": file.value.version, "path": PurePosixPath(file.mount_path).name, "mode": READ_ONLY}
                ],
            },
        }
        for file in container.secret_files
    ]
    return {"volumes": volumes} if volumes else {}


def _probes(probes: cloud_run_service.Probes | None) -> Json:
    if probes is None:
        return {}
    return {
        "startupProbe": {
            "httpGet": {"path": constants.READY_PATH},
            "timeoutSeconds": probes.timeout,
            "periodSeconds": probes.startup_interval,
            "failureThreshold": probes.startup_failure_threshold,
        },
        "livenessProbe": {
            "httpGet": {"path": constants.LIVE_PATH},
            "timeoutSeconds": probes.timeout,
            "periodSeconds": probes.liveness_interval,
            "failureThreshold": cloud_run_service.LIVENESS_FAILURES,
        },
    }


def _bool(value: bool) -> str:
    return str(value).lower()
