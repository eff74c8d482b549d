"""What requests are answered with: one per process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from accounts.config import Config
from accounts.rate_limits import RateLimits
from accounts.roles import Roles
from runtime.oidc import Login
from runtime.postgres import Database


@dataclass(frozen=True)
class Context:
    config: Config
    database: Database
    roles: Roles
    limits: RateLimits
    login: Login
    on_platform: bool


def context_of(request: Request) -> Context:
    return cast(Context, request.app.state.context)
