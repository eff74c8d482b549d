"""Headers of every answer, and the caller's address."""

from __future__ import annotations

from starlette.requests import Request

from runtime.service import App, Message, Receive, Scope, Send

# Nothing is loaded from elsewhere and no script runs at all, so that text which gets into a page as markup does nothing.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Not `no-referrer`: browsers then send `Origin: null` with forms, and the check of the origin would refuse them.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    # Everything here is about one person.
    b"cache-control": b"no-store",
}

STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """ASGI middleware that adds what an answer does not say itself.

    secure   whether browsers come over TLS
    """

    def __init__(self, app: App, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS if not secure else {**HEADERS, STRICT_TRANSPORT[0]: STRICT_TRANSPORT[1]}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message.get("headers", ())}
                more = [(name, value) for name, value in self._headers.items() if name not in said]
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def client_address(request: Request, *, on_platform: bool) -> str:
    """Where a request comes from, for limits.

    Google's load balancer appends the caller's address and its own to what the caller itself wrote into the header:
    https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
    """
    if on_platform:
        parts = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",") if part.strip()]
        if len(parts) >= 2:
            return parts[-2]
    return request.client.host if request.client else ""
