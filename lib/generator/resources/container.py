"""What Cloud Run services, jobs and worker pools say of their container in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any


@dataclass(frozen=True)
class SecretValue:
    """A version of a secret, by the secret's full name: the value itself is never here."""

    secret: str
    version: str = "latest"


@dataclass(frozen=True)
class SecretFile:
    name: str
    mount_path: str
    value: SecretValue


@dataclass(frozen=True)
class Sidecar:
    """A container beside the service's own, in the same instance."""

    name: str
    image: str
    cpu: int
    memory: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    ready_port: int | None
    """Port on which it answers before the service's own container starts; None where that doesn't matter."""
    ready_path: str | None = None
    """What is asked for there over HTTP; None where a connection is answer enough."""


SIDECAR_PROBE_TIMEOUT = 1
SIDECAR_PROBE_INTERVAL = 1
SIDECAR_PROBE_FAILURES = 60
"""A sidecar that is waited for is asked each second, for a minute."""


@dataclass(frozen=True)
class Container:
    image: str
    cpu: int
    memory: str
    environment: Mapping[str, str | SecretValue]
    secret_files: Sequence[SecretFile] = field(default_factory=tuple)
    subnetwork: tuple[str, str] | None = None
    """Network and subnetwork that the container's private traffic goes through."""
    all_through_subnetwork: bool = False
    """Whether traffic for the Internet goes through it too."""
    kms_key: str | None = None
    """Key of the environment's own for the copy of the image that instances start from; None for Google's."""


READ_ONLY = 0o444
"""Cloud Run wants the mode of a mounted secret in decimal; every user of the container may read it, none write."""


def environment(module: Any, prefix: str, values: Mapping[str, str | SecretValue]) -> list[Any]:
    """A container's variables, sorted. `module` holds the bindings' classes, whose names begin with `prefix`."""
    variable = getattr(module, f"{prefix}Env")
    source = getattr(module, f"{prefix}EnvValueSource")
    reference = getattr(module, f"{prefix}EnvValueSourceSecretKeyRef")
    return [
        variable(
            name=name,
            value_source=source(secret_key_ref=reference(secret=value.secret, version=value.version)),
        )
        if isinstance(value, SecretValue)
        else variable(name=name, value=value)
        for name, value in sorted(values.items())
    ]


def volume_mounts(module: Any, prefix: str, container: Container) -> list[Any] | None:
    mount = getattr(module, f"{prefix}VolumeMounts")
    mounts = [
        mount(name=file.name, mount_path=str(PurePosixPath(file.mount_path).parent)) for file in container.secret_files
    ]
    return mounts or None


def volumes(module: Any, prefix: str, container: Container) -> list[Any] | None:
    volume = getattr(module, f"{prefix}Volumes")
    secret = getattr(module, f"{prefix}VolumesSecret")
    item = getattr(module, f"{prefix}VolumesSecretItems")
    made = [
        volume(
            name=file.name,
            secret=secret(
                secret=file.value.secret,
                default_mode=READ_ONLY,
                items=[item(path=PurePosixPath(file.mount_path).name, version=file.value.version, mode=READ_ONLY)],
            ),
        )
        for file in container.secret_files
    ]
    return made or None


def vpc_access(module: Any, prefix: str, container: Container) -> Any | None:
    """Direct VPC egress for private addresses; the rest leaves as it would without a network, or through it too."""
    if container.subnetwork is None:
        return None
    network, subnetwork = container.subnetwork
    interface = getattr(module, f"{prefix}VpcAccessNetworkInterfaces")
    return getattr(module, f"{prefix}VpcAccess")(
        egress="ALL_TRAFFIC" if container.all_through_subnetwork else "PRIVATE_RANGES_ONLY",
        network_interfaces=[interface(network=network, subnetwork=subnetwork)],
    )
