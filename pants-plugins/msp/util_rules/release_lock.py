"""`releases/lock.yaml`: which version of the generator makes each tier's environments, and what may follow on what. Pure.

A version is the work tree's or a release, a number. Upgrades go from one tier to the next: no tier is ever ahead of the tier
before it, and the work tree is ahead of every release.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Iterator, Mapping, Optional

import yaml
from msp.util_rules.envelope import Diagnostic

# In the order of upgrades; as lib/spec has them.
TIERS = ("test", "internal", "external")
WORK_TREE = "worktree"

_HEADER = """\
# Which version of the generator makes each tier's environments: the work tree, or a release beside this file.
# Written by `./pants msp-upgrade`, whose --help explains it; edits by hand are checked.
"""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ReleaseLock:
    """What the file says.

    held      tier → the release at which it is held; the other tiers follow the work tree
    releases  release → sha256 of its archive
    newest    the last number given; it counts on where a release is gone, so that a number never means two things
    """

    held: Mapping[str, int]
    releases: Mapping[int, str]
    newest: int

    def __hash__(self) -> int:
        return hash((tuple(self.held.items()), tuple(self.releases.items()), self.newest))

    def version(self, tier: str) -> Optional[int]:
        """The release at which a tier is held; None where it follows the work tree."""
        return self.held.get(tier)

    def before(self, tier: str) -> Optional[str]:
        """The tier that gets everything before this one; None for the first."""
        place = TIERS.index(tier)
        return TIERS[place - 1] if place else None

    def after(self, tier: str) -> tuple[str, ...]:
        return TIERS[TIERS.index(tier) + 1 :]

    def tiers_of(self, release: int) -> tuple[str, ...]:
        return tuple(tier for tier in TIERS if self.held.get(tier) == release)

    def to_upgrade(self, tier: str) -> tuple[str, ...]:
        """The tiers to upgrade, one after the other, for this one to get something newer than it has."""
        version = self.version(tier)
        return tuple(one for one in TIERS[: TIERS.index(tier) + 1] if self.version(one) == version)


NOTHING_HELD = ReleaseLock({}, {}, 0)


def named(version: Optional[int]) -> str:
    return "the work tree" if version is None else f"release {version}"


# -- Upgrades -----------------------------------------------------------------------------------
class Refused(Exception):
    """An upgrade that would bring tiers out of order. The text says what to do instead."""


@dataclass(frozen=True)
class Upgrade:
    """One tier's step. `cut` is the number of a release that has to be made of the work tree for it."""

    tier: str
    before: Optional[int]
    after: Optional[int]
    cut: Optional[int]

    @property
    def changes(self) -> bool:
        return self.before != self.after


def plan_upgrade(lock: ReleaseLock, tier: str, same_as_work_tree: Optional[int]) -> Upgrade:
    """What gives a tier the version of the tier before it.

    `same_as_work_tree` is a release from which the work tree does not differ: it is taken instead of a second one.
    """
    earlier = lock.before(tier)
    now, target = lock.version(tier), lock.version(earlier) if earlier else None
    if target is not None:
        return Upgrade(tier, now, target, None)
    ahead = [later for later in lock.after(tier) if lock.version(later) is None]
    if now is None and ahead:
        raise Refused(
            f"tier {tier} can't be held while tier {ahead[-1]} follows the work tree: it would get every change before"
            f" {tier}. Hold that one first: ./pants msp-upgrade --tier={ahead[-1]}"
        )
    target = same_as_work_tree or lock.newest + 1
    return Upgrade(tier, now, target, None if same_as_work_tree else target)


def plan_following(lock: ReleaseLock, tier: str) -> Upgrade:
    """What lets a tier follow the work tree."""
    earlier = lock.before(tier)
    if earlier is not None and lock.version(earlier) is not None:
        raise Refused(
            f"tier {tier} can't follow the work tree while tier {earlier} is held at release {lock.version(earlier)}: it"
            f" would overtake it. First: ./pants msp-upgrade --follow --tier={earlier}"
        )
    return Upgrade(tier, lock.version(tier), None, None)


def upgraded(lock: ReleaseLock, step: Upgrade, sha256: str = "") -> ReleaseLock:
    """The lock after an upgrade, without releases that no tier is held at. `sha256` is the archive's where one is cut."""
    versions = {tier: step.after if tier == step.tier else lock.version(tier) for tier in TIERS}
    held = {tier: version for tier, version in versions.items() if version is not None}
    releases = {**lock.releases, **({step.cut: sha256} if step.cut else {})}
    return replace(
        lock,
        held=held,
        releases={number: releases[number] for number in sorted(set(held.values()))},
        newest=max(lock.newest, step.cut or 0),
    )


# -- The file -----------------------------------------------------------------------------------
def render(lock: ReleaseLock) -> str:
    tiers = "".join(f"  {tier}: {lock.held.get(tier, WORK_TREE)}\n" for tier in TIERS)
    releases = "".join(f"  {number}: {sha256}\n" for number, sha256 in sorted(lock.releases.items()))
    return f"{_HEADER}tiers:\n{tiers}releases:{' {}' if not releases else ''}\n{releases}newest: {lock.newest}\n"


def parse(path: str, content: bytes) -> tuple[ReleaseLock, dict[str, tuple[int, int]], tuple[Diagnostic, ...]]:
    """What the file says, where each tier and release stands in it (line and column), and what is wrong with it."""
    reader = _Reader(path)
    lock = reader.read(content)
    return lock, reader.places, tuple(reader.findings)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[str, tuple[int, int]] = {}
        self.findings: list[Diagnostic] = []

    def read(self, content: bytes) -> ReleaseLock:
        try:
            root = yaml.compose(content.decode(), yaml.SafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            self._find(mark, "", getattr(error, "problem", None) or "no text in UTF-8", "YAML")
            return NOTHING_HELD
        sections = dict(self._entries(root, "", ("tiers", "releases", "newest")))
        releases = dict(self._releases(sections.get("releases")))
        held = dict(self._held(sections.get("tiers"), releases))
        newest = self._number(sections.get("newest"), "newest")
        if releases and newest is not None and newest < max(releases):
            self._find(sections["newest"].start_mark, "newest", str(newest), f"at least {max(releases)}")
        self._order(held)
        return ReleaseLock(held, releases, newest or 0)

    def _releases(self, node: Optional[yaml.Node]) -> Iterator[tuple[int, str]]:
        for name, value in self._entries(node, "releases", None):
            if not name.isdecimal() or int(name) < 1:
                self._find(value.start_mark, f"releases.{name}", f"`{name}`", "a release's number")
            elif not isinstance(value, yaml.ScalarNode) or not _SHA256.fullmatch(value.value):
                self._find(value.start_mark, f"releases.{name}", "something else", "the sha256 of its archive, 64 hexadecimal digits")
            else:
                yield int(name), value.value

    def _held(self, node: Optional[yaml.Node], releases: Mapping[int, str]) -> Iterator[tuple[str, int]]:
        for tier, value in self._entries(node, "tiers", TIERS):
            text = value.value if isinstance(value, yaml.ScalarNode) else "something else"
            if text == WORK_TREE:
                continue
            if text.isdecimal() and int(text) in releases:
                yield tier, int(text)
            else:
                expected = ", ".join([WORK_TREE, *(str(number) for number in sorted(releases))])
                self._find(value.start_mark, f"tiers.{tier}", f"`{text}`", f"one of {expected}")

    def _order(self, held: Mapping[str, int]) -> None:
        lock = ReleaseLock(held, {}, 0)
        for tier in TIERS[1:]:
            earlier = lock.before(tier) or ""
            before, now = lock.version(earlier), lock.version(tier)
            if before is not None and (now is None or now > before):
                line, column = self.places.get(f"tiers.{tier}", (1, 1))
                expected = f"at most {named(before)}, as tier {earlier} has: a tier never overtakes the one before it"
                self._add(line, column, f"tiers.{tier}", named(now), expected)

    def _number(self, node: Optional[yaml.Node], key: str) -> Optional[int]:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if node is None or text.isdecimal():
            return int(text or 0)
        self._find(node.start_mark, key, f"`{text}`", "a number")
        return None

    def _entries(
        self, node: Optional[yaml.Node], above: str, names: Optional[tuple[str, ...]]
    ) -> Iterator[tuple[str, yaml.Node]]:
        """The entries of a mapping that may have these names, each once."""
        if node is None and above:
            return  # its absence is a finding about the mapping above
        if not isinstance(node, yaml.MappingNode):
            self._find(node and node.start_mark, above, "something else" if node else "nothing", "keys and values")
            return
        seen: set[str] = set()
        for name, value in node.value:
            key = f"{above}.{name.value}".lstrip(".")
            text = name.value if isinstance(name, yaml.ScalarNode) else ""
            if text in seen or (names is not None and text not in names):
                self._find(name.start_mark, key, f"`{text}`{' again' if text in seen else ''}", f"one of {', '.join(names or ())}")
                continue
            seen.add(text)
            self.places[key] = (name.start_mark.line + 1, name.start_mark.column + 1)
            yield text, value
        for missing in sorted(set(names or ()) - seen):
            self._find(node.start_mark, above, f"no `{missing}`", f"a key `{missing}`")

    def _find(self, mark: Optional[yaml.Mark], key: str, found: str, expected: str) -> None:
        self._add(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, key, found, expected)

    def _add(self, line: int, column: int, key: str, found: str, expected: str) -> None:
        self.findings.append(
            Diagnostic(
                path=self.path, line=line, column=column, severity="error", code="release-lock", key=key, found=found,
                expected=expected, fix=f"take it back to what is committed: git checkout HEAD -- {self.path}",
            )  # fmt: skip
        )
