"""Where a database is and how to sign in: by identity on the platform, by connection string on a developer's machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from runtime.contract import PostgresContract
from runtime.postgres.settings import Settings

KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES"""

UNACKNOWLEDGED_MS = 15_000
"""After this the kernel gives up a connection whose data nobody acknowledges."""


@dataclass(frozen=True)
class Address:
    """How to reach one database.

    `sslmode` is `require` on the platform: sign-in by identity works over TLS alone. The server's name is not checked,
    because it is a private address inside the service's own network.
    """

    contract: PostgresContract
    database: str
    application_name: str
    settings: Settings
    password: Callable[[], Awaitable[str]] | None = field(default=None, repr=False)
    """The access token, asked for at each connection; None where a connection string says all."""
    sslmode: str = "require"
    port: int = 5432

    async def arguments(self) -> dict[str, Any]:
        """psycopg's arguments of one connection, with a token that is valid now. Raises IdentityError."""
        common: dict[str, Any] = {
            "application_name": self.application_name,
            "connect_timeout": self.settings.connect_timeout,
            "tcp_user_timeout": UNACKNOWLEDGED_MS,
            **KEEPALIVES,
        }
        options = self.settings.session_options(self.contract.role)
        if self.contract.dsn is not None:
            parameters = conninfo_to_dict(self.contract.dsn.replace("{database}", quote(self.database, safe="")))
            theirs = parameters.pop("options", None)
            return {**common, **parameters, "options": f"{options} {theirs}" if theirs else options}
        return {
            **common,
            "host": self.contract.host,
            "port": self.port,
            "user": self.contract.user,
            "dbname": self.database,
            "options": options,
            **({"password": await self.password(), "sslmode": self.sslmode} if self.password is not None else {}),
        }
