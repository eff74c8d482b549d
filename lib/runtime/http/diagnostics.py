"""The pages below /-/ : version, probes, health, and what debugging needs; everything else is the service's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from spec.constants import HEALTH_PATH, LIVE_PATH, OTHER_REMEDY, READY_PATH, REMEDIES, VERSION_PATH

from ..contract import Secret
from ..health import Finding, Health
from ..identity import Identity
from ..service import App, Receive, Scope, Send
from . import debug
from .answers import TEXT, answer, answer_json, problem

PREFIX = "/-/"

Query = dict[str, str]
Page = Callable[[Scope, Send], Awaitable[None]]


@dataclass(frozen=True)
class Diagnostics:
    """ASGI middleware.

    guide      where people read the operations guide, if anywhere
    secret     None off the platform only: the pages are open then
    serving    whether the process takes requests: no longer once it was told to stop
    """

    app: App
    identity: Identity
    secret: Secret | None
    health: Health
    guide: str | None
    serving: Callable[[], bool]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            return self._answer(scope, send)
        return self.app(scope, receive, send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        head = scope["method"] == "HEAD"
        page = self._page(scope["path"])
        if page is None:
            await problem(send, 404, "There is no such page. The service's own paths don't begin with /-/.", head=head)
        elif scope["method"] not in ("GET", "HEAD"):
            await problem(send, 405, "These pages are only read.", (b"allow", b"GET, HEAD"), head=head)
        else:
            await page(scope, send)

    def _page(self, path: str) -> Page | None:
        guarded = {HEALTH_PATH: self._health, **debug.PAGES}
        if path in guarded:
            return self._behind_the_secret(guarded[path])
        return {VERSION_PATH: self._version, READY_PATH: self._ready, LIVE_PATH: self._live}.get(path)

    def _behind_the_secret(self, page: Page) -> Page:
        async def guarded(scope: Scope, send: Send) -> None:
            status = authorise(scope, self.secret)
            if status == 200:
                await page(scope, send)
            elif status == 400:
                await problem(send, 400, "Expected `Authorization: Bearer <the diagnostics secret>`.")
            else:
                await problem(send, 401, "Wrong or no secret.", (b"www-authenticate", b'Bearer realm="diagnostics"'))

        return guarded

    async def _version(self, scope: Scope, send: Send) -> None:
        body = f"{self.identity.version}\n".encode()
        await answer(send, 200, TEXT, body, head=scope["method"] == "HEAD")

    async def _live(self, scope: Scope, send: Send) -> None:
        await answer(send, 200, TEXT, b"alive\n", head=scope["method"] == "HEAD")

    async def _ready(self, scope: Scope, send: Send) -> None:
        """Names only, no reasons: the page is open."""
        if not self.serving():
            await problem(send, 503, "The service is stopping.")
            return
        unready = [finding.name for finding in await self.health.look() if finding.stops_service]
        if unready:
            await problem(send, 503, f"Not ready: {', '.join(unready)}.")
        else:
            await answer(send, 200, TEXT, b"ready\n", head=scope["method"] == "HEAD")

    async def _health(self, scope: Scope, send: Send) -> None:
        findings = await self.health.look()
        ok = not any(finding.stops_service for finding in findings)
        status = 200 if ok else 503
        reasons = "; ".join(f"{one.name}: {one.reason}" for one in findings if not one.ok)
        if query_of(scope).get("full"):
            await answer_json(send, status, self._full(findings, ok), head=scope["method"] == "HEAD")
        elif ok:
            text = f"healthy, but {reasons}\n" if reasons else "healthy\n"
            await answer(send, 200, TEXT, text.encode(), head=scope["method"] == "HEAD")
        else:
            await problem(send, status, reasons)

    def _full(self, findings: tuple[Finding, ...], ok: bool) -> dict[str, object]:
        return {
            "ok": ok,
            "service": self.identity.name,
            "environment": self.identity.environment,
            "version": self.identity.version,
            "revision": self.identity.revision,
            "serving": self.serving(),
            "guide": self.guide,
            "resources": {one.name: self._one(one) for one in findings},
        }

    def _one(self, finding: Finding) -> dict[str, object]:
        found: dict[str, object] = {
            "ok": finding.ok,
            "needed": finding.needed,
            "reason": finding.reason,
            "milliseconds": round(finding.seconds * 1000, 1),
        }
        if not finding.ok and self.guide is not None:
            anchor = REMEDIES.get(finding.name, OTHER_REMEDY).format(environment=self.identity.environment)
            found["remedy"] = f"{self.guide}#{anchor}"
        return found


def authorise(scope: Scope, secret: Secret | None) -> int:
    """200, 401 without or with a wrong secret, 400 where the header is none for a secret. Constant in time."""
    if secret is None:
        return 200
    given = next((value for name, value in scope["headers"] if name == b"authorization"), None)
    if given is None:
        return 401
    scheme, _, token = given.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return 400
    return 200 if secret.matches(token.strip()) else 401


def query_of(scope: Scope) -> Query:
    """The query's parameters, the last of each name."""
    return {name: found[-1] for name, found in parse_qs(scope.get("query_string", b"").decode("latin-1")).items()}
