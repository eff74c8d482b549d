"""Nothing can be reached that nobody asked to open."""

from __future__ import annotations

from collections.abc import Iterator

from generator.testing.invariants.made import Made, at, strings

EVERYBODY = ("allUsers", "allAuthenticatedUsers")
INTERNAL = ("INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")
ANYWHERE = ("0.0.0.0/0", "::/0", "*")


def no_database_is_public(made: Made) -> Iterator[str]:
    """A database has no public address, lets no network in by address, and speaks TLS alone."""
    for place in made.places:
        for where, body in place.each("google_sql_database_instance"):
            reached = at(body, "settings.ip_configuration") or {}
            if reached.get("ipv4_enabled") is not False:
                yield f"{where} has a public address"
            if reached.get("authorized_networks"):
                yield f"{where} lets networks in"
            if reached.get("ssl_mode") != "ENCRYPTED_ONLY":
                yield f"{where} speaks without TLS"
            if not reached.get("private_network"):
                yield f"{where} is in no network"


def no_cache_is_open(made: Made) -> Iterator[str]:
    """A cache has TLS and asks who is there."""
    for place in made.places:
        for where, body in place.each("google_memorystore_instance"):
            if body.get("transit_encryption_mode") != "SERVER_AUTHENTICATION":
                yield f"{where} speaks without TLS"
            if body.get("authorization_mode") != "IAM_AUTH":
                yield f"{where} asks nobody who they are"


def nobody_unknown_is_let_in_unasked(made: Made) -> Iterator[str]:
    """Everybody may do one thing at most: call a service whose spec says `public`."""
    for place in made.places:
        is_public = made.spec.service.kind == "service" and place.environment.authentication.type == "public"
        for kind, where, body in place.resources:
            # Text for people, as in an alert's description, grants nothing.
            granted = [body.get("member"), *(body.get("members") or ()), *strings(body.get("access"))]
            is_call = kind == "google_cloud_run_v2_service_iam_member" and body.get("role") == "roles/run.invoker"
            if any(member in EVERYBODY for member in granted) and not (is_public and is_call):
                yield f"{where} is open to everybody"
            if body.get("invoker_iam_disabled") and not is_public:
                yield f"{where} asks nobody who they are"


def nobody_comes_past_the_front_door(made: Made) -> Iterator[str]:
    """Cloud Run answers the Internet only where the spec says `ingress: all`, and never past a load balancer."""
    for place in made.places:
        for where, body in place.each("google_cloud_run_v2_service"):
            is_open = body.get("ingress") not in INTERNAL
            if is_open and (place.environment.ingress != "all" or place.environment.domain is not None):
                yield f"{where} has ingress {body.get('ingress')}"


def no_bucket_is_public(made: Made) -> Iterator[str]:
    """A bucket is opened by IAM alone, and never to everybody."""
    for place in made.places:
        for where, body in place.each("google_storage_bucket"):
            if body.get("public_access_prevention") != "enforced":
                yield f"{where} may become public"
            if body.get("uniform_bucket_level_access") is not True:
                yield f"{where} has lists of its own who may read what"


def no_machine_has_a_public_address(made: Made) -> Iterator[str]:
    """There are no machines to reach, no default network, and no firewall rule that lets anybody in."""
    for place in made.places:
        for where, _ in place.each("google_compute_instance", "google_compute_instance_template"):
            yield f"{where} is a machine"
        for where, body in place.each("google_compute_firewall"):
            if body.get("direction", "INGRESS") == "INGRESS" and set(body.get("source_ranges", ANYWHERE)) & set(
                ANYWHERE
            ):
                yield f"{where} lets everybody in"
        for where, body in place.each("google_compute_network"):
            if body.get("auto_create_subnetworks") is not False:
                yield f"{where} makes subnetworks by itself"
        for where, body in place.each("google_project"):
            if body.get("auto_create_network") is not False:
                yield f"{where} has the default network"


def a_domain_has_its_firewall(made: Made) -> Iterator[str]:
    """Where tier or spec want the web application firewall, every way in goes through it, and HTTP leads to HTTPS."""
    for place in made.places:
        if place.environment.domain is None:
            continue
        for where, body in place.each("google_compute_backend_service"):
            if place.safety.web_application_firewall and not body.get("security_policy"):
                yield f"{where} has no firewall"
        for where, body in place.each("google_compute_url_map"):
            if not body.get("default_service") and at(body, "default_url_redirect.https_redirect") is not True:
                yield f"{where} answers without TLS"
        for where, body in place.each("google_compute_ssl_policy"):
            if body.get("min_tls_version") != "TLS_1_2":
                yield f"{where} allows old TLS"


PREDICATES = (
    no_database_is_public,
    no_cache_is_open,
    nobody_unknown_is_let_in_unasked,
    nobody_comes_past_the_front_door,
    no_bucket_is_public,
    no_machine_has_a_public_address,
    a_domain_has_its_firewall,
)
