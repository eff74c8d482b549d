"""The service's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from runtime import Secret, env


@dataclass(frozen=True)
class Config:
    public_url: str = env.url("PUBLIC_URL", help="Where people find the service, without a path: https://accounts.acme.example.")
    oidc_issuer: str = env.url("OIDC_ISSUER", help="The OpenID provider, as its tokens call it.")
    oidc_client_id: str = env.str("OIDC_CLIENT_ID", help="What the provider knows the service as.")
    oidc_client_secret: Secret = env.secret("OIDC_CLIENT_SECRET", help="What it proves that with.")
    signing_key: Secret = env.secret(
        "SIGNING_KEY", help="Signs the cookie of a sign-in under way. At least 32 random characters; a new one breaks off sign-ins."
    )
    admin_emails: str = env.str(
        "ADMIN_EMAILS",
        default="",
        help="Verified addresses, separated by commas. While there is no administrator, who signs in with one becomes it.",
    )
    session_idle: timedelta = env.duration(
        "SESSION_IDLE", default=timedelta(hours=12), help="After so long without a request a session ends."
    )
    session_lifetime: timedelta = env.duration(
        "SESSION_LIFETIME", default=timedelta(days=14), help="After so long a session ends in any case."
    )

    @property
    def origin(self) -> str:
        """Scheme and host of the service's pages, as browsers send it in `Origin`."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over TLS: everywhere but on a developer's machine."""
        return self.public_url.startswith("https://")

    def is_admin_email(self, email: str) -> bool:
        """Whether the configuration lets this address become the first administrator."""
        return email.casefold() in {part.strip().casefold() for part in self.admin_emails.split(",") if part.strip()}
