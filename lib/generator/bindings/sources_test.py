from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from generator.bindings.errors import BindingsError
from generator.bindings.sources import find_distributions

_FILES = {
    "some_package/__init__.py": "code",
    "some_package/_jsii/some@1.0.0.jsii.tgz": "tarball",
    "some_package/__pycache__/__init__.cpython-311.pyc": "byte code",
    "some_package-1.0.0.dist-info/RECORD": "some_package/__init__.py,sha256=abc,4\nsome_package-1.0.0.dist-info/RECORD,,\n",
}


def _folder(root: Path) -> Path:
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def _wheel(root: Path) -> Path:
    with zipfile.ZipFile(root / "some_package-1.0.0-py3-none-any.whl", "w") as archive:
        for name, text in _FILES.items():
            archive.writestr(name, text)
    return root / "some_package-1.0.0-py3-none-any.whl"


def test_a_folder_and_a_wheel_of_one_package_are_the_same(tmp_path: Path) -> None:
    for path in (_folder(tmp_path), _wheel(tmp_path)):
        found = find_distributions([path], ["some_package"])["some_package"]
        assert found.version == "1.0.0"
        assert found.names() == ["some_package/__init__.py", "some_package/_jsii/some@1.0.0.jsii.tgz"]
        assert found.read("some_package/__init__.py") == b"code"
        assert found.tarball() == "some_package/_jsii/some@1.0.0.jsii.tgz"


def test_the_fingerprint_covers_the_packages_files_only(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    before = find_distributions([folder], ["some_package"])["some_package"].fingerprint()
    record = folder / "some_package-1.0.0.dist-info" / "RECORD"
    record.write_text(record.read_text() + "some_package-1.0.0.dist-info/INSTALLER,sha256=x,1\n")
    assert find_distributions([folder], ["some_package"])["some_package"].fingerprint() == before
    record.write_text(record.read_text().replace("sha256=abc", "sha256=abd"))
    assert find_distributions([folder], ["some_package"])["some_package"].fingerprint() != before


def test_without_a_record_the_tarball_is_the_fingerprint(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "some_package-1.0.0.dist-info" / "METADATA").write_text("")
    (folder / "some_package-1.0.0.dist-info" / "RECORD").unlink()
    before = find_distributions([folder], ["some_package"])["some_package"].fingerprint()
    (folder / "some_package/_jsii/some@1.0.0.jsii.tgz").write_text("other")
    assert find_distributions([folder], ["some_package"])["some_package"].fingerprint() != before


def test_all_missing_packages_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BindingsError, match=r"no wheel of other-one, other-two in .*; pass each with --wheel PATH"):
        find_distributions([_folder(tmp_path)], ["some_package", "other_one", "other_two"])


def test_a_path_that_is_no_wheel_is_told(tmp_path: Path) -> None:
    with pytest.raises(BindingsError, match="no such wheel or folder"):
        find_distributions([tmp_path / "absent.whl"], ["some_package"])
    (tmp_path / "broken.whl").write_bytes(b"PK but not a zip")
    with pytest.raises(BindingsError, match=r"broken\.whl: not a wheel"):
        find_distributions([tmp_path / "broken.whl"], ["some_package"])


def test_a_damaged_wheel_is_told_when_it_is_read(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path)
    wheel.write_bytes(wheel.read_bytes().replace(b"code", b"c0de", 1))
    found = find_distributions([wheel], ["some_package"])["some_package"]
    with pytest.raises(BindingsError, match="cannot read some_package/__init__.py: .*; install or fetch it again"):
        found.read("some_package/__init__.py")


def test_a_package_without_a_tarball_is_not_a_jsii_package(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "some_package/_jsii/some@1.0.0.jsii.tgz").unlink()
    with pytest.raises(BindingsError, match=r"should carry one \*\.jsii\.tgz, found 0"):
        find_distributions([folder], ["some_package"])["some_package"].tarball()
