"""Commands to copy into a shell (POSIX sh, bash, zsh): every value quoted, long commands broken over lines."""

from __future__ import annotations

import shlex

WIDTH = 110
"""Columns from which a command is broken before its options."""


def quote(argument: str) -> str:
    """One argument, whatever is in it; with a control character in it, in the form `$'\\n'` that bash and zsh share."""
    if argument.isprintable():
        return shlex.quote(argument)
    return f"$'{''.join(_ansi_c(character) for character in argument)}'"


def command(*words: str, then: str = "", **options: str | int | bool | None) -> str:
    """`words`, then `--option=value` each (True: `--option` alone; None: left out), then `then` as it is.

    `then` is shell text from this code, such as a placeholder or what follows `--`.
    """
    head = " ".join(quote(word) for word in words)
    flags = [
        f"--{name.replace('_', '-')}" + ("" if value is True else f"={quote(str(value))}")
        for name, value in options.items()
        if value is not None
    ]
    tail = [then] if then else []
    line = " ".join([head, *flags, *tail])
    return line if len(line) <= WIDTH else " \\\n  ".join([head, *flags, *tail])


def gcloud(*words: str, then: str = "", **options: str | int | bool | None) -> str:
    return command("gcloud", *words, then=then, **options)


def terraform(program: str, folder: str, *words: str) -> str:
    """Terraform (or OpenTofu: `program`) in a stack's folder, from the repository's root."""
    return " ".join([program, f"-chdir={quote(folder)}", *(quote(word) for word in words)])


def pants(goal: str, *arguments: str) -> str:
    return command("./pants", goal, *arguments)


def _ansi_c(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    return character if character.isprintable() else "".join(f"\\{byte:03o}" for byte in character.encode())
