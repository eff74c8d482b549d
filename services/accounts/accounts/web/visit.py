"""A request for a page: who is signed in, and the form that was sent.

A form changes something only if it carries the token that its session's pages have (so its sender could read one of them)
and comes from this service's own origin. https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accounts.context import Context, context_of
from accounts.errors import ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError
from accounts.model import Actor
from accounts.rows import Window
from accounts.web.cookies import actor_of
from accounts.web.rendering import render


@dataclass(frozen=True)
class Visit:
    request: Request
    context: Context
    actor: Actor
    form: dict[str, list[str]]
    """Empty unless something is to be changed."""

    def id(self, name: str) -> UUID:
        """A part of the path. NotFoundError where it is no id."""
        try:
            return UUID(self.request.path_params[name])
        except ValueError:
            raise NotFoundError("There is nothing here.") from None

    def text(self, name: str) -> str:
        """A field of the form; empty where it is missing."""
        return (self.form.get(name) or [""])[0]

    def number(self, name: str) -> int:
        """A field of the form. InvalidError where it is no number."""
        text = self.text(name)
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise InvalidError("A number is missing.", {name: "a whole number"})
        return int(text)

    def query(self, name: str) -> str | None:
        """A parameter of the address; None where it is missing or empty."""
        return self.request.query_params.get(name) or None

    @property
    def window(self) -> Window:
        return Window(cursor=self.query("cursor"))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        return render(self.request, template, status, **values)


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def visited(handler: Handler, *, admin: bool = False) -> Endpoint:
    """A page for who is signed in, with `admin` for the service's administrators alone."""

    async def endpoint(request: Request) -> Response:
        actor = await actor_of(request)
        request.state.actor = actor
        if actor is None and request.method == "POST":
            # Not by way of the provider: browsers follow no form to another site (form-action), and it would be lost.
            raise UnauthenticatedError("You are signed out. Sign in, then do it again.")
        if actor is None:
            return to_sign_in(request)
        context = context_of(request)
        form = await _form(request, context, actor) if request.method == "POST" else {}
        if admin:
            await context.roles.require_admin(actor)
        return await handler(Visit(request, context, actor, form))

    return endpoint


async def _form(request: Request, context: Context, actor: Actor) -> dict[str, list[str]]:
    check_origin(request, context)
    sent = await request.form(max_files=0, max_fields=50)
    form: dict[str, list[str]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            form.setdefault(name, []).append(value)
    given = (form.get("csrf") or [""])[0]
    if not hmac.compare_digest(given.encode(), actor.form_token.encode()):
        raise ForbiddenError("This form is out of date: you have signed in anew since. Go back, load the page again, and send it.")
    return form


def check_origin(request: Request, context: Context) -> None:
    """ForbiddenError for what another site's page sent. Browsers say with every POST where it comes from."""
    origin = request.headers.get("origin")
    if origin == context.config.origin:
        return
    if origin is None and request.headers.get("sec-fetch-site") == "same-origin":
        return
    raise ForbiddenError("This request comes from another site, and is not followed.")


def to_sign_in(request: Request) -> Response:
    """To the page that was asked for, by way of signing in."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in?" + urlencode({"return_to": path}), 303)


def done(path: str, what: str) -> Response:
    """After a change: to a page that says so, which can be loaded again without doing it twice."""
    return RedirectResponse(f"{quote(path)}?done={what}", 303)
