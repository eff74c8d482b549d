"""Who gets which variant."""

from __future__ import annotations

from collections import Counter

from openfeature.flag_evaluation import Reason

from runtime.flags import read_flags
from runtime.flags.conftest import FLAGS, WriteFlags
from runtime.flags.definitions import Flag, Rule

ACTORS = [f"user:{number}" for number in range(10_000)]


def flag(*rules: Rule) -> Flag:
    return Flag("f", "boolean", {"on": True, "off": False}, "off", "d", "o", rules=rules)


def test_the_first_rule_that_fits_decides(flags_file: WriteFlags) -> None:
    checkout = read_flags(flags_file(FLAGS))["new_checkout"]
    assert checkout.choose("user:1", {}) == ("on", Reason.TARGETING_MATCH)
    assert checkout.choose("user:2", {}) == ("off", Reason.DEFAULT)
    assert checkout.choose(None, {}) == ("off", Reason.DEFAULT)
    inside = Counter(checkout.choose(actor, {"plan": "pro", "beta": True})[0] for actor in ACTORS)
    assert 1_800 < inside["on"] < 2_200
    assert not any(checkout.choose(actor, {"plan": "pro"})[0] == "on" for actor in ACTORS[2:100])
    assert read_flags(flags_file(FLAGS))["limit"].choose("user:1", {}) == ("low", Reason.STATIC)


def test_a_share_stays_the_same_and_only_grows() -> None:
    twenty = [actor for actor in ACTORS if flag(Rule(percent=20, serve="on")).choose(actor, {})[0] == "on"]
    thirty = [actor for actor in ACTORS if flag(Rule(percent=30, serve="on")).choose(actor, {})[0] == "on"]
    assert set(twenty) < set(thirty)
    assert twenty[:3] == ["user:0", "user:5", "user:6"]
    everybody = flag(Rule(percent=100, serve="on"))
    assert all(everybody.choose(actor, {})[0] == "on" for actor in ACTORS)
    assert everybody.choose(None, {})[0] == "off"
    assert not any(flag(Rule(percent=0, serve="on")).choose(actor, {})[0] == "on" for actor in ACTORS)


def test_a_split_of_a_share_is_a_split_of_its_own() -> None:
    halves = flag(Rule(percent=10, split={"on": 50, "off": 50}))
    chosen = [halves.choose(actor, {}) for actor in ACTORS]
    inside = Counter(variant for variant, reason in chosen if reason is Reason.SPLIT)
    assert 400 < inside["on"] < 600 and 400 < inside["off"] < 600
