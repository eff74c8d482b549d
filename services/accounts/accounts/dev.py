"""Accounts on a developer's machine: with an OpenID provider where one click signs in, and people who know each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from accounts import organizations, users
from accounts.config import Config
from accounts.model import Actor, Role
from accounts.roles import organization_object, unsettle
from runtime import Runtime
from runtime.postgres import Connection
from runtime.testing.oidc_provider import OidcProvider, start_oidc_provider

VARIABLES: Mapping[str, str] = {
    "PUBLIC_URL": "{{ url }}",
    "OIDC_ISSUER": "{{ oidc }}",
    "OIDC_CLIENT_ID": "accounts",
    "OIDC_CLIENT_SECRET": "not-checked-on-this-machine",
    "SIGNING_KEY": "for-this-machine-only-for-this-machine-only",
    "ADMIN_EMAILS": "ada@example.com",
}

PEOPLE: Mapping[str, Mapping[str, object]] = {
    "ada": {"name": "Ada Lovelace", "email": "ada@example.com", "email_verified": True},
    "grace": {"name": "Grace Hopper", "email": "grace@example.com", "email_verified": True},
    "alan": {"name": "Alan Turing", "email": "alan@example.com", "email_verified": False},
}
"""Ada is the first administrator, as soon as she signs in."""


def start_provider(folder: Path, port: int) -> OidcProvider:
    """Whoever's name is chosen there is signed in."""
    return start_oidc_provider(folder, users=PEOPLE, port=port)


companions = {"oidc": start_provider}


async def seed(runtime: Runtime[Config]) -> None:
    """Everybody has an account; Grace owns an organisation that the others are in."""
    async with runtime.postgres["accounts"].transaction() as connection:
        await _make_people(connection, runtime.config.oidc_issuer)


async def _make_people(connection: Connection, issuer: str) -> None:
    actors = {}
    for subject, claims in PEOPLE.items():
        person = users.Person(issuer, subject, str(claims["name"]), str(claims["email"]), bool(claims["email_verified"]))
        user, _ = await users.sign_in(connection, person, may_become_admin=False)
        actors[subject] = Actor(user, "session", user.id)
    made = await organizations.create(connection, actors["grace"], "Analytical Engines", "engines")
    for subject, role in (("ada", Role.ADMIN), ("alan", Role.MEMBER)):
        await connection.execute(
            "INSERT INTO memberships (organization_id, user_id, role) VALUES (%s, %s, %s)",
            (made.id, actors[subject].id, str(role)),
        )
        await unsettle(connection, organization_object(made.id), actors[subject].id)
