"""The features that both engines must make the same of. Import this after `generator.engine.activate` only."""

from generator.engine.testing.features import arguments as arguments
from generator.engine.testing.features import references as references
from generator.engine.testing.features import trees as trees
from generator.engine.testing.features.registry import FEATURES as FEATURES
from generator.engine.testing.features.registry import Feature as Feature
