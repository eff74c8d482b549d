"""Who reaches the service, and by which way."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..limits import CERTIFICATE_DOMAIN_LENGTH
from ..tiers import resolve
from .base import Place, repetitions


LISTS = {"invokers": "invokers", "iap": "members"}
"""Type of authentication -> the key that lists who is let in by it."""

LETS_IN = {
    "public": "lets everybody in",
    "invokers": "goes by `invokers`",
    "iap": "goes by `members`",
}


def lists_have_their_type(place: Place) -> Iterator[Finding]:
    """Who is listed counts for one type of authentication alone."""
    authentication = place.environment.authentication
    if not place.workload.answers:
        return
    for type, name in LISTS.items():
        listed = authentication.invokers if name == "invokers" else authentication.members
        yield from repetitions(listed, place.keys("authentication", name))
        if listed and authentication.type != type:
            yield Finding(
                place.keys("authentication", name),
                "without-effect",
                f"no list while `type` is {authentication.type}, which {LETS_IN[authentication.type]}",
                f"write `type: {type}` to let in those alone, or delete the list",
                on_key=True,
            )


def domain_needs_public(place: Place) -> Iterator[Finding]:
    """A load balancer can't vouch for a caller before Cloud Run, unless Identity-Aware Proxy stands in it:
    https://cloud.google.com/load-balancing/docs/https/setting-up-https-serverless"""
    environment = place.environment
    if place.workload.answers and environment.domain is not None and environment.authentication.type == "invokers":
        yield Finding(
            place.keys("domain"),
            "domain-needs-public",
            "`authentication` of type public or iap beside a domain, since Cloud Run takes no identity token through it",
            "write `authentication: {type: iap, members: […]}` to let in who is listed and signs in with Google,"
            " `authentication: {type: public}` to let the service check its callers, or delete the domain",
            "a domain with authentication invokers",
            on_key=True,
        )


def proxy_has_a_place_and_members(place: Place) -> Iterator[Finding]:
    """Identity-Aware Proxy stands in a load balancer (docs/adr/0023-identity-aware-proxy.md), and lets somebody in."""
    authentication = place.environment.authentication
    if not place.workload.answers or authentication.type != "iap":
        return
    if place.environment.domain is None:
        yield Finding(
            place.keys("authentication", "type"),
            "iap-without-domain",
            "a `domain` beside type iap: Identity-Aware Proxy stands in its load balancer",
            "add `domain: {zone: …, subdomain: …}`, or list `invokers` with `type: invokers`",
        )
    if not authentication.members:
        yield Finding(
            place.keys("authentication"),
            "iap-without-members",
            "at least one of `members`, since nobody else gets through",
            "add `members: [group:…]`",
            "type iap without members",
            on_key=True,
        )


def open_ingress_is_deliberate(place: Place) -> Iterator[Finding]:
    """Nobody comes past the load balancer; and nobody unknown comes in outside tests."""
    environment = place.environment
    if not place.workload.answers or environment.ingress != "all":
        return
    if environment.domain is not None:
        yield Finding(
            place.keys("ingress"),
            "ingress-past-domain",
            "`internal` beside a domain, so that nobody comes past its load balancer and firewall",
            "delete the line, or delete the domain",
        )
    elif environment.authentication.type == "public" and environment.tier != "test":
        yield Finding(
            place.keys("ingress"),
            "ingress-public",
            f"`internal`, or authentication by invokers, in tier {environment.tier}",
            "delete the line, list invokers, or give the service a domain",
            "`all` together with authentication public",
        )


def dns_name_fits_certificate(place: Place) -> Iterator[Finding]:
    """The name fits into a certificate that Google manages."""
    domain = place.environment.domain
    if domain is not None and len(domain.dns_name) > CERTIFICATE_DOMAIN_LENGTH:
        yield Finding(
            place.keys("domain", "subdomain"),
            "dns-name-too-long",
            f"a name of at most {CERTIFICATE_DOMAIN_LENGTH} characters with its zone, to fit into a certificate",
            f"shorten it by {len(domain.dns_name) - CERTIFICATE_DOMAIN_LENGTH}",
            f"{domain.dns_name} ({len(domain.dns_name)} characters)",
        )


def client_limit_needs_firewall(place: Place) -> Iterator[Finding]:
    """The limit per client is one of the firewall's rules."""
    domain = place.environment.domain
    if not place.workload.answers or domain is None or "requests_per_minute_per_client" not in domain.model_fields_set:
        return
    if not resolve(place.environment).web_application_firewall:
        yield Finding(
            place.keys("domain", "requestsPerMinutePerClient"),
            "without-effect",
            "no limit while there is no web application firewall to enforce it",
            "add `webApplicationFirewall: true`, or delete the line",
            on_key=True,
        )


ENVIRONMENT_RULES = (
    lists_have_their_type,
    domain_needs_public,
    proxy_has_a_place_and_members,
    open_ingress_is_deliberate,
    dns_name_fits_certificate,
    client_limit_needs_firewall,
)
