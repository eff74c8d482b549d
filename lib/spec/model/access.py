"""`authentication`, `ingress`, `egress` and `domain`: who reaches the service and whom it reaches, by which way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Expect, Section, key
from .tiered import Tiered

Ingress = Literal["internal", "all"]
Egress = Literal["dynamic", "static"]

Invoker = Annotated[
    str,
    StringConstraints(
        pattern=r"^((user|group|serviceAccount):[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
        r"|domain:[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$"
    ),
    Expect(
        "user:<email>, group:<email>, serviceAccount:<email> or domain:<domain>",
        "put its kind and a colon before the address; to let everybody in write `type: public` instead",
    ),
]

Subdomain = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"),
    Expect("lower-case letters, digits and dashes, at most 63 between two dots, no dash at either end"),
]

ZoneName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$"),
    Expect("a domain in lower case without trailing dot, such as acme.example"),
]


class Authentication(Section):
    """Who is let in. A service without this block lets nobody in."""

    type: Literal["public", "invokers", "iap"] = key(
        "`public` lets everybody in, so the service checks its callers itself; `invokers` lets in who is listed and sends"
        " an identity token; `iap` lets in who is listed and signs in with Google, before the service hears of it"
        " (Identity-Aware Proxy, in the load balancer of a `domain`)."
    )
    invokers: tuple[Invoker, ...] = key(
        "Who may call the service, with type invokers: user:, group:, serviceAccount: or domain: and its name.",
        default=(),
        examples=(["group:staff@acme.example"],),
        source="https://cloud.google.com/run/docs/securing/managing-access",
    )
    members: tuple[Invoker, ...] = key(
        "Who gets through Identity-Aware Proxy, with type iap: group:, user: and domain: for people of the own Google"
        " organisation, serviceAccount: for programs.",
        default=(),
        examples=(["group:staff@acme.example"],),
        source="https://cloud.google.com/iap/docs/managing-access",
    )


class Domain(Section):
    """A name on the Internet, with load balancer, certificate and (by tier) a web application firewall."""

    zone: ZoneName = key("The DNS zone, one of `domains` in platform.yaml.", immutable=True, examples=("acme.example",))
    subdomain: Subdomain = key(
        "What stands before the zone; `<subdomain>.<zone>` may exist once in the whole fleet.",
        immutable=True,
        examples=("accounts",),
    )
    logging: bool = key(
        "Whether the load balancer logs every request.",
        default=False,
        source="https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring",
    )
    web_application_firewall: Tiered[bool] | None = key(
        "Whether Cloud Armor's rules against common attacks, and the limit per client, stand before the service.",
        default=None,
        default_text="by tier",
        source="https://cloud.google.com/armor/docs/waf-rules",
    )
    requests_per_minute_per_client: int = key(
        "Requests that one client address may send in a minute; more are answered with 429. Needs the firewall.",
        default=600,
        ge=1,
        le=10000,
        unit="requests per minute",
        source="https://cloud.google.com/armor/docs/rate-limiting-overview",
    )

    @property
    def dns_name(self) -> str:
        """The full name, without trailing dot."""
        return f"{self.subdomain}.{self.zone}"
