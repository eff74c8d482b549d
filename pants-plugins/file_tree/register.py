"""One target type, `file_tree`, for what tests read."""

from __future__ import annotations

from file_tree import rules as file_tree_rules


def target_types():
    return (file_tree_rules.FileTreeTarget,)


def rules():
    return file_tree_rules.rules()
