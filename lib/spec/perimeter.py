"""Service perimeters (VPC Service Controls): which environments have one, and which of Google's APIs it can shut.

Outside of the perimeter nobody uses a shut API on the environment's project, whatever IAM says; from inside nobody uses
it on another project. docs/adr/0026-a-perimeter-for-each-environment.md
"""

from __future__ import annotations

from .model.environment import Environment
from .platform import Platform

SUPPORTED: frozenset[str] = frozenset(
    f"{name}.googleapis.com"
    for name in (
        "aiplatform artifactregistry bigquery bigquerydatatransfer bigquerystorage bigtable binaryauthorization"
        " certificatemanager cloudasset cloudbuild clouddeploy cloudfunctions cloudkms cloudprofiler"
        " cloudresourcemanager"
        " cloudscheduler cloudtasks cloudtrace compute container containeranalysis datacatalog dataflow dataproc"
        " datastream"
        " dialogflow dlp dns documentai eventarc file firestore healthcare iam iamcredentials identitytoolkit language"
        " logging memorystore monitoring networkconnectivity networkmanagement privilegedaccessmanager pubsub"
        " recaptchaenterprise redis run secretmanager servicedirectory servicenetworking spanner speech sqladmin"
        " storage"
        " storagetransfer telemetry texttospeech transcoder translate videointelligence vision vpcaccess workflows"
    ).split()
)
"""APIs that a perimeter can shut, of those that services use:
https://cloud.google.com/vpc-service-controls/docs/supported-products (`gcloud access-context-manager supported-services list`).

Not here although it is supported: `sts`, where outside identities are exchanged before they are anybody, so that no
rule could let in CI's. What it gives out is worth nothing until `iamcredentials` is asked, which is shut."""


def is_inside(environment: Environment, platform: Platform) -> bool:
    """Whether the environment has a perimeter."""
    return platform.perimeter is not None and environment.tier in platform.perimeter.tiers


def is_enforced(environment: Environment, platform: Platform) -> bool:
    """Whether its perimeter refuses; otherwise it only tells what it would refuse."""
    if platform.perimeter is None or not is_inside(environment, platform):
        return False
    declared = environment.perimeter.enforced
    return not platform.perimeter.dry_run if declared is None else declared
