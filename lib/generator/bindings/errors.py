"""The one error that cutting the bindings may end in; the CLI prints it as one line and exits with 2."""

from __future__ import annotations


class BindingsError(Exception):
    """What is wrong with the wheels, the seam or the output folder, in one line that ends with the remedy."""
