"""Read what is needed from a jsii tarball in one pass, and write a smaller one that is the same bytes every time.

The Google tarball holds 307 MB in 3,000 files; all of it must be inflated to reach the last file, but only the
wanted files are kept in memory.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Container, Mapping
from typing import Any

from generator.bindings.errors import BindingsError

Assembly = dict[str, Any]
"""A `.jsii` file: the types of a package as jsii describes them. https://aws.github.io/jsii/ (`@jsii/spec`)."""

ASSEMBLY = "package/.jsii"
_NPM_MTIME = 499162500
"""The modification time that npm writes into every package (seconds since 1970)."""
_SOURCE_MAP = b"//# sourceMappingURL="


def read_tarball(data: bytes, wanted: Callable[[str], bool], origin: str) -> dict[str, bytes]:
    """The wanted files by name. Raises BindingsError when the tarball is damaged or holds no assembly."""
    files: dict[str, bytes] = {}
    try:
        with gzip.open(io.BytesIO(data)) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            for member in archive:
                if member.isfile() and wanted(member.name):
                    content = archive.extractfile(member)
                    files[member.name] = content.read() if content else b""
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise BindingsError(f"{origin}: unreadable tarball: {error}; install or fetch the wheel again") from error
    if ASSEMBLY not in files:
        raise BindingsError(f"{origin}: no {ASSEMBLY} in the tarball; is it a jsii package?")
    return files


def write_tarball(files: Mapping[str, bytes]) -> bytes:
    """A gzipped tarball of the files in the order of their names, without owner, mode or time of this machine."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(files[name]), 0o644, _NPM_MTIME
            archive.addfile(entry, io.BytesIO(files[name]))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0, compresslevel=1) as stream:
        stream.write(plain.getvalue())
    return packed.getvalue()


def without_source_map(script: bytes) -> bytes:
    """The JavaScript without its inlined source map, which is as long as the code itself."""
    start = script.rfind(b"\n" + _SOURCE_MAP)
    return script if start < 0 else script[: start + 1]


def read_assembly(data: bytes, modules: Container[str]) -> Assembly:
    """The assembly with only the submodules and types of the given Python modules.

    Parsing all 99 MB of Google's would take 1.6 s and 700 MB. jsii writes one type per block of lines indented by
    two spaces, so the wanted ones are cut out as text first; a file in another form is parsed whole.
    """
    opening, closing = b'\n  "types": {\n', b"\n  }"
    start = data.find(opening)
    if start < 0:
        assembly: Assembly = json.loads(data)
        types = assembly.get("types", {})
    else:
        end = data.index(closing, start)
        assembly = json.loads(data[: start + len(opening)] + data[end:])
        types = None
    kept = {fqn: entry for fqn, entry in assembly["submodules"].items() if module_of(entry) in modules}
    if types is None:
        types = _read_types(data, start, end, assembly["name"], kept)
    slim = {key: value for key, value in assembly.items() if key != "readme"}
    slim["submodules"] = {fqn: kept[fqn] for fqn in sorted(kept)}
    slim["types"] = {fqn: types[fqn] for fqn in sorted(types) if _submodule_of(fqn) in kept}
    return slim


def module_of(submodule: Mapping[str, Any]) -> str:
    """The Python module of a submodule's entry, whose symbolId is like `src/project-iam-member/index:`."""
    return directory_of(submodule).replace("-", "_")


def directory_of(submodule: Mapping[str, Any]) -> str:
    """The folder below `lib/` that holds a submodule's JavaScript."""
    path: str = submodule["symbolId"].rsplit("/index", 1)[0]
    return path.split("/")[-1]


def _submodule_of(fqn: str) -> str:
    return ".".join(fqn.split(".")[:2])


def _read_types(data: bytes, start: int, end: int, name: str, submodules: Container[str]) -> dict[str, Any]:
    """The types of the given submodules from the text between `start` and `end`: `    "<fqn>": {…    }`."""
    prefix = b'\n    "%s.' % name.encode()
    found: dict[str, Any] = {}
    at = data.find(prefix, start, end)
    while at >= 0:
        key_end = data.index(b'"', at + len(prefix))
        entry_end = data.index(b"\n    }", key_end) + len(b"\n    }")
        fqn = data[at + len(b'\n    "') : key_end].decode()
        if _submodule_of(fqn) in submodules:
            found[fqn] = json.loads(data[key_end + len(b'": ') : entry_end])
        at = data.find(prefix, entry_end, end)
    return found


def _without_docs(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_docs(v) for k, v in value.items() if k not in ("docs", "locationInModule", "readme")}
    if isinstance(value, list):
        return [_without_docs(item) for item in value]
    return value


def dump_assembly(assembly: Assembly) -> bytes:
    """The assembly as compact JSON with sorted keys, without documentation."""
    return json.dumps(_without_docs(assembly), separators=(",", ":"), sort_keys=True).encode()


_RELATIVE_REQUIRE = re.compile(rb'require\("\.\./([\w-]+)(?:/index)?(?:\.js)?"\)')


def required_directories(files: Mapping[str, bytes]) -> set[str]:
    """The sibling folders of `lib/` that the scripts in `files` require."""
    return {match[1].decode() for data in files.values() for match in _RELATIVE_REQUIRE.finditer(data)}


def slim_index(assembly: Assembly) -> bytes:
    """A `lib/index.js` that requires a submodule when it is first used, not all of them at once."""
    lines = ['"use strict";', 'Object.defineProperty(exports, "__esModule", { value: true });']
    for fqn, submodule in sorted(assembly["submodules"].items()):
        name = json.dumps(fqn.split(".")[-1])
        require = f'function () {{ return require("./{directory_of(submodule)}"); }}'
        lines.append(f"Object.defineProperty(exports, {name}, {{ enumerable: true, get: {require} }});")
    return ("\n".join(lines) + "\n").encode()
