"""Who reaches the service, and by which way."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..limits import CERTIFICATE_DOMAIN_LENGTH
from ..tiers import resolve
from .base import Place, repetitions


def invokers_need_their_type(place: Place) -> Iterator[Finding]:
    """A list of invokers means nothing where everybody is let in."""
    authentication = place.environment.authentication
    if place.is_job:
        return
    yield from repetitions(authentication.invokers, place.keys("authentication", "invokers"))
    if authentication.type == "public" and authentication.invokers:
        yield Finding(
            place.keys("authentication", "invokers"),
            "without-effect",
            "no list while `type` is public, which lets everybody in",
            "write `type: invokers` to let in those alone, or delete the list",
            on_key=True,
        )


def domain_needs_public(place: Place) -> Iterator[Finding]:
    """A load balancer can't vouch for a caller before Cloud Run:
    https://cloud.google.com/load-balancing/docs/https/setting-up-https-serverless"""
    environment = place.environment
    if not place.is_job and environment.domain is not None and environment.authentication.type != "public":
        yield Finding(
            place.keys("domain"),
            "domain-needs-public",
            "`authentication: {type: public}` beside a domain, since callers through it have no Google identity",
            "add `authentication: {type: public}` and let the service check its callers, or delete the domain",
            f"a domain with authentication {environment.authentication.type}",
            on_key=True,
        )


def open_ingress_is_deliberate(place: Place) -> Iterator[Finding]:
    """Nobody comes past the load balancer; and nobody unknown comes in outside tests."""
    environment = place.environment
    if place.is_job or environment.ingress != "all":
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
    if place.is_job or domain is None or "requests_per_minute_per_client" not in domain.model_fields_set:
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
    invokers_need_their_type,
    domain_needs_public,
    open_ingress_is_deliberate,
    dns_name_fits_certificate,
    client_limit_needs_firewall,
)
