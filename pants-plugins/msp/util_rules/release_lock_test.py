from __future__ import annotations

import pytest
from msp.util_rules.release_lock import (
    NOTHING_HELD,
    Refused,
    ReleaseLock,
    Upgrade,
    parse,
    plan_following,
    plan_upgrade,
    render,
    upgraded,
)

A, B = "a" * 64, "b" * 64
IN_WAVES = ReleaseLock({"internal": 2, "external": 1}, {1: A, 2: B}, 2)


def lines(*changes: tuple[str, str]) -> bytes:
    text = render(IN_WAVES)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize("lock", [NOTHING_HELD, IN_WAVES, ReleaseLock({"external": 3}, {3: A}, 7)])
def test_what_is_written_is_what_is_read(lock: ReleaseLock) -> None:
    assert parse("lock.yaml", render(lock).encode())[::2] == (lock, ())


def test_the_file_reads_like_this() -> None:
    assert render(IN_WAVES).split("\n", 2)[2] == (
        f"tiers:\n  test: worktree\n  internal: 2\n  external: 1\nreleases:\n  1: {A}\n  2: {B}\nnewest: 2\n"
    )


def test_it_tells_where_tiers_and_releases_stand() -> None:
    places = parse("lock.yaml", render(IN_WAVES).encode())[1]
    assert (places["tiers.external"], places["releases.1"]) == ((6, 3), (8, 3))


@pytest.mark.parametrize(
    "content, place, key, found",
    [
        (b"", (1, 1), "", "nothing"),
        (b"a: [", (1, 5), "", "expected the node content"),
        (b"\xff", (1, 1), "", "no text in UTF-8"),
        (b"- 1\n", (1, 1), "", "something else"),
        (b"newest: 0\ntiers: {test: worktree, internal: worktree, external: worktree}\n", (1, 1), "", "no `releases`"),
        (lines(("internal: 2", "internal: 9")), (5, 13), "tiers.internal", "`9`"),
        (lines(("internal: 2", "internal: [2]")), (5, 13), "tiers.internal", "something else"),
        (lines(("  internal: 2\n", "")), (4, 3), "tiers", "no `internal`"),
        (lines(("internal: 2", "internel: 2")), (5, 3), "tiers.internel", "`internel`"),
        (lines(("  internal: 2\n", "  internal: 2\n  internal: 1\n")), (6, 3), "tiers.internal", "`internal` again"),
        (lines((B, "b")), (9, 6), "releases.2", "something else"),
        (lines(("  2: ", "  two: ")), (9, 8), "releases.two", "`two`"),
        (lines(("newest: 2", "newest: 1")), (10, 9), "newest", "1"),
        (lines(("newest: 2", "newest: x")), (10, 9), "newest", "`x`"),
        # A tier that is ahead of the one before it.
        (lines(("external: 1", "external: worktree")), (6, 3), "tiers.external", "the work tree"),
        (lines(("internal: 2", "internal: 1"), ("external: 1", "external: 2")), (6, 3), "tiers.external", "release 2"),
    ],
)
def test_everything_that_is_wrong_has_a_place(content: bytes, place: tuple[int, int], key: str, found: str) -> None:
    findings = parse("releases/lock.yaml", content)[2]
    assert any(
        (one.line, one.column, one.key) == (*place, key) and found in one.found and one.is_error for one in findings
    ), findings
    assert all("git checkout HEAD -- releases/lock.yaml" in one.fix for one in findings)


# -- Upgrades -----------------------------------------------------------------------------------
def test_the_last_tier_is_the_first_to_be_held_and_takes_the_work_tree_as_it_is() -> None:
    step = plan_upgrade(NOTHING_HELD, "external", None)
    assert step == Upgrade("external", None, 1, cut=1)
    assert upgraded(NOTHING_HELD, step, A) == ReleaseLock({"external": 1}, {1: A}, 1)


def test_a_tier_is_not_held_before_those_after_it() -> None:
    with pytest.raises(Refused, match="--tier=external"):
        plan_upgrade(NOTHING_HELD, "internal", None)
    with pytest.raises(Refused, match="--tier=internal"):
        plan_upgrade(ReleaseLock({"external": 1}, {1: A}, 1), "test", None)


def test_an_upgrade_takes_the_version_of_the_tier_before_and_leaves_no_release_that_nobody_needs() -> None:
    step = plan_upgrade(IN_WAVES, "external", None)
    assert step == Upgrade("external", 1, 2, cut=None)
    assert upgraded(IN_WAVES, step) == ReleaseLock({"internal": 2, "external": 2}, {2: B}, 2)


def test_an_upgrade_from_the_work_tree_cuts_a_release_unless_there_is_one() -> None:
    step = plan_upgrade(IN_WAVES, "internal", None)
    assert step == Upgrade("internal", 2, 3, cut=3)
    assert upgraded(IN_WAVES, step, "c" * 64) == ReleaseLock({"internal": 3, "external": 1}, {1: A, 3: "c" * 64}, 3)
    assert not plan_upgrade(IN_WAVES, "internal", 2).changes


def test_no_tier_overtakes_the_one_before_it() -> None:
    for tier in ("internal", "external"):
        held = ReleaseLock({"test": 2, "internal": 2, "external": 2}, {2: B}, 2)
        assert not plan_upgrade(held, tier, None).changes
    with pytest.raises(Refused, match="--follow --tier=internal"):
        plan_following(IN_WAVES, "external")


def test_a_number_is_given_once() -> None:
    step = plan_following(IN_WAVES, "internal")
    lock = upgraded(IN_WAVES, step)
    assert lock == ReleaseLock({"external": 1}, {1: A}, 2)
    assert plan_upgrade(lock, "external", None).cut == 3


def test_which_tiers_come_first_for_something_newer() -> None:
    assert IN_WAVES.to_upgrade("external") == ("external",)
    assert ReleaseLock({"internal": 2, "external": 2}, {2: B}, 2).to_upgrade("external") == ("internal", "external")
