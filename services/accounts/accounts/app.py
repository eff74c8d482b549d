"""All addresses of the service, and what stands before them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from accounts.api.routes import api_routes
from accounts.context import Context
from accounts.pages import admin, organizations, own, sign_in
from accounts.web.failures import HANDLERS
from accounts.web.headers import SecurityHeaders
from accounts.web.visit import Handler, visited
from runtime import App

STATIC = Path(__file__).parent / "static"

OWN: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/sign-out", sign_in.sign_out),
    ("GET", "/profile", own.profile),
    ("POST", "/profile", own.save_profile),
    ("GET", "/profile/delete", own.show_delete),
    ("POST", "/profile/delete", own.delete),
    ("GET", "/sessions", own.list_sessions),
    ("POST", "/sessions/end-others", own.end_other_sessions),
    ("POST", "/sessions/{session_id}/end", own.end_session),
    ("GET", "/tokens", own.list_tokens),
    ("POST", "/tokens", own.create_token),
    ("POST", "/tokens/{token_id}/revoke", own.revoke_token),
    ("GET", "/organizations", organizations.list_own),
    ("POST", "/organizations", organizations.create),
    ("GET", "/organizations/{organization_id}", organizations.show),
    ("GET", "/organizations/{organization_id}/audit", organizations.show_audit),
    ("POST", "/organizations/{organization_id}/rename", organizations.rename),
    ("POST", "/organizations/{organization_id}/delete", organizations.delete),
    ("POST", "/organizations/{organization_id}/invitations", organizations.invite),
    ("POST", "/organizations/{organization_id}/invitations/{invitation_id}/withdraw", organizations.withdraw),
    ("POST", "/organizations/{organization_id}/members/{user_id}/role", organizations.change_role),
    ("POST", "/organizations/{organization_id}/members/{user_id}/remove", organizations.remove),
    ("GET", "/invitation", organizations.show_invitation),
    ("POST", "/invitation", organizations.accept_invitation),
)

ADMIN: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/admin/users", admin.list_users),
    ("GET", "/admin/users/{user_id}", admin.show_user),
    ("POST", "/admin/users/{user_id}", admin.change_user),
    ("POST", "/admin/users/{user_id}/tokens/{token_id}/revoke", admin.revoke_token),
    ("GET", "/admin/organizations", admin.list_organizations),
    ("GET", "/admin/organizations/{organization_id}", admin.show_organization),
    ("GET", "/admin/audit", admin.show_audit),
)


def make_app(context: Context) -> App:
    """The application. Errors below become pages, or problem+json under /api."""
    app = Starlette(
        routes=[
            Route("/", sign_in.home),
            Route("/sign-in", sign_in.begin),
            Route(sign_in.CALLBACK, sign_in.finish),
            *(Route(path, visited(handler), methods=[method]) for method, path, handler in OWN),
            *(Route(path, visited(handler, admin=True), methods=[method]) for method, path, handler in ADMIN),
            *api_routes(),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers=HANDLERS,
    )
    app.state.context = context
    return SecurityHeaders(app, context.config.secure)
