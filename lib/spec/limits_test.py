"""Google's limits as functions."""

from __future__ import annotations

import pytest

from spec import limits


@pytest.mark.parametrize(
    ("memory", "connections"),
    [
        (4, 100),
        (5, 100),
        (6, 200),
        (7, 200),
        (8, 400),
        (14, 400),
        (15, 500),
        (30, 600),
        (60, 800),
        (119, 800),
        (120, 1000),
        (624, 1000),
    ],
)
def test_default_max_connections(memory: int, connections: int) -> None:
    assert limits.default_max_connections(memory) == connections


@pytest.mark.parametrize(
    ("connections", "instances", "size"),
    [(100, 1, 20), (100, 5, 16), (100, 40, 2), (100, 41, 1), (20, 1, 1), (14, 10, 1), (1000, 10, 20), (400, 38, 10)],
)
def test_pool_size(connections: int, instances: int, size: int) -> None:
    assert limits.pool_size(connections, instances) == size


def test_the_whole_fleet_of_instances_stays_within_the_connections() -> None:
    for connections in range(24, 1000, 7):
        for instances in range(1, 60):
            if limits.connection_budget(connections, instances) >= 2:
                assert limits.pool_size(connections, instances) * instances <= connections - limits.RESERVED_CONNECTIONS


@pytest.mark.parametrize(
    ("cpu", "least", "most"), [(1, 4, 6), (2, 4, 13), (4, 4, 26), (6, 6, 39), (16, 15, 104), (96, 87, 624)]
)
def test_postgres_memory(cpu: int, least: int, most: int) -> None:
    assert limits.postgres_memory_range(cpu) == (least, most)
    assert limits.postgres_tier(cpu, most) == f"db-custom-{cpu}-{most * 1024}"
    assert 0.9 * cpu <= least <= most <= 6.5 * cpu or cpu == 1


@pytest.mark.parametrize(
    ("memory", "shared_core", "node"),
    [
        (1, True, "SHARED_CORE_NANO"),
        (1, False, "STANDARD_SMALL"),
        (2, True, "STANDARD_SMALL"),
        (6, True, "STANDARD_SMALL"),
        (7, True, "HIGHMEM_MEDIUM"),
        (13, True, "HIGHMEM_MEDIUM"),
        (14, True, "HIGHMEM_XLARGE"),
        (58, True, "HIGHMEM_XLARGE"),
    ],
)
def test_valkey_nodes(memory: int, shared_core: bool, node: str) -> None:
    assert limits.valkey_node_type(memory, shared_core=shared_core) == node


def test_no_valkey_node_is_that_large() -> None:
    with pytest.raises(ValueError, match="59 GB"):
        limits.valkey_node_type(59, shared_core=True)


def test_memory_by_cpu_is_both_of_googles_tables() -> None:
    """One page gives the least memory for CPUs, another the least CPUs for memory."""
    least_cpu = {4096: 1, 4097: 2, 8192: 2, 8193: 4, 16384: 4, 16385: 6, 24576: 6, 24577: 8, 32768: 8}
    for memory, cpu in least_cpu.items():
        fitting = [
            cpus for cpus in (1, 2, 4, 6, 8) if limits.memory_range(cpus)[0] <= memory <= limits.memory_range(cpus)[1]
        ]
        assert min(fitting) == cpu
    assert [limits.memory_range(cpus)[0] for cpus in (1, 2, 4, 6, 8)] == [512, 512, 2048, 4096, 4096]


def test_regions_are_sorted_and_unique() -> None:
    assert sorted(set(limits.REGIONS)) == list(limits.REGIONS)
