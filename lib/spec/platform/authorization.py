"""`authorization`: the OpenFGA servers that the platform team runs."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..model.base import Expect, Section, key

ServerUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", max_length=253),
    Expect("https:// and a host's name, without a path"),
]

Audience = Annotated[
    str,
    StringConstraints(pattern=r"^[!-~]+$", max_length=500),
    Expect("a text without spaces, most often the server's URL"),
]


class AuthorizationServer(Section):
    """One OpenFGA server."""

    api_url: ServerUrl = key(
        "Where its HTTP API is. Services' tokens go there.", examples=("https://openfga.acme.example",)
    )
    audience: Audience | None = key(
        "What tokens for it have to be for: OPENFGA_AUTHN_OIDC_AUDIENCE, and the URL of the Cloud Run service where it is one.",
        default=None,
        default_text="apiUrl",
        source="https://openfga.dev/docs/getting-started/setup-openfga/configure-openfga",
    )


class AuthorizationTiers(Section):
    """Tiers with a server of their own."""

    test: AuthorizationServer | None = key("The server of tier test.", default=None, default_text="the organisation's")
    internal: AuthorizationServer | None = key(
        "The server of tier internal.", default=None, default_text="the organisation's"
    )
    external: AuthorizationServer | None = key(
        "The server of tier external.", default=None, default_text="the organisation's"
    )


class PlatformAuthorization(AuthorizationServer):
    """The organisation's OpenFGA server: it accepts Google's ID tokens of services' identities."""

    tiers: AuthorizationTiers = key(
        "Servers that single tiers have instead.", default=AuthorizationTiers.model_construct()
    )

    def of(self, tier: str) -> AuthorizationServer:
        """The server of a tier's environments."""
        own: AuthorizationServer | None = getattr(self.tiers, tier)
        return own or self
