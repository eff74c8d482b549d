"""Files in, fleet out."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from spec.constants import CONTRACT
from spec.diagnostics import Diagnostic, has_errors, ordered
from spec.loader import load_fleet
from spec.reference.markdown import MINIMAL_SERVICE

TESTDATA = Path(__file__).parent / "testdata"
PLATFORM = TESTDATA / "platform.yaml"
SEVERAL = TESTDATA / "invalid-fleet/several"


def write(root: Path, service: str, content: bytes | str) -> Path:
    path = root / "services" / service / "service.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path.relative_to(root)


def only(diagnostics: tuple[Diagnostic, ...]) -> Diagnostic:
    (diagnostic,) = diagnostics
    return diagnostic


def test_valid_spec(tmp_path: Path) -> None:
    path = write(tmp_path, "accounts", MINIMAL_SERVICE)
    fleet = load_fleet(PLATFORM, [path], tmp_path)
    assert fleet.diagnostics == ()
    assert fleet.platform is not None
    (service,) = fleet.services
    assert service.path == Path("services/accounts/service.yaml")
    assert service.directory == Path("services/accounts")
    assert service.spec.service.name == "accounts"
    assert service.position(("environments", 0, "instances", "memory")).line == 15


def test_paths_are_shown_relative_to_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "accounts", MINIMAL_SERVICE)
    monkeypatch.chdir(tmp_path / "services")
    for root, spec in [
        (tmp_path, path),
        (tmp_path, tmp_path / path),
        (Path(".."), path),
        (tmp_path, Path("services/../services/./accounts/service.yaml")),
    ]:
        fleet = load_fleet(PLATFORM, [spec], root)
        assert [service.path for service in fleet.services] == [path], (root, spec)
    outside = load_fleet(PLATFORM, [tmp_path / path], tmp_path / "services/accounts/nowhere")
    assert outside.services[0].path == tmp_path / path


def test_the_same_file_twice_is_one_spec(tmp_path: Path) -> None:
    path = write(tmp_path, "accounts", MINIMAL_SERVICE)
    fleet = load_fleet(PLATFORM, [path, tmp_path / path], tmp_path)
    assert fleet.diagnostics == ()
    assert len(fleet.services) == 1


def test_missing_file(tmp_path: Path) -> None:
    found = only(load_fleet(PLATFORM, [Path("services/x/service.yaml")], tmp_path).diagnostics)
    assert found.code == "file-missing"
    assert (found.path, found.line, found.column) == ("services/x/service.yaml", 1, 1)
    assert found.fix == "check the path, or make the file"
    write(tmp_path, "accounts", MINIMAL_SERVICE)
    found = only(load_fleet(PLATFORM, [Path("services/acounts/service.yaml")], tmp_path).diagnostics)
    assert found.fix == "write accounts/service.yaml, or make the file"
    found = only(load_fleet(PLATFORM, [Path("services/x/service.yaml")], tmp_path).diagnostics)
    assert found.fix == "check the path, or make the file; beside it there are accounts"


def test_directory_in_place_of_a_file(tmp_path: Path) -> None:
    assert only(load_fleet(PLATFORM, [Path()], tmp_path).diagnostics).code == "file-unreadable"
    assert only(load_fleet(tmp_path, [], tmp_path).diagnostics).code == "file-unreadable"


def test_ten_megabytes_are_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, "big", b"a: b\n" * 2_000_000)
    found = only(load_fleet(PLATFORM, [path], tmp_path).diagnostics)
    assert found.code == "file-too-large"
    assert "10000000 bytes" in found.found


def test_many_and_long_variables(tmp_path: Path) -> None:
    variables = "".join(f"      V{number}: x\n" for number in range(1000))
    spec = MINIMAL_SERVICE + f"    env:\n      LONG: {'é' * 16385}\n{variables}"
    found = load_fleet(PLATFORM, [write(tmp_path, "accounts", spec)], tmp_path).diagnostics
    assert [(diagnostic.code, diagnostic.key) for diagnostic in found] == [
        ("too-many", "environments[0].env"),
        ("variable-too-long", "environments[0].env.LONG"),
    ]
    assert found[0].found == f"{1001 + len(CONTRACT)} variables"
    assert found[1].found == "32770 bytes"
    assert "x" * 100 not in found[1].render()


def test_too_many_permissions(tmp_path: Path) -> None:
    permissions = "".join(f"      - a.b.c{number}\n" for number in range(3001))
    spec = MINIMAL_SERVICE.replace("  owners:", f"  iam:\n    permissions:\n{permissions}  owners:")
    found = only(load_fleet(PLATFORM, [write(tmp_path, "accounts", spec)], tmp_path).diagnostics)
    assert (found.code, found.found, found.fix) == ("too-many", "3001", "take away 1")


def test_broken_platform_leaves_specs_readable(tmp_path: Path) -> None:
    """Others can still say what they know; nothing is claimed about owners that could be declared."""
    path = write(tmp_path, "accounts", MINIMAL_SERVICE)
    (tmp_path / "platform.yaml").write_text("organization: {}\n")
    fleet = load_fleet(Path("platform.yaml"), [path], tmp_path)
    assert fleet.platform is None
    assert has_errors(fleet.diagnostics)
    assert {diagnostic.path for diagnostic in fleet.diagnostics} == {"platform.yaml"}
    assert [service.spec.service.id for service in fleet.services] == ["accounts"]


def test_order_of_arguments_does_not_matter() -> None:
    specs = [path.relative_to(SEVERAL) for path in SEVERAL.glob("services/*/service.yaml")]
    expected = load_fleet(Path("platform.yaml"), sorted(specs), SEVERAL)
    for seed in range(5):
        random.Random(seed).shuffle(specs)
        assert load_fleet(Path("platform.yaml"), specs, SEVERAL) == expected


def test_findings_of_one_file_are_ordered_by_place() -> None:
    found = load_fleet(Path("platform.yaml"), [Path("services/gamma/service.yaml")], SEVERAL).diagnostics
    assert [(d.line, d.column) for d in found] == sorted((d.line, d.column) for d in found)
    assert ordered(reversed(found)) == found
    assert ordered([*found, *found]) == found


def test_same_findings_whatever_the_hash_seed() -> None:
    program = (
        "from pathlib import Path; from spec.loader import load_fleet;"
        f"root = Path({str(SEVERAL)!r});"
        "print(*load_fleet(Path('platform.yaml'), [p.relative_to(root) for p in root.glob('services/*/*.yaml')], root).diagnostics)"
    )
    outputs = set()
    for seed in ("0", "1", "12345"):
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed}
        outputs.add(
            subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout
        )
    assert len(outputs) == 1


SUBSCRIPTION = MINIMAL_SERVICE.replace("type: manual", "type: subscription")
LOCK = """\
images:
  dev:
    repository: europe-west1-docker.pkg.dev/acme-artifacts/services/accounts
    tag: main
    digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"""


def test_a_subscription_has_the_digest_of_its_lock_file(tmp_path: Path) -> None:
    path = write(tmp_path, "accounts", SUBSCRIPTION)
    (tmp_path / path).with_name("images.lock.yaml").write_text(LOCK)
    fleet = load_fleet(PLATFORM, [path], tmp_path)
    assert fleet.diagnostics == ()
    assert fleet.services[0].spec.environments[0].deploy.digest == LOCK.split()[-1]


def test_without_locks_a_subscription_has_no_digest(tmp_path: Path) -> None:
    path = write(tmp_path, "accounts", SUBSCRIPTION)
    (tmp_path / path).with_name("images.lock.yaml").write_text("[")
    fleet = load_fleet(PLATFORM, [path], tmp_path, locked=False)
    assert fleet.diagnostics == ()
    assert fleet.services[0].spec.environments[0].deploy.digest is None


@pytest.mark.parametrize("lock", ["[", "", "images: 3", "images: {dev: {tag: main}}", "images: {DEV: {}}"])
def test_a_broken_lock_file_is_told_once_and_where_it_is(tmp_path: Path, lock: str) -> None:
    path = write(tmp_path, "accounts", SUBSCRIPTION)
    (tmp_path / path).with_name("images.lock.yaml").write_text(lock)
    fleet = load_fleet(PLATFORM, [path], tmp_path)
    assert {diagnostic.path for diagnostic in fleet.diagnostics} == {"services/accounts/images.lock.yaml"}
    assert fleet.services == ()
