"""`env`, `secretEnv` and `secretVolumes`: what the container finds in its environment and its file system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from .base import Expect, Section, key

EnvName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=255),
    Expect("letters, digits and underscores, not starting with a digit"),
]

EnvValue = Annotated[str, Expect("text", "put it in quotes")]


def _as_reference(text: str) -> str:
    """Google's full names of secrets and versions, and slips in them → the form that is written here."""
    text = re.sub(r"^project/", "projects/", text).replace("/secret/", "/secrets/")
    text = re.sub(r"(/versions/|[:@])([0-9]+)$", r"@\2", text)
    return re.sub(r"(/versions/|[:@])latest$", "", text)


SecretReferenceText = Annotated[
    str,
    StringConstraints(
        pattern=r"^(projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/secrets/)?[A-Za-z0-9_-]{1,255}(@[1-9][0-9]{0,8})?$"
    ),
    Expect(
        "a secret's id in the environment's own project, or projects/<project>/secrets/<id> for one of another project;"
        " @<version number> may follow",
        suggest=lambda text: [_as_reference(text)],
    ),
]

VolumeName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=40),
    Expect("at most 40 lower-case letters, digits and dashes, starting with a letter and not ending with a dash"),
]

MountPath = Annotated[
    str,
    StringConstraints(pattern=r"^(/[A-Za-z0-9_.-]+){2,}$", max_length=255),
    Expect(
        "a file's absolute path in a directory of its own, such as /etc/accounts/signing-key.pem",
        "write the whole path of the file, from the root",
    ),
]


@dataclass(frozen=True)
class SecretReference:
    """A secret in Secret Manager. `project` is None for the environment's own; `version` is a number or "latest"."""

    project: str | None
    secret: str
    version: str

    @classmethod
    def parse(cls, text: str) -> SecretReference:
        """Reads a text that the model has accepted; anything else raises ValueError."""
        match = re.fullmatch(r"(?:projects/([^/@]+)/secrets/)?([A-Za-z0-9_-]+)(?:@([0-9]+))?", text)
        if match is None:
            raise ValueError(f"not a secret reference: {text!r}")
        return cls(project=match[1], secret=match[2], version=match[3] or "latest")


class SecretVolume(Section):
    """A secret's value as a read-only file."""

    mount_path: MountPath = key(
        "The file's absolute path. Its directory holds nothing else, so every volume needs a directory of its own.",
        examples=("/etc/accounts/signing-key.pem",),
        source="https://cloud.google.com/run/docs/configuring/services/secrets#mounting-secrets",
    )
    secret: SecretReferenceText = key(
        "The secret: an id in the environment's own project, or projects/<project>/secrets/<id>; `@<number>` pins a"
        " version, otherwise each reading of the file gets the latest.",
        examples=("signing-key", "projects/acme-shared/secrets/signing-key@3"),
        source="https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create",
    )

    @property
    def reference(self) -> SecretReference:
        """The secret, taken apart."""
        return SecretReference.parse(self.secret)

    @property
    def directory(self) -> str:
        """`/etc/accounts` of `/etc/accounts/key.pem`."""
        return self.mount_path.rpartition("/")[0]

    @property
    def file_name(self) -> str:
        """`key.pem` of `/etc/accounts/key.pem`."""
        return self.mount_path.rpartition("/")[2]
