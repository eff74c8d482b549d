"""The authorisation model: written in OpenFGA's language, compiled to its JSON by OpenFGA's own tool when it changes.

There is no parser of the language in Python, and the tool is no part of images. So `authorization.fga.json` lies beside
`authorization.fga`, made by `python -m runtime.authorization compile`, and says of which text it was made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from runtime.authorization.errors import ModelError

Model: TypeAlias = Mapping[str, Any]
"""As in https://openfga.dev/api/service WriteAuthorizationModel: schema_version, type_definitions, conditions."""

EMPTY_MEANS_SOMETHING = frozenset({"this", "wildcard"})
"""Keys whose empty object is a statement. Everywhere else OpenFGA leaves empty values out or fills them in as it likes."""


def compiled_path(source: Path) -> Path:
    return source.with_name(f"{source.name}.json")


def digest(source: str) -> str:
    """Of which text a model was made; the same with the line endings of another system."""
    return hashlib.sha256("\n".join(source.splitlines()).encode()).hexdigest()


def to_text(source: str, model: Model) -> str:
    """The compiled file."""
    return json.dumps({"madeOf": digest(source), "model": model}, indent=2, sort_keys=True) + "\n"


def load(source: Path) -> Model:
    """The compiled model of a `.fga` file. ModelError where it is missing or was made of another text."""
    compiled = compiled_path(source)
    mend = f"Run `python -m runtime.authorization compile {source.name}` in its folder and commit {compiled.name}."
    try:
        text = source.read_text(encoding="utf-8")
    except OSError:
        raise ModelError(f"{source}: there is no such file. Program.authorization_model has to name it.") from None
    try:
        found = json.loads(compiled.read_text(encoding="utf-8"))
        made_of, model = found["madeOf"], dict(found["model"])
    except OSError:
        raise ModelError(f"{compiled}: found no such file, expected {source.name} as JSON. {mend}") from None
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{compiled}: found something else than a compiled model. {mend}") from None
    if made_of != digest(text):
        raise ModelError(f"{compiled}: was made of another {source.name}. {mend}")
    return model


def normalised(model: Model) -> str:
    """The same text for models that mean the same, whether the server or the tool wrote them down."""
    kept = {key: model.get(key) for key in ("schema_version", "type_definitions", "conditions")}
    return json.dumps(_without_nothing(kept), sort_keys=True)


def _without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {name: _without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if name in EMPTY_MEANS_SOMETHING or one not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    return value
