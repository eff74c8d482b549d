"""Two target types for what tests read: `file_tree` and `file_view`."""

from __future__ import annotations

from file_tree import rules as file_tree_rules


def target_types():
    return (file_tree_rules.FileTreeTarget, file_tree_rules.FileViewTarget)


def rules():
    return file_tree_rules.rules()
