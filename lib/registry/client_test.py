"""Tags to digests, against a registry in this process and, where Debian's is installed, against a real one."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.client import digest_of
from registry.credentials import Credentials
from registry.errors import RegistryError
from registry.reference import Repository
from registry.testing.fake import INDEX, MANIFEST, FakeRegistry, serve

LOGIN = Credentials("ci", "secret")


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with serve(FakeRegistry()) as running:
        yield running


def digest(registry: FakeRegistry, tag: str = "main", credentials: Credentials | None = None) -> str:
    return digest_of(f"{registry.address}/team/app", tag, lambda _: credentials)


def test_a_tag_means_its_manifest(registry: FakeRegistry) -> None:
    expected = registry.put("team/app:main", {})
    assert digest(registry) == expected


def test_of_an_image_for_several_architectures_the_index_is_meant(registry: FakeRegistry) -> None:
    expected = registry.put("team/app:main", {"manifests": [{"digest": "sha256:" + "1" * 64}]}, INDEX)
    assert digest(registry) == expected


def test_a_tag_that_moves_means_something_else(registry: FakeRegistry) -> None:
    before = registry.put("team/app:main", {"config": 1})
    assert digest(registry) == before
    after = registry.put("team/app:main", {"config": 2})
    assert digest(registry) == after != before


@pytest.mark.parametrize(
    ("sign_in", "credentials"),
    [
        ("basic", LOGIN),
        ("token", LOGIN),
        ("token", Credentials("", "secret")),
        ("token", Credentials("<token>", "secret")),
        ("anonymous-token", None),
        ("anonymous-token", LOGIN),
    ],
)
def test_ways_to_sign_in(registry: FakeRegistry, sign_in: str, credentials: Credentials | None) -> None:
    registry.sign_in = sign_in  # type: ignore[assignment]
    expected = registry.put("team/app:main", {})
    assert digest(registry, credentials=credentials) == expected


@pytest.mark.parametrize(
    ("sign_in", "credentials"),
    [("basic", None), ("basic", Credentials("ci", "wrong")), ("token", None), ("token", Credentials("", "wrong"))],
)
def test_who_may_not_read_is_told_how_to_sign_in(
    registry: FakeRegistry, sign_in: str, credentials: Credentials | None
) -> None:
    registry.sign_in = sign_in  # type: ignore[assignment]
    registry.put("team/app:main", {})
    with pytest.raises(RegistryError) as raised:
        digest(registry, credentials=credentials)
    assert f"docker login {registry.address}" in raised.value.fix


def test_a_tag_that_is_not_there(registry: FakeRegistry) -> None:
    with pytest.raises(RegistryError, match="no .*team/app:gone in the registry"):
        digest(registry, "gone")


def test_a_registry_that_names_another_digest_than_it_gives(registry: FakeRegistry) -> None:
    registry.put("team/app:main", {})
    registry.lies = True
    with pytest.raises(RegistryError, match="which the registry calls sha256:0000"):
        digest(registry)


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_registry_that_refuses(registry: FakeRegistry, status: int) -> None:
    registry.status = status
    with pytest.raises(RegistryError):
        digest(registry)


def test_a_registry_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RegistryError, match="can't be reached"):
        digest_of(f"127.0.0.1:{port}/team/app", "main", lambda _: None)


@pytest.mark.parametrize(
    ("repository", "url", "name"),
    [
        ("docker.io/debian", "https://registry-1.docker.io/v2", "library/debian"),
        ("docker.io/acme/app", "https://registry-1.docker.io/v2", "acme/app"),
        ("europe-west1-docker.pkg.dev/a/b/c", "https://europe-west1-docker.pkg.dev/v2", "a/b/c"),
        ("localhost:5000/a", "http://localhost:5000/v2", "a"),
        ("acme.example:8443/a", "https://acme.example:8443/v2", "a"),
    ],
)
def test_where_registries_are(repository: str, url: str, name: str) -> None:
    assert (Repository.parse(repository).url, Repository.parse(repository).name) == (url, name)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[str]:
    """The address of Debian's docker-registry, run here."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("no docker-registry on this machine: apt-get install docker-registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    config = tmp_path / "registry.yml"
    config.write_text(
        f"version: 0.1\nlog: {{level: error}}\nhttp: {{addr: '{address}'}}\n"
        f"storage: {{filesystem: {{rootdirectory: '{tmp_path / 'storage'}'}}}}\n"
    )
    with subprocess.Popen([program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    urllib.request.urlopen(f"http://{address}/v2/", timeout=1).close()
                    break
                except (urllib.error.URLError, OSError):
                    assert running.poll() is None and time.monotonic() < until, "docker-registry does not start"
                    time.sleep(0.05)
            yield address
        finally:
            running.terminate()


def push(address: str, path: str, body: bytes, kind: str, method: str = "PUT") -> None:
    request = urllib.request.Request(f"http://{address}/v2/{path}", data=body, method=method, headers={"Content-Type": kind})
    urllib.request.urlopen(request, timeout=10).close()


def push_blob(address: str, content: bytes) -> dict[str, object]:
    request = urllib.request.Request(f"http://{address}/v2/team/app/blobs/uploads/", data=b"", method="POST")
    with urllib.request.urlopen(request, timeout=10) as response:
        place = response.headers["Location"]
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    upload = urllib.request.Request(
        f"{place}&digest={digest}", data=content, method="PUT", headers={"Content-Type": "application/octet-stream"}
    )
    urllib.request.urlopen(upload, timeout=10).close()
    return {"digest": digest, "size": len(content)}


def test_a_real_registry(real: str) -> None:
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", **push_blob(real, b"{}")}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}).encode()
    push(real, "team/app/manifests/amd64", manifest, MANIFEST)
    single = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    member = {"mediaType": MANIFEST, "digest": single, "size": len(manifest)}
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [member]}).encode()
    push(real, "team/app/manifests/main", index, INDEX)
    assert digest_of(f"{real}/team/app", "amd64", lambda _: None) == single
    assert digest_of(f"{real}/team/app", "main", lambda _: None) == f"sha256:{hashlib.sha256(index).hexdigest()}"
    with pytest.raises(RegistryError, match="no .* in the registry"):
        digest_of(f"{real}/team/app", "gone", lambda _: None)
