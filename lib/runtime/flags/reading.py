"""Reads `flags.toml`: everything that is wrong with it at once, with its lines.

    [new_checkout]
    type = "boolean"
    default = false
    description = "The checkout in one page."
    owner = "payments"
    expires = 2027-03-31

    [[new_checkout.rules]]
    actors = ["user:1"]
    serve = true

    [[new_checkout.rules]]
    where = {plan = ["pro", "team"]}
    percent = 20
    serve = true

    [button]
    type = "string"
    variants = {plain = "#888", loud = "#f00"}
    default = "plain"
    description = "The button's colour."
    owner = "payments"

    [[button.rules]]
    split = {plain = 50, loud = 50}

Why TOML: the standard library reads it (docs/adr/0040-feature-flags.md).
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from runtime.flags.definitions import OFF, ON, Flag, Rule
from runtime.flags.errors import Finding, FlagsFileError
from runtime.flags.positions import Keys, line_of, positions

NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")

FLAG_KEYS = ("type", "variants", "default", "description", "owner", "expires", "rules")
RULE_KEYS = ("actors", "where", "percent", "serve", "split")

FITS: Mapping[str, Callable[[Any], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value),
    "object": lambda value: isinstance(value, (dict, list)),
}


def read_flags(path: Path) -> Mapping[str, Flag]:
    """The flags by name. FlagsFileError with all findings; OSError where there is no such file."""
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        line = int(said[2]) if said and said[2] else text.count("\n") + 1
        raise FlagsFileError(path.name, [Finding(line, "the file", said[1] if said else str(error), "TOML")]) from None
    reading = _Reading(positions(text))
    flags = {name: reading.flag(name, table) for name, table in raw.items()}
    if reading.findings:
        raise FlagsFileError(path.name, reading.findings)
    return {name: flag for name, flag in flags.items() if flag is not None}


class _Reading:
    """One file's reading. What is wrong is noted, and reading goes on."""

    def __init__(self, lines: Mapping[Keys, int]) -> None:
        self._lines = lines
        self.findings: list[Finding] = []

    def flag(self, name: str, table: Any) -> Flag | None:
        if not isinstance(table, dict):
            self._wrong((name,), _shown(table), f"a table: [{name}]")
            return None
        if not NAME.fullmatch(name):
            self._wrong((name,), repr(name), "small letters and digits, with underscores or dashes between")
        self._known((name,), table, FLAG_KEYS)
        kind: Any = table.get("type")
        if kind not in FITS:
            self._wrong((name, "type"), _shown(kind), f"one of {', '.join(FITS)}")
            return None
        variants = self._variants((name,), kind, table.get("variants"))
        return Flag(
            name=name,
            type=kind,
            variants=variants,
            default=self._variant((name, "default"), table.get("default"), variants),
            description=self._text((name, "description"), table.get("description")),
            owner=self._text((name, "owner"), table.get("owner")),
            expires=self._date((name, "expires"), table.get("expires")),
            rules=self._rules((name, "rules"), table.get("rules", []), variants),
        )

    def _variants(self, here: Keys, kind: str, raw: Any) -> Mapping[str, Any]:
        if kind == "boolean":
            if raw is not None:
                self._wrong((*here, "variants"), _shown(raw), "none: a boolean flag has on and off")
            return {ON: True, OFF: False}
        if not isinstance(raw, dict) or not raw:
            self._wrong((*here, "variants"), _shown(raw), f"names with a {kind} each: variants = {{a = …, b = …}}")
            return {}
        for name, value in raw.items():
            if not FITS[kind](value):
                self._wrong((*here, "variants", name), _shown(value), f"a {kind}")
        return raw

    def _rules(self, here: Keys, raw: Any, variants: Mapping[str, Any]) -> tuple[Rule, ...]:
        if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
            self._wrong(here, _shown(raw), f"tables: [[{'.'.join(map(str, here))}]]")
            return ()
        return tuple(self._rule((*here, index), each, variants) for index, each in enumerate(raw))

    def _rule(self, here: Keys, raw: dict[str, Any], variants: Mapping[str, Any]) -> Rule:
        self._known(here, raw, RULE_KEYS)
        if ("serve" in raw) == ("split" in raw):
            self._wrong(here, "both" if "serve" in raw else "neither", "either serve or split: what the rule gives")
        if not raw.keys() & {"actors", "where", "percent", "split"}:
            self._wrong(here, "no condition", "actors, where or percent; what everybody gets is `default`")
        actors, percent = raw.get("actors"), raw.get("percent")
        if actors is not None and not (isinstance(actors, list) and actors and all(isinstance(a, str) for a in actors)):
            self._wrong((*here, "actors"), _shown(actors), 'ids: ["user:1"]')
            actors = []
        if percent is not None and not (FITS["number"](percent) and 0 <= percent <= 100):
            self._wrong((*here, "percent"), _shown(percent), "a number from 0 to 100")
        return Rule(
            actors=None if actors is None else frozenset(actors),
            where=self._where((*here, "where"), raw.get("where")),
            percent=percent,
            serve=self._variant((*here, "serve"), raw["serve"], variants) if "serve" in raw else None,
            split=self._split((*here, "split"), raw["split"], variants) if "split" in raw else None,
        )

    def _where(self, here: Keys, raw: Any) -> Mapping[str, Any] | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or not raw:
            self._wrong(here, _shown(raw), 'attributes: {plan = ["pro"]}')
            return None
        return {name: value if isinstance(value, list) else [value] for name, value in raw.items()}

    def _split(self, here: Keys, raw: Any, variants: Mapping[str, Any]) -> Mapping[str, float]:
        if not isinstance(raw, dict) or not all(FITS["number"](each) and each >= 0 for each in raw.values()):
            self._wrong(here, _shown(raw), "variants with their percent: {a = 50, b = 50}")
            return {}
        for name in raw:
            self._variant((*here, name), name, variants)
        if abs(sum(raw.values()) - 100) > 1e-6:
            self._wrong(here, f"a sum of {sum(raw.values()):g}", "percents that make 100")
        return raw

    def _variant(self, here: Keys, raw: Any, variants: Mapping[str, Any]) -> str:
        if isinstance(raw, bool) and variants.keys() == {ON, OFF}:
            return ON if raw else OFF
        if variants and raw not in variants:
            names = "true or false" if variants.keys() == {ON, OFF} else f"one of {', '.join(variants)}"
            self._wrong(here, _shown(raw), names)
        return str(raw)

    def _text(self, here: Keys, raw: Any) -> str:
        if not isinstance(raw, str) or not raw.strip():
            self._wrong(here, _shown(raw), "some words" if here[-1] == "description" else "the team that answers for it")
        return str(raw)

    def _date(self, here: Keys, raw: Any) -> date | None:
        if raw is not None and (not isinstance(raw, date) or isinstance(raw, datetime)):
            self._wrong(here, _shown(raw), "a date without quotes: 2027-03-31")
            return None
        return raw

    def _known(self, here: Keys, table: Mapping[str, Any], known: Iterable[str]) -> None:
        names = tuple(known)
        for key in table:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                self._wrong((*here, key), "no such key", near[0] if near else f"one of {', '.join(names)}")

    def _wrong(self, keys: Keys, found: str, expected: str) -> None:
        self.findings.append(Finding(line_of(self._lines, keys), ".".join(map(str, keys)), found, expected))


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"a {type(value).__name__}" if isinstance(value, (dict, list)) else repr(value)
