"""A metadata server as every instance on Google's platform has one: it hands out the tokens of the workload's identity.

https://cloud.google.com/compute/docs/metadata/overview
"""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "/computeMetadata/v1/instance/service-accounts/default"


class Metadata:
    """Listens on a free port. `token` is the access token, always the same.

    email   the workload's
    """

    def __init__(self, token: str, project: str, email: str) -> None:
        self.token, self.project, self.email = token, project, email
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                flavour = self.headers.get("Metadata-Flavor") == "Google"
                text = kept.answer(parts.path, parse_qs(parts.query)) if flavour else None
                body = (text or "").encode()
                self.send_response(200 if text is not None else 403 if not flavour else 404)
                self.send_header("Metadata-Flavor", "Google")
                self.send_header("Content-Type", "application/json" if body.startswith(b"{") else "application/text")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        """As GCE_METADATA_HOST wants it."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, query: dict[str, list[str]]) -> str | None:
        """The text at a path; None where there is none."""
        if path == f"{ACCOUNT}/token":
            return json.dumps({"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"})
        if path == f"{ACCOUNT}/identity":
            return self._identity(query.get("audience", [""])[0])
        fixed = {
            "": "computeMetadata/",
            "/computeMetadata/v1/project/project-id": self.project,
            f"{ACCOUNT}/email": self.email,
            f"{ACCOUNT}/": json.dumps({"aliases": ["default"], "email": self.email, "scopes": []}),
        }
        return fixed.get("" if path == "/" else path)

    def _identity(self, audience: str) -> str:
        """An ID token in shape; nobody's key has signed it."""
        now = int(time.time())
        claims = {"iss": "https://accounts.google.com", "aud": audience, "email": self.email, "iat": now, "exp": now + 3600}
        parts = [json.dumps({"alg": "RS256", "kid": "none"}), json.dumps(claims), "unsigned"]
        return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
