"""A file's tree against a section of the model: findings, and what of it can be used all the same."""

from .validate import Checked, check

__all__ = ["Checked", "check"]
