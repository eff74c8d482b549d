"""Answers of OpenFGA's real evaluator to questions about a model and tuples, without a server.

`fga model test` runs OpenFGA's own server code on a store file, with assertions; what it got instead is the answer.
"""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from runtime.authorization.compiling import run_tool

Json: TypeAlias = dict[str, Any]

CODES = {
    2000: "validation_error",
    2002: "authorization_model_resolution_too_complex",
    2009: "invalid_check_input",
    2012: "invalid_object_format",
    2021: "type_not_found",
    2022: "relation_not_found",
    2025: "invalid_user",
    2027: "invalid_tuple",
}
"""https://github.com/openfga/api, openfga/v1/errors_ignore.proto: those that questions may be answered with."""

ERROR = re.compile(r"error=rpc error: code = (?:Code\((?P<number>\d+)\)|(?P<name>\w+)) desc = (?P<message>.*)")
INVALID_TUPLE = re.compile(r"(?P<message>Invalid tuple '(?P<key>.*)'\. Reason: .*)")

CACHED = 10_000


class Refusal(Exception):
    """OpenFGA's answer is an error: its status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Query:
    """One question, in the words of a store file: https://openfga.dev/docs/modeling/testing"""

    kind: Literal["check", "list_objects", "list_users"]
    relation: str
    about: Mapping[str, Any]
    """What the assertion is about: user and object, user and type, or object and user_filter."""
    context: Mapping[str, Any] | None = None
    contextual: Sequence[Json] = ()

    def as_test(self) -> Json:
        # What is asserted does not matter: the output says what was found.
        asserted: Any = {"check": True, "list_objects": [], "list_users": {"users": []}}[self.kind]
        item: Json = {**self.about, "assertions": {self.relation: asserted}}
        if self.context:
            item["context"] = self.context
        return {"name": "question", "tuples": list(self.contextual), self.kind: [item]}


Answer: TypeAlias = Any
"""True or False, object names, user names; or a Refusal."""


class Evaluator:
    """Thread-safe. The same question about the same state is evaluated once."""

    def __init__(self) -> None:
        self._cache: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def ask(self, model: Json, tuples: Sequence[Json], queries: Sequence[Query]) -> list[Answer]:
        """One answer for each question. Tuples that the model has no place for are left out, as the server does."""
        state = json.dumps([model, tuples], sort_keys=True)
        keys = [state + json.dumps([q.kind, q.relation, q.about, q.context, q.contextual], sort_keys=True) for q in queries]
        with self._lock:
            known = {key: self._cache[key] for key in keys if key in self._cache}
        open_ = {key: query for key, query in zip(keys, queries, strict=True) if key not in known}
        if open_:
            found = dict(zip(open_, self._evaluate(model, tuples, list(open_.values())), strict=True))
            known |= found
            with self._lock:
                if len(self._cache) > CACHED:
                    self._cache.clear()
                self._cache |= found
        return [known[key] for key in keys]

    def validate(self, model: Json, tuples: Sequence[Json]) -> None:
        """Refusal where the model has no place for one of the tuples."""
        probe = Query("check", "-", {"user": "-:-", "object": "-:-"})
        output = _run(model, tuples, [probe], verbose=False)
        found = INVALID_TUPLE.search(output)
        if found:
            raise Refusal(400, "validation_error", found["message"])

    def _evaluate(self, model: Json, tuples: Sequence[Json], queries: list[Query]) -> list[Answer]:
        left = list(tuples)
        while True:
            output = _run(model, left, queries, verbose=True)
            invalid = INVALID_TUPLE.search(output)
            if not invalid:
                break
            kept = [one for one in left if key_of(one) != invalid["key"]]
            if len(kept) == len(left):
                # It is one of a question's own.
                return [self._alone(model, left, query, invalid["message"], len(queries)) for query in queries]
            left = kept
        results = json.loads(output)
        return [self._got(model, left, query, result) for query, result in zip(queries, results, strict=True)]

    def _alone(self, model: Json, tuples: Sequence[Json], query: Query, message: str, of: int) -> Answer:
        if of == 1:
            return Refusal(400, "validation_error", message)
        return self._evaluate(model, tuples, [query])[0]

    def _got(self, model: Json, tuples: Sequence[Json], query: Query, result: Json) -> Answer:
        item = result[f"{query.kind}_results"][0]
        if item["error"] is not None:
            return _refusal(_run(model, tuples, [query], verbose=False))
        if query.kind == "check":
            return bool(item["got"])
        if query.kind == "list_objects":
            return list(item["got"] or ())
        return list((item["got"] or {}).get("users") or ())


def key_of(one: Mapping[str, Any]) -> str:
    """A tuple as OpenFGA's messages name it."""
    return f"{one['object']}#{one['relation']}@{one['user']}"


def validate_model(model: Json) -> None:
    """Refusal where it is no valid model."""
    with tempfile.TemporaryDirectory() as name:
        Path(name, "model.json").write_text(json.dumps(model), encoding="utf-8")
        done = run_tool("model", "validate", "--format", "json", "--file", "model.json", folder=Path(name))
    if done.returncode:
        try:
            message = str(json.loads(done.stdout)["error"])
        except (ValueError, KeyError):
            message = done.stderr.strip()
        raise Refusal(400, "invalid_authorization_model", message)


def _run(model: Json, tuples: Sequence[Json], queries: Sequence[Query], *, verbose: bool) -> str:
    """The tool's output."""
    store = {"model_file": "model.json", "tuples": list(tuples), "tests": [query.as_test() for query in queries]}
    with tempfile.TemporaryDirectory() as name:
        Path(name, "model.json").write_text(json.dumps(model), encoding="utf-8")
        # JSON is YAML.
        Path(name, "store.yaml").write_text(json.dumps(store), encoding="utf-8")
        flags = ("--verbose", "--suppress-summary") if verbose else ()
        done = run_tool("model", "test", "--tests", "store.yaml", *flags, folder=Path(name))
    if verbose and done.stdout.startswith("["):
        return done.stdout
    return done.stdout + done.stderr


def _refusal(output: str) -> Refusal:
    found = ERROR.search(output)
    if not found:
        return Refusal(500, "internal_error", "the evaluator failed without saying why")
    message = found["message"].strip()
    if found["number"] is None:
        return Refusal(400, "validation_error", message)
    return Refusal(400, CODES.get(int(found["number"]), "validation_error"), message)
