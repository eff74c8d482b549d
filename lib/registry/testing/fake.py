"""A registry in this process that speaks as much of the protocol as a client that resolves tags needs."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TOKEN = "a-token"


@dataclass
class FakeRegistry:
    """Manifests by `<name>:<tag>`, and how to sign in."""

    manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    sign_in: Literal["nobody", "basic", "token", "anonymous-token"] = "nobody"
    user: str = "ci"
    password: str = "secret"
    lies: bool = False
    """Whether it names another digest than that of what it gives."""
    status: int | None = None
    """What it answers to everything."""
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def put(self, image: str, content: dict[str, Any], kind: str = MANIFEST) -> str:
        """Tags a manifest; gives its digest."""
        body = json.dumps({"schemaVersion": 2, "mediaType": kind, **content}).encode()
        self.manifests[image] = (kind, body)
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def allows(self, header: str | None) -> bool:
        if self.sign_in == "nobody":
            return True
        return header == (self.basic if self.sign_in == "basic" else f"Bearer {TOKEN}")

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    @property
    def challenge(self) -> str:
        if self.sign_in == "basic":
            return 'Basic realm="here"'
        return f'Bearer realm="http://{self.address}/token",service="here",scope="repository:team/app:pull"'


@contextmanager
def serve(registry: FakeRegistry) -> Iterator[FakeRegistry]:
    """Runs it on a port of its own; `address` then has host and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            registry.asked.append(self.path)
            url = urlsplit(self.path)
            if registry.status is not None:
                self.answer(registry.status, b"")
            elif url.path == "/token":
                self.token(self.headers.get("Authorization") == registry.basic)
            elif not registry.allows(self.headers.get("Authorization")):
                self.answer(401, b"", {"WWW-Authenticate": registry.challenge})
            else:
                self.manifest(url.path)

        def do_POST(self) -> None:
            registry.asked.append(self.path)
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.token(form["refresh_token"] == [registry.password])

        def token(self, signed_in: bool) -> None:
            if signed_in or registry.sign_in == "anonymous-token":
                self.answer(200, json.dumps({"token": TOKEN}).encode())
            else:
                self.answer(401, b"")

        def manifest(self, path: str) -> None:
            name, _, tag = path.removeprefix("/v2/").partition("/manifests/")
            kind, body = registry.manifests.get(f"{name}:{tag}", ("", b""))
            if not body or kind not in self.headers.get("Accept", ""):
                self.answer(404, b"{}")
                return
            digest = "0" * 64 if registry.lies else hashlib.sha256(body).hexdigest()
            self.answer(200, body, {"Content-Type": kind, "Docker-Content-Digest": f"sha256:{digest}"})

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.address = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
