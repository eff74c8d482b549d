"""Cut the published packages down to what the seam names, and recover the providers' schemas from them.

`cut()` writes into a folder:
- the import packages `constructs`, `cdktf` and one per provider, without run-time type checks, docstrings and, for
  the providers, every module that the seam does not name; names, versions and jsii names are unchanged, so stacks,
  mypy and the jsii kernel see the published packages, only smaller. Provider modules are loaded on first use;
- their byte code for the running Python;
- `schema.json`, for the validator, the in-process engine and the stub provider.

schema.json is one object, `{"<provider's local name>": provider, …}`, and a provider is:
    source       "registry.terraform.io/hashicorp/google"      version      "6.50.0"
    package      "cdktf_cdktf_provider_google"                 constraint   "~> 6.0" (what CDKTF generated them for)
    provider     the entry of the provider's own configuration
    resource, data, ephemeral    {"<terraform type>": entry}
An entry is
    module       the module of the package that holds it       class, config   its class and its config struct
    block        its block
(ephemeral resources have only a block: CDKTF has no construct for them; of a provider that is used for nothing else,
package, constraint, module, class and config are empty). A block is
    {"attributes": {"<terraform name>": attribute}, "blocks": {"<terraform name>": block type}}
An attribute is
    type         Terraform's JSON type: "string", ["list", "string"], ["map", …], ["object", {"<name>": type}]
    js           its jsii property; `name_mapping` of the Python struct maps Python names to these
    required, optional, computed, write_only    true, or not there; computed alone: it can only be read
    values       the strings that the provider accepts, where its documentation lists them
    class        the class it is read through, where that is not a plain token: "cdktf.StringMap" or one of the module
A block type is
    nesting      "single", "list", "set" or "map"              block        its block
    js, class    as above                                      struct       the Python struct it is given as
    min_items    1 when it is required                         max_items    1 when it may be given once
    computed     true when the provider may fill it            attribute    true when it is an attribute of objects
Neither depends on where the packages came from: equal packages and an equal seam give equal bytes.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from generator.bindings import bytecode
from generator.bindings.errors import BindingsError
from generator.bindings.javascript import Unreadable
from generator.bindings.python_source import lazy_parent, lighten, with_submodule_map
from generator.bindings.recover import Recovered, recover
from generator.bindings.seam import CORE_PACKAGES, PROVIDER_PREFIX, SeamLine, modules_by_package
from generator.bindings.sources import Distribution, find_distributions
from generator.bindings.supplement import ephemeral_resources, mark_write_only, providers_without_bindings
from generator.bindings.tarball import (
    ASSEMBLY,
    Assembly,
    directory_of,
    dump_assembly,
    module_of,
    read_assembly,
    read_tarball,
    required_directories,
    slim_index,
    without_source_map,
    write_tarball,
)
from generator.terraform.address import qualified_source

SCHEMA_FILE = "schema.json"


@dataclass(frozen=True)
class CutProvider:
    """One provider package, cut: its files by path and its part of schema.json."""

    name: str
    files: dict[str, bytes]
    schema: dict[str, Any]


def cut(wheels: Sequence[Path], seam: Sequence[SeamLine], out: Path) -> None:
    """Write the cut of the packages in `wheels` that `seam` needs into the folder `out`.

    Raises BindingsError when a package or module is missing or unreadable, or when `out` cannot be written.
    """
    wanted = modules_by_package(seam)
    distributions = find_distributions(wheels, [*CORE_PACKAGES, *wanted])
    for package in wanted:
        _require_modules(distributions[package], [line for line in seam if line.package == package])
    files: dict[str, bytes] = {}
    for package in CORE_PACKAGES:
        files.update(_cut_core(distributions[package]))
    schema: dict[str, Any] = {}
    for package, modules in wanted.items():
        provider = cut_provider(distributions[package], modules)
        files.update(provider.files)
        schema[provider.name] = provider.schema
    schema.update(providers_without_bindings())
    files[SCHEMA_FILE] = json.dumps(schema, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    _write(files, out)
    bytecode.compile_folder(out, sorted(name for name in files if name.endswith(".py")))


def cut_provider(distribution: Distribution, modules: Collection[str]) -> CutProvider:
    """The provider's package with only `modules` and what their JavaScript requires."""
    package = distribution.package
    tarball = distribution.tarball()
    kept, scripts = _read_scripts(distribution, modules)
    assembly = read_assembly(scripts[ASSEMBLY], kept)
    files = {tarball: _slim_tarball(assembly, scripts)}
    names = {f"{package}/_jsii/__init__.py", *(f"{package}/{module}/__init__.py" for module in kept)}
    for name in sorted(names):
        files[name] = lighten(distribution.read(name).decode()).encode()
    fqns = {fqn: f"{package}.{module_of(entry)}" for fqn, entry in assembly["submodules"].items()}
    init = f"{package}/_jsii/__init__.py"
    files[init] = with_submodule_map(files[init].decode(), fqns).encode()
    files[f"{package}/__init__.py"] = lazy_parent(distribution.package, distribution.version, kept).encode()
    files[f"{package}/py.typed"] = b""
    return CutProvider(
        name=package.removeprefix(PROVIDER_PREFIX),
        files=files,
        schema=_recover_provider(distribution, assembly, scripts),
    )


def _cut_core(distribution: Distribution) -> dict[str, bytes]:
    files = {}
    for name in distribution.names():
        data = distribution.read(name)
        files[name] = lighten(data.decode()).encode() if name.endswith(".py") else data
    return files


def _require_modules(distribution: Distribution, lines: Sequence[SeamLine]) -> None:
    parts = (name.split("/") for name in distribution.names())
    available = {part[1] for part in parts if len(part) == 3 and part[2] == "__init__.py" and part[1] != "_jsii"}
    unknown = [line for line in lines if line.module not in available]
    if unknown:
        messages = []
        for line in unknown:
            near = difflib.get_close_matches(line.module, available, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            wheel = f"{line.package.replace('_', '-')} {distribution.version}"
            messages.append(f"{line.path}:{line.line}: {wheel} has no module {line.module}{hint}")
        raise BindingsError("\n".join(messages))


def _read_scripts(distribution: Distribution, modules: Collection[str]) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """The modules with those that their JavaScript requires, and the tarball's files for them, by name."""
    data = distribution.read(distribution.tarball())
    kept = frozenset(modules)
    while True:
        scripts = read_tarball(data, partial(_is_needed, kept), str(distribution.origin))
        required = {directory.replace("-", "_") for directory in required_directories(scripts)}
        if required <= kept:
            return tuple(sorted(kept)), scripts
        kept |= required


def _is_needed(modules: Collection[str], name: str) -> bool:
    parts = name.split("/")
    if len(parts) == 2:
        return parts[1] in (".jsii", "package.json", "LICENSE")
    return len(parts) > 3 and parts[1] == "lib" and parts[2].replace("-", "_") in modules and name.endswith(".js")


def _slim_tarball(assembly: Assembly, scripts: Mapping[str, bytes]) -> bytes:
    files = {name: without_source_map(data) if name.endswith(".js") else data for name, data in scripts.items()}
    files[ASSEMBLY] = dump_assembly(assembly)
    files["package/lib/index.js"] = slim_index(assembly)
    return write_tarball(files)


def _recover_provider(distribution: Distribution, assembly: Assembly, scripts: Mapping[str, bytes]) -> dict[str, Any]:
    name = distribution.package.removeprefix(PROVIDER_PREFIX)
    schema: dict[str, Any] = {"package": distribution.package, "resource": {}, "data": {}}
    for fqn, submodule in assembly["submodules"].items():
        recovered = _recover_module(distribution, fqn, submodule, assembly, scripts)
        if recovered.kind == "provider":
            schema["provider"] = recovered.entry
            schema["source"] = qualified_source(recovered.provider_source or name)
            schema["version"] = recovered.provider_version
            schema["constraint"] = recovered.provider_constraint
        else:
            if recovered.kind == "resource":
                mark_write_only(recovered.entry)
            schema[recovered.kind][recovered.name] = recovered.entry
    if "provider" not in schema:
        raise BindingsError(
            f"the seam names modules of {distribution.package} but not its module provider; import it too"
        )
    schema["ephemeral"] = ephemeral_resources(name)
    return schema


def _recover_module(
    distribution: Distribution, fqn: str, submodule: Mapping[str, Any], assembly: Assembly, scripts: Mapping[str, bytes]
) -> Recovered:
    folder = f"package/lib/{directory_of(submodule)}/"
    source = "\n".join(scripts[name].decode() for name in sorted(scripts) if name.startswith(folder))
    module = module_of(submodule)
    try:
        return recover(module, fqn, source, assembly)
    except Unreadable as error:
        where = f"{distribution.package}.{module} {distribution.version}"
        raise BindingsError(f"{where}: the schema cannot be recovered: {error}") from error


def _write(files: Mapping[str, bytes], out: Path) -> None:
    try:
        for name, data in sorted(files.items()):
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise BindingsError(f"{error.filename or out}: cannot write the bindings: {error.strerror}") from error
