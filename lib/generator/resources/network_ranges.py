"""Which addresses of an environment's private network are whose.

A region beside the home has the same range in every environment and for ever: a range that depended on the order of a list
would move when another region comes or goes, and a subnetwork that moves is a subnetwork made anew.
"""

from __future__ import annotations

# Direct VPC egress takes addresses in blocks of 16 and keeps them for a while after an instance is gone; Google asks
# for a /26 at least. A /22 holds the 1,000 instances that a spec may ask for.
# Source: https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#direct-vpc-ip-allocation
SUBNETWORK_RANGE = "10.0.0.0/22"
# Where Datastream's interface into the network takes its addresses from.
# Source: https://cloud.google.com/datastream/docs/psc-interfaces
DATASTREAM_RANGE = "10.0.4.0/28"
# Addresses that Cloud SQL takes its own from. Source: https://cloud.google.com/sql/docs/postgres/configure-private-services-access
PEERING_RANGE = ("10.64.0.0", 20)

NUMBERS: dict[str, int] = {
    "africa-south1": 0,
    "asia-east1": 1,
    "asia-east2": 2,
    "asia-northeast1": 3,
    "asia-northeast2": 4,
    "asia-northeast3": 5,
    "asia-south1": 6,
    "asia-south2": 7,
    "asia-southeast1": 8,
    "asia-southeast2": 9,
    "asia-southeast3": 10,
    "australia-southeast1": 11,
    "australia-southeast2": 12,
    "europe-central2": 13,
    "europe-north1": 14,
    "europe-north2": 15,
    "europe-southwest1": 16,
    "europe-west1": 17,
    "europe-west10": 18,
    "europe-west12": 19,
    "europe-west2": 20,
    "europe-west3": 21,
    "europe-west4": 22,
    "europe-west6": 23,
    "europe-west8": 24,
    "europe-west9": 25,
    "me-central1": 26,
    "me-central2": 27,
    "me-west1": 28,
    "northamerica-northeast1": 29,
    "northamerica-northeast2": 30,
    "northamerica-south1": 31,
    "southamerica-east1": 32,
    "southamerica-west1": 33,
    "us-central1": 34,
    "us-east1": 35,
    "us-east4": 36,
    "us-east5": 37,
    "us-south1": 38,
    "us-west1": 39,
    "us-west2": 40,
    "us-west3": 41,
    "us-west4": 42,
}
"""Region -> its place in 10.1.0.0/16, which has 64 of them. A new region gets the next number, and no number
is ever given to another region."""

BLOCK = 4
"""A /22 counts so many in the third part of an address."""


def range_of(region: str) -> str:
    """Addresses for 1,000 instances, as the home has them. KeyError for a region that Cloud Run does not have."""
    return f"10.1.{NUMBERS[region] * BLOCK}.0/22"
