"""What can go wrong at the seam."""

from __future__ import annotations

JSII_ENGINE_OPTION = ("--engine", "jsii")
"""What a program adds to its own arguments to repeat the whole run on the reference engine."""


class EngineError(Exception):
    """The engine cannot be started, or it made something that must not be written. The text is for users."""


class Unsupported(EngineError):
    """The native engine was asked for something that only the reference engine (jsii) can do.

    Raised before any output exists, so that the caller can repeat the whole run with `JSII_ENGINE_OPTION`: one
    process holds one engine only.
    """

    def __init__(self, asked: str, hint: str = "") -> None:
        """`asked` names the class, method or value; `hint` says what to write instead, where there is something."""
        self.asked = asked
        text = f"the native engine does not offer {asked}"
        super().__init__(f"{text}; {hint}" if hint else text)


def rerun_on_jsii(argv: list[str]) -> list[str]:
    """The arguments of the same run on the reference engine, whatever engine `argv` names now.

    The engine is a property of the process (the bindings are bound to it when they are imported), so the caller
    starts the returned arguments in a new process, or replaces itself by them.
    """
    option, engine = JSII_ENGINE_OPTION
    kept: list[str] = []
    rest = iter(argv)
    for argument in rest:
        if argument == option:
            next(rest, None)
        elif not argument.startswith(option + "="):
            kept.append(argument)
    return [*kept, option, engine]
