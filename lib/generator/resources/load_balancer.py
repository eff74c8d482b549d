"""A global external application load balancer in front of a Cloud Run service: IPv4 and IPv6, HTTPS, HTTP redirected."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google

SCHEME = "EXTERNAL_MANAGED"
STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security: max-age=31536000"
"""A year; not for subdomains, which this service does not own. Source: RFC 6797."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    run_service: str
    certificate_map: str
    security_policy: str | None
    logging: bool
    iap: bool
    """Whether Identity-Aware Proxy asks everybody who they are, with the OAuth client that Google manages."""
    lifecycle: core.TerraformResourceLifecycle | None


@dataclass(frozen=True)
class Output:
    ipv4: str
    ipv6: str
    backend_service_id: str
    backend_service_name: str
    url_map_id: str


def new(scope: Construct, id: str, config: Config) -> Output:
    addresses = {
        version: google.compute_global_address.ComputeGlobalAddress(
            scope,
            f"{id}-{version.lower()}",
            project=config.project_id,
            name=f"{config.name}-{version.lower()}",
            ip_version=version,
            lifecycle=config.lifecycle,
        )
        for version in ("IPV4", "IPV6")
    }
    backend = _backend(scope, id, config)
    url_map = google.compute_url_map.ComputeUrlMap(
        scope, f"{id}-https", project=config.project_id, name=f"{config.name}-https", default_service=backend.id
    )
    policy = google.compute_ssl_policy.ComputeSslPolicy(
        scope,
        f"{id}-tls",
        project=config.project_id,
        name=config.name,
        profile="RESTRICTED",
        min_tls_version="TLS_1_2",
    )
    https = google.compute_target_https_proxy.ComputeTargetHttpsProxy(
        scope,
        f"{id}-https-proxy",
        project=config.project_id,
        name=f"{config.name}-https",
        url_map=url_map.id,
        certificate_map=config.certificate_map,
        ssl_policy=policy.id,
    )
    redirect = _redirect(scope, id, config)
    for version, address in addresses.items():
        for port, target in (("443", https.id), ("80", redirect.id)):
            google.compute_global_forwarding_rule.ComputeGlobalForwardingRule(
                scope,
                f"{id}-{version.lower()}-{port}",
                project=config.project_id,
                name=f"{config.name}-{version.lower()}-{port}",
                load_balancing_scheme=SCHEME,
                ip_protocol="TCP",
                ip_address=address.id,
                port_range=port,
                target=target,
            )
    return Output(
        ipv4=addresses["IPV4"].address,
        ipv6=addresses["IPV6"].address,
        backend_service_id=backend.id,
        backend_service_name=backend.name,
        url_map_id=url_map.id,
    )


def _backend(scope: Construct, id: str, config: Config) -> google.compute_backend_service.ComputeBackendService:
    group = google.compute_region_network_endpoint_group
    endpoints = group.ComputeRegionNetworkEndpointGroup(
        scope,
        f"{id}-endpoints",
        project=config.project_id,
        name=config.name,
        region=config.region,
        network_endpoint_type="SERVERLESS",
        cloud_run=group.ComputeRegionNetworkEndpointGroupCloudRun(service=config.run_service),
    )
    backend = google.compute_backend_service
    return backend.ComputeBackendService(
        scope,
        f"{id}-backend",
        project=config.project_id,
        name=config.name,
        load_balancing_scheme=SCHEME,
        protocol="HTTPS",
        backend=[backend.ComputeBackendServiceBackend(group=endpoints.id)],
        custom_response_headers=[STRICT_TRANSPORT_SECURITY],
        security_policy=config.security_policy,
        iap=backend.ComputeBackendServiceIap(enabled=True) if config.iap else None,
        log_config=backend.ComputeBackendServiceLogConfig(
            enable=config.logging, sample_rate=1 if config.logging else None
        ),
    )


def _redirect(scope: Construct, id: str, config: Config) -> google.compute_target_http_proxy.ComputeTargetHttpProxy:
    url_map = google.compute_url_map
    redirect = url_map.ComputeUrlMap(
        scope,
        f"{id}-http",
        project=config.project_id,
        name=f"{config.name}-http",
        default_url_redirect=url_map.ComputeUrlMapDefaultUrlRedirect(
            https_redirect=True, redirect_response_code="MOVED_PERMANENTLY_DEFAULT", strip_query=False
        ),
    )
    return google.compute_target_http_proxy.ComputeTargetHttpProxy(
        scope, f"{id}-http-proxy", project=config.project_id, name=f"{config.name}-http", url_map=redirect.id
    )
