"""As much of PromQL as a spec is checked for before Cloud Monitoring sees it: brackets and quotes.

https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

from __future__ import annotations

_CLOSES = {")": "(", "]": "[", "}": "{"}


def unbalanced(query: str) -> str | None:
    """What to mend; None where every bracket and quote is closed."""
    opened: list[str] = []
    quote, escaped, comment = "", False, False
    for character in query:
        if comment:
            comment = character != "\n"
        elif quote:
            closes = character == quote and not escaped
            # Backslashes mean nothing between backticks.
            escaped = character == "\\" and not escaped and quote != "`"
            quote = "" if closes else quote
        elif character in "\"'`":
            quote, escaped = character, False
        elif character == "#":
            comment = True
        elif character in "([{":
            opened.append(character)
        elif character in _CLOSES and (not opened or opened.pop() != _CLOSES[character]):
            return f"take away the `{character}` that closes nothing, or open it before"
    if quote:
        return f"close the quote that {quote} opens"
    return f"close the `{opened[-1]}`" if opened else None
