"""What is generated from the model for readers: JSON Schemas for editors, reference pages for people."""

from .files import reference_files

__all__ = ["reference_files"]
