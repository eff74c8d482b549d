"""Choose the engine of this process, and run stacks on it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from generator.engine import reference
from generator.engine.errors import EngineError
from generator.engine.native import schema

if TYPE_CHECKING:
    from cdktf import App

EngineKind = Literal["native", "jsii"]

_active: tuple[EngineKind, Path] | None = None
_sources: dict[str, str] = {}
"""Provider's local name → its source address in full, as the bindings' schema has it."""


def activate(kind: EngineKind, bindings: Path, *, node: Path | None = None, cache: Path | None = None) -> None:
    """Make `kind` the engine of this process, before any stack (or cdktf) is imported.

    A process has one engine on one set of bindings: the same call again does nothing, another one is an EngineError.

    `bindings` is the folder of the cut bindings (`generator.bindings.ensure()`): its packages become importable, and
    its schema.json drives the native engine. `node` and `cache` are for jsii only: another Node than the packaged
    one, another folder than `reference.cache_folder()`. Raises EngineError.
    """
    global _active
    wanted = (kind, bindings.resolve())
    if _active == wanted:
        return
    if _active is not None:
        raise EngineError(f"the {_active[0]} engine on {_active[1]} is active already; a process has one engine")
    if sys.modules.keys() & {"cdktf", "constructs"}:
        raise EngineError("an engine must be activated before cdktf or constructs are imported")
    providers = schema.read(bindings / "schema.json")
    if kind == "native":
        from generator.engine.native import facade, kernel

        facade.install()
        kernel.use_schema(schema.Schema.of(providers))
    else:
        reference.prepare(node, cache)
    _sources.update({name: provider["source"] for name, provider in providers.items()})
    sys.path.insert(0, os.fspath(wanted[1]))
    _active = wanted


def active() -> EngineKind | None:
    """The engine of this process, None before `activate`."""
    return None if _active is None else _active[0]


def synthesize(build: Callable[[App], None]) -> dict[str, dict[str, Any]]:
    """Run `build` on a new App and return each of its stacks: name → Terraform JSON, with CDKTF's `//` metadata.

    The values are what CDKTF writes, except that provider sources are fully qualified (CDKTF writes `google`).
    Raises Unsupported (native only: repeat the run on jsii, see `rerun_on_jsii`) and EngineError; what `build` itself
    raises passes through. Both engines give equal values; the order of keys is open.
    """
    if _active is None:
        raise EngineError("no engine: call generator.engine.activate first")
    if _active[0] == "jsii":
        stacks = reference.synthesize(build)
    else:
        stacks = _native(build)
    for name, stack in stacks.items():
        _check_backend(name, stack)
        for provider, required in stack["terraform"].get("required_providers", {}).items():
            required["source"] = _sources.get(provider, required["source"])
    return stacks


def _native(build: Callable[[App], None]) -> dict[str, dict[str, Any]]:
    from cdktf import App

    from generator.engine.native import render
    from generator.engine.native.values import PEER

    collecting = gc.isenabled()
    gc.disable()  # construct trees are one big cycle: the collector would walk them again and again and free nothing
    try:
        app = App()
        build(app)
        return render.stacks(app.__dict__[PEER])
    finally:
        if collecting:
            gc.enable()


def _check_backend(name: str, stack: dict[str, Any]) -> None:
    """CDKTF gives a stack without a backend one with this machine's working directory in it."""
    path = stack["terraform"].get("backend", {}).get("local", {}).get("path", "")
    if os.path.isabs(path):
        raise EngineError(f"stack '{name}' has no backend of its own, or a local one with an absolute path: {path}")
