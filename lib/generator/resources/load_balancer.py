"""A global external application load balancer before a Cloud Run service: IPv4 and IPv6, HTTPS, HTTP redirected.

A service in several regions is several backends: a request goes to the nearest one that is not ejected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from generator.engine import core, google
from generator.failover import EJECT_AFTER_ERRORS, EJECTION_INTERVAL_SECONDS, EJECTION_SECONDS, MAX_EJECTION_PERCENT
from generator.resources.ids import of_region

SCHEME = "EXTERNAL_MANAGED"
STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security: max-age=31536000"
"""A year; not for subdomains, which this service does not own. Source: RFC 6797."""


@dataclass(frozen=True)
class Config:
    project_id: str
    name: str
    region: str
    """The home."""
    run_services: Mapping[str, str]
    """Region -> name of the Cloud Run service there, the home first."""
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
    backend = google.compute_backend_service
    return backend.ComputeBackendService(
        scope,
        f"{id}-backend",
        project=config.project_id,
        name=config.name,
        load_balancing_scheme=SCHEME,
        protocol="HTTPS",
        backend=[
            backend.ComputeBackendServiceBackend(group=_endpoints(scope, id, config, region)) for region in config.run_services
        ],
        outlier_detection=_ejection() if len(config.run_services) > 1 else None,
        custom_response_headers=[STRICT_TRANSPORT_SECURITY],
        security_policy=config.security_policy,
        iap=backend.ComputeBackendServiceIap(enabled=True) if config.iap else None,
        log_config=backend.ComputeBackendServiceLogConfig(
            enable=config.logging, sample_rate=1 if config.logging else None
        ),
    )


def _endpoints(scope: Construct, id: str, config: Config, region: str) -> str:
    """What stands for the Cloud Run service of one region."""
    group = google.compute_region_network_endpoint_group
    # The backend lets go of a group before the group goes: Compute Engine doesn't delete what is in use.
    lifecycle = core.TerraformResourceLifecycle(create_before_destroy=True) if region != config.region else None
    return group.ComputeRegionNetworkEndpointGroup(
        scope,
        of_region(f"{id}-endpoints", region, config.region),
        project=config.project_id,
        name=config.name,
        region=region,
        network_endpoint_type="SERVERLESS",
        cloud_run=group.ComputeRegionNetworkEndpointGroupCloudRun(service=config.run_services[region]),
        lifecycle=lifecycle,
    ).id


def _ejection() -> google.compute_backend_service.ComputeBackendServiceOutlierDetection:
    """When a region is taken out: serverless backends have no health checks, so it is judged by its answers.

    Source: https://cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts#outlier-detection
    """
    backend = google.compute_backend_service
    return backend.ComputeBackendServiceOutlierDetection(
        consecutive_errors=EJECT_AFTER_ERRORS,
        enforcing_consecutive_errors=100,
        consecutive_gateway_failure=EJECT_AFTER_ERRORS,
        enforcing_consecutive_gateway_failure=100,
        # Success rates are compared over five backends at least; there are fewer.
        enforcing_success_rate=0,
        interval=backend.ComputeBackendServiceOutlierDetectionInterval(seconds=EJECTION_INTERVAL_SECONDS),
        base_ejection_time=backend.ComputeBackendServiceOutlierDetectionBaseEjectionTime(seconds=EJECTION_SECONDS),
        max_ejection_percent=MAX_EJECTION_PERCENT,
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
