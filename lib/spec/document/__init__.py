"""Files of YAML read strictly, with the place of every key and value."""

from .parse import parse
from .tree import Mapping, Misread, Node, Position, Problem, Scalar, Sequence, data_of, describe

__all__ = [
    "Mapping",
    "Misread",
    "Node",
    "Position",
    "Problem",
    "Scalar",
    "Sequence",
    "data_of",
    "describe",
    "parse",
]
