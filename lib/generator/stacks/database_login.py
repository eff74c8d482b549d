"""How stacks that work inside the database get into it: a password out of Secret Manager, never stored anywhere."""

from __future__ import annotations

from generator.bindings.supplement import GOOGLE_BETA
from generator.engine import postgresql
from generator.stacks.scope import Ephemeral, StackScope


def password(stack: StackScope, name: str, secret: str) -> Ephemeral:
    """Read while Terraform runs, stored nowhere. The provider that can do so has no bindings and no other use."""
    project_id = stack.context.names.project_id
    stack.tf.add_override("terraform.required_providers.google-beta", GOOGLE_BETA)
    stack.tf.add_override("provider.google-beta", [{"project": project_id}])
    return stack.ephemeral(
        "google_secret_manager_secret_version",
        name,
        {"provider": "google-beta", "project": project_id, "secret": secret},
    )


def provider(
    stack: StackScope,
    id: str,
    *,
    host: str,
    version: int,
    username: str,
    password: Ephemeral,
    database: str = "postgres",
    alias: str | None = None,
) -> postgresql.provider.PostgresqlProvider:
    """A connection as one user; with `alias` one beside the stack's first."""
    return postgresql.provider.PostgresqlProvider(
        stack.tf,
        id,
        alias=alias,
        host=host,
        port=5432,
        database=database,
        username=username,
        password=password.attribute("secret_data"),
        sslmode="require",
        # Cloud SQL gives nobody a superuser: the provider must not try what only a superuser can.
        superuser=False,
        expected_version=f"{version}.0",
        connect_timeout=15,
    )
