"""Every region has a range of its own, and keeps it."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations

from generator.resources.network_ranges import DATASTREAM_RANGE, NUMBERS, PEERING_RANGE, SUBNETWORK_RANGE, range_of
from spec.limits import REGIONS

TAKEN = (SUBNETWORK_RANGE, DATASTREAM_RANGE, "{}/{}".format(*PEERING_RANGE))


def test_every_region_has_one() -> None:
    assert set(NUMBERS) == set(REGIONS)


def test_ranges_do_not_overlap() -> None:
    ranges = [ip_network(text) for text in (*map(range_of, REGIONS), *TAKEN)]
    assert not [(one, other) for one, other in combinations(ranges, 2) if one.overlaps(other)]


def test_ranges_stay() -> None:
    """Subnetworks exist by these numbers: one that changes is made anew, with every instance in it."""
    assert range_of("africa-south1") == "10.1.0.0/22"
    assert range_of("europe-west1") == "10.1.68.0/22"
    assert range_of("us-central1") == "10.1.136.0/22"
    assert range_of("us-west4") == "10.1.168.0/22"
    assert list(NUMBERS.values())[:43] == list(range(43))
