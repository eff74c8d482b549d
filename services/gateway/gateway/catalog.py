"""Which models there are, through which endpoint, for which feature, and how much may be asked of them: models.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).parent / "models.toml"

Feature = Literal["chat_completions", "code_completions", "embeddings"]
FEATURES: tuple[Feature, ...] = ("chat_completions", "code_completions", "embeddings")


@dataclass(frozen=True)
class Limits:
    """Of one request, by feature; in tokens."""

    prompt_tokens: int
    output_tokens: int
    default_output_tokens: int
    """What a request that names no maximum gets."""


@dataclass(frozen=True)
class Model:
    name: str
    api: str
    owner: str
    features: frozenset[str]
    context: int
    output: int


@dataclass(frozen=True)
class Catalog:
    models: dict[str, Model]
    limits: dict[str, Limits]

    def find(self, name: str, api: str, feature: str, allowed: frozenset[str] | None) -> Model | None:
        """The model, if this endpoint has it for this feature and the actor may use it (None: all of the feature's)."""
        model = self.models.get(name)
        if model is None or model.api != api or feature not in model.features:
            return None
        return model if allowed is None or name in allowed else None

    def offered(self, feature: str, allowed: frozenset[str] | None) -> list[Model]:
        """What an actor may use for a feature, by name."""
        return [
            model
            for name, model in sorted(self.models.items())
            if feature in model.features and (allowed is None or name in allowed)
        ]


def read_catalog(file: Path = FILE) -> Catalog:
    """Raises KeyError, TypeError where the file has something else than expected: a mistake of the service's."""
    made: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Catalog(
        models={
            name: Model(name=name, **{**found, "features": frozenset(found["features"])})
            for name, found in made["models"].items()
        },
        limits={feature: Limits(**made["limits"][feature]) for feature in FEATURES},
    )
