"""A few hundred random specs, the same in every run; thousands with `python -m generator.testing.random_specs`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from generator.testing.random_specs import __main__ as command
from generator.testing.random_specs import check
from generator.testing.random_specs.check import Verdict, judge, shrunk
from generator.testing.random_specs.one import RandomSpec, random_spec
from generator.testing.random_specs.texts import matching, sentence
from generator.testing.stack_changes import recovered_schema
from generator.testing.stub_providers import StubProviders
from generator.testing.terraform import apply_environment, terraform_missing_reason
from generator.testing.values import SECRET
from spec.model import ServiceSpec
from spec.shapes import Shape, walk

SEED = 3
WHOLE, SPOILED = 240, 120
ENVIRONMENTS_WITH_TERRAFORM = 4

Judged = list[tuple[RandomSpec, Verdict]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("random")
    return folder


@pytest.fixture(scope="module")
def whole(root: Path) -> Judged:
    specs = (random_spec(SEED, number, root) for number in range(WHOLE))
    return [(spec, judge(spec, root, recovered_schema())) for spec in specs]


def test_what_is_made_of_random_specs_breaks_no_invariant(whole: Judged) -> None:
    assert {number: verdict.problems for number, (_, verdict) in enumerate(whole) if verdict.problems} == {}


def test_most_random_specs_are_accepted(whole: Judged) -> None:
    """Otherwise they would say little about what is generated."""
    assert sum(verdict.accepted for _, verdict in whole) > WHOLE * 0.8


def test_every_key_of_the_model_is_in_an_accepted_spec(whole: Judged) -> None:
    """A new key is drawn without anybody naming it here; where this fails, no accepted spec had it."""
    written = {path for spec, verdict in whole if verdict.accepted for path in _written(spec.document)}
    assert [path for path, _ in walk(ServiceSpec) if path not in written] == []


def test_every_tier_kind_and_deployment_is_among_them(whole: Judged) -> None:
    accepted = [spec.document for spec, verdict in whole if verdict.accepted]
    seen = {
        (document["service"].get("kind", "service"), one["tier"], one["deploy"]["type"])
        for document in accepted
        for one in document["environments"]
    }
    assert len(seen) >= 3 * 3 * 3 - 3


def test_spoiled_specs_are_refused_with_findings_that_help_or_break_nothing(root: Path) -> None:
    wrong = {}
    for number in range(SPOILED):
        verdict = judge(random_spec(SEED, number, root, spoil=True), root, recovered_schema())
        if verdict.problems:
            wrong[number] = verdict.problems
    assert wrong == {}


@pytest.mark.skipif(terraform_missing_reason() is not None, reason=terraform_missing_reason() or "")
def test_the_real_terraform_plans_and_applies_a_sample(whole: Judged, tmp_path: Path) -> None:
    """Those environments with the most kinds of resources that those before do not have."""
    seen: set[str] = set()
    with StubProviders(recovered_schema()) as stub:
        for place, stacks in _rarest(whole, tmp_path):
            results = apply_environment(stub, stacks)
            assert {name: result.problems for name, result in results.items() if result.problems} == {}, place
            assert list(results) == list(stacks), place
            assert all(SECRET not in str([result.plan, result.state]) for result in results.values()), place
            seen.add(place)
    assert len(seen) == ENVIRONMENTS_WITH_TERRAFORM


def _rarest(whole: Judged, folder: Path) -> Iterator[tuple[str, dict[str, Path]]]:
    # Stacks can be imported once there is an engine, which there is by now.
    from generator.render import STACK_ORDER

    places: dict[str, tuple[set[str], dict[str, bytes]]] = {}
    for number, (_, verdict) in enumerate(whole):
        for path, content in verdict.files.items():
            _, _, rest = path.partition("/")
            environment, _, file = rest.partition("/")
            # A stack of a pipeline reads the states of other environments, which are not applied here.
            is_stack = file.endswith("/cdk.tf.json") and not file.startswith("delivery/")
            # OpenTofu takes its providers from a registry of its own, which the stub does not play.
            if is_stack and b"registry.opentofu.org" not in content:
                kinds, files = places.setdefault(f"{number}-{environment}", (set(), {}))
                kinds |= set(re.findall(r'"((?:google|postgresql)_\w+)": \{', content.decode()))
                files[file.removesuffix("/cdk.tf.json")] = content
    known: set[str] = set()
    for _ in range(ENVIRONMENTS_WITH_TERRAFORM):
        place = max(places, key=lambda place: len(places[place][0] - known))
        kinds, files = places.pop(place)
        known |= kinds
        for stack, content in files.items():
            (folder / place / stack).mkdir(parents=True)
            (folder / place / stack / "cdk.tf.json").write_bytes(content)
        yield place, {stack: folder / place / stack for stack in STACK_ORDER if stack in files}


def test_the_same_seed_draws_the_same_spec(root: Path, whole: Judged) -> None:
    again = random_spec(SEED, 5, root)
    assert again == whole[5][0]
    assert random_spec(SEED + 1, 5, root) != again


@pytest.mark.parametrize(
    ("path", "shape"),
    [(path, key.shape) for path, key in walk(ServiceSpec)],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_every_pattern_of_the_model_has_texts(path: tuple[str, ...], shape: Shape) -> None:
    for one in _shapes(shape):
        if one.pattern is not None:
            rng = Random(zlib.crc32(repr(path).encode()))
            for _ in range(20):
                most = None if one.maximum is None else int(one.maximum)
                text = matching(one.pattern, rng, int(one.minimum or 0), most)
                assert re.search(one.pattern, text) and len(text) <= (most or len(text))


def test_sentences_are_as_long_as_asked() -> None:
    rng = Random(1)
    assert all(10 <= len(sentence(rng, 10, 40).strip()) <= 40 for _ in range(200))


def test_what_is_wrong_is_shown_by_as_few_lines_as_possible(
    whole: Judged, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(spec: RandomSpec, root: Path, schema: object) -> Verdict:
        return Verdict(False, ("invented: x",) if "owners" in spec.text and "tier" in spec.text else ())

    monkeypatch.setattr(check, "judge", without)
    small = shrunk(whole[_accepted(whole)][0], root, recovered_schema())
    assert [line.strip().partition(":")[0] for line in small.text.splitlines()] == ["owners", "tier"]


def test_a_traceback_is_a_problem_and_fails_the_command(
    whole: Judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number = str(_accepted(whole))
    options = ["--count", "2", "--seed", str(SEED), "--save", str(tmp_path / "saved")]
    assert command.main(options) == 0
    assert not (tmp_path / "saved").exists()
    assert "0 of 2 show something wrong" in capsys.readouterr().out

    def broken(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(check, "violations", broken)
    assert command.main([*options, "--only", number]) == 1
    assert "traceback: KeyError in random_specs_test.py, broken: 'lost'" in capsys.readouterr().out
    assert [file.name for file in (tmp_path / "saved").iterdir()] == [f"{SEED}-{number}.yaml"]


def _accepted(whole: Judged) -> int:
    """The first that is accepted, and would not be spoiled by the command."""
    return next(number for number, (_, verdict) in enumerate(whole) if verdict.accepted and number % 4 != 3)


def _shapes(shape: Shape | None) -> Iterator[Shape]:
    if shape is not None:
        yield shape
        yield from _shapes(shape.item)
        yield from _shapes(shape.name)


def _written(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of everything that a document says."""
    if isinstance(value, dict):
        for name, below in value.items():
            for part in (str(name), "<name>"):
                yield (*path, part)
                yield from _written(below, (*path, part))
    elif isinstance(value, list):
        for item in value:
            yield from _written(item, (*path, "[]"))
