"""Pages from templates. Everything that is put into one is escaped."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent.parent / "templates"

DONE = {
    "saved": "Saved.",
    "session-ended": "The session has ended.",
    "sessions-ended": "All other sessions have ended.",
    "signed-out-everywhere": "All sessions of this user have ended.",
    "token-revoked": "The token does not work any more.",
    "organization-deleted": "The organisation is deleted.",
    "joined": "You are a member now.",
    "left": "You have left the organisation.",
    "member-removed": "The member is removed.",
    "role-changed": "The role is changed.",
    "invitation-withdrawn": "The invitation is withdrawn.",
    "deactivated": "The user is deactivated.",
    "reactivated": "The user is active again.",
    "admin-made": "The user is an administrator now.",
    "admin-unmade": "The user is no administrator any more.",
    "signed-out": "You are signed out.",
    "deleted": "Your account is deleted.",
}
"""What pages say after something was done. The address names it, so that nobody else's text gets into a page."""


def _time(value: datetime | None) -> str:
    return "never" if value is None else value.strftime("%-d %b %Y, %H:%M UTC")


def _day(value: datetime | None) -> str:
    return "never" if value is None else value.strftime("%-d %b %Y")


def _with_query(request: Request, **changes: object) -> str:
    """The page's own address with some parameters changed; None takes one away."""
    query = {**request.query_params, **changes}
    query.pop("done", None)
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"time": _time, "day": _day}
    environment.globals |= {"with_query": _with_query}
    return environment


ENVIRONMENT = _environment()


def render(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page. `actor` is who is signed in, None where nobody is or it is not known."""
    shown = {
        "request": request,
        "actor": getattr(request.state, "actor", None),
        "done": DONE.get(request.query_params.get("done", "")),
        **values,
    }
    return HTMLResponse(ENVIRONMENT.get_template(template).render(shown), status, headers)
