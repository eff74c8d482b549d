"""What a tag means: one question in the OCI distribution protocol, with its two ways to sign in.

Sources: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests and
https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from registry.credentials import Credentials
from registry.errors import RegistryError
from registry.reference import Repository

TIMEOUT_SECONDS = 30
MAX_MANIFEST_BYTES = 4 * 1024 * 1024
"""The least that a registry has to take; larger ones are refused here."""

ACCEPTED = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""Indexes first: of an image for several architectures the index is meant, and never one of its members."""

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')

FindCredentials = Callable[[str], Credentials | None]


def digest_of(repository: str, tag: str, credentials: FindCredentials) -> str:
    """`sha256:…` of what the tag points to now: of the very bytes that the registry gave.

    Raises RegistryError for everything that can go wrong.
    """
    where = Repository.parse(repository)
    url = f"{where.url}/{urllib.parse.quote(where.name, safe='/')}/manifests/{urllib.parse.quote(tag, safe='')}"
    body, declared = _manifest(url, where, f"{repository}:{tag}", credentials)
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    if declared is not None and declared.startswith("sha256:") and declared != digest:
        raise RegistryError(
            f"a manifest of {repository}:{tag} with digest {digest}, which the registry calls {declared}",
            "the bytes that the registry says it gives",
            "try again; if it stays so, something between here and the registry changes what it sends",
        )
    return digest


def _manifest(url: str, where: Repository, image: str, credentials: FindCredentials) -> tuple[bytes, str | None]:
    """The manifest's bytes, and the digest that the registry gives with it."""
    authorization: str | None = None
    for attempt in (1, 2):
        request = urllib.request.Request(url, headers={"Accept": ", ".join(ACCEPTED)})
        if authorization is not None:
            # Not repeated where the registry sends us on to another host, such as a store of blobs.
            request.add_unredirected_header("Authorization", authorization)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                body = response.read(MAX_MANIFEST_BYTES + 1)
                if len(body) > MAX_MANIFEST_BYTES:
                    raise RegistryError(f"a manifest of {image} larger than 4 MB", "an image's manifest", "check the tag")
                return body, response.headers.get("Docker-Content-Digest")
        except urllib.error.HTTPError as error:
            if error.code != 401 or attempt == 2:
                raise _refused(error.code, where, image) from error
            authorization = _sign_in(error.headers.get_all("WWW-Authenticate") or [], where, image, credentials)
        except (OSError, HTTPException, ValueError) as error:
            raise _unreachable(where, error) from error
    raise AssertionError("the second attempt ends in one way or the other")


def _sign_in(challenges: list[str], where: Repository, image: str, credentials: FindCredentials) -> str:
    """The Authorization header that the registry asks for."""
    found = credentials(where.registry)
    for challenge in challenges:
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "bearer":
            return f"Bearer {_token(dict(_PARAMETER.findall(rest)), where, image, found)}"
        if scheme.lower() == "basic" and found is not None and not found.is_identity_token:
            return found.basic
    raise _refused(401, where, image)


def _token(challenge: dict[str, str], where: Repository, image: str, credentials: Credentials | None) -> str:
    """A token that allows to pull this one repository."""
    realm = challenge.get("realm", "")
    asked = {"service": challenge.get("service", ""), "scope": challenge.get("scope") or f"repository:{where.name}:pull"}
    if not realm.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise RegistryError(f"{where.registry} asks to sign in at {realm or 'nowhere'}", "an https address", "check its name")
    if credentials is not None and credentials.is_identity_token:
        form = {**asked, "grant_type": "refresh_token", "refresh_token": credentials.secret, "client_id": "msp"}
        request = urllib.request.Request(realm, data=urllib.parse.urlencode(form).encode())
    else:
        request = urllib.request.Request(f"{realm}{'&' if '?' in realm else '?'}{urllib.parse.urlencode(asked)}")
        if credentials is not None:
            request.add_unredirected_header("Authorization", credentials.basic)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            answer: Any = json.loads(response.read(MAX_MANIFEST_BYTES))
    except urllib.error.HTTPError as error:
        raise _refused(error.code, where, image) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(where, error) from error
    token = (answer.get("token") or answer.get("access_token")) if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise RegistryError(f"{where.registry} gives no token", "a token to pull with", "log in anew with `docker login`")
    return token


def _refused(status: int, where: Repository, image: str) -> RegistryError:
    if status == 404:
        return RegistryError(f"no {image} in the registry", "a tag that exists", "push the image, or name another tag")
    if status in (401, 403):
        return RegistryError(
            f"{where.registry} does not let us read {image}",
            "credentials that may pull",
            f"`docker login {where.registry}`, or for Artifact Registry `gcloud auth configure-docker {where.registry}`",
        )
    return RegistryError(f"{where.registry} answers {status}", "the image's manifest", "try again later")


def _unreachable(where: Repository, error: Exception) -> RegistryError:
    reason = getattr(error, "reason", None) or error
    return RegistryError(
        f"{where.registry} can't be reached ({reason})", "a registry that answers", "check its name and the network"
    )
