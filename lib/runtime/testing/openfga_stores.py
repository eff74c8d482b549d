"""What an OpenFGA server keeps, and what its API does with it: stores, models, tuples, questions.

After https://openfga.dev/api/service and OpenFGA 1.11's limits. Evaluation is the real one (openfga_evaluator).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runtime.testing.openfga_evaluator import Evaluator, Json, Query, Refusal, key_of, validate_model

STORE_NAME = re.compile(r"[a-zA-Z0-9\s./^_&@-]{3,64}")
MOST_TUPLES = 100
MOST_CHECKS = 50
MOST_CONTEXTUAL = 100
MOST_TYPES = 100
MODEL_BYTES = 256 * 1024
PAGES = {"stores": 100, "authorization_models": 50, "tuples": 100}

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass
class Kept:
    """One store."""

    id: str
    name: str
    created_at: str
    models: list[Json] = field(default_factory=list)
    """The newest last."""
    tuples: dict[str, Json] = field(default_factory=dict)
    """By object, relation and user; each with its `timestamp`."""


class Stores:
    """Thread-safe. All methods raise Refusal.

    folder   where what is kept survives the process; None keeps it in memory
    """

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = None if folder is None else folder / "stores.json"
        self._clock = clock
        self._lock = threading.RLock()
        self._evaluator = Evaluator()
        self.kept: dict[str, Kept] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        if self._file is not None and self._file.exists():
            self.kept = {one["id"]: Kept(**one) for one in json.loads(self._file.read_text(encoding="utf-8"))}

    def create(self, body: Json) -> Json:
        name = body.get("name") or ""
        if not STORE_NAME.fullmatch(name):
            raise invalid(f"invalid CreateStoreRequest.Name: value does not match regex pattern {STORE_NAME.pattern!r}")
        with self._lock:
            store = Kept(self._new_id(), name, self._now())
            self.kept[store.id] = store
            self._save()
        return described(store)

    def list(self, query: Mapping[str, str]) -> Json:
        with self._lock:
            stores = [one for one in self.kept.values() if query.get("name") in (None, "", one.name)]
        return page("stores", [described(one) for one in stores], query)

    def get(self, id: str) -> Json:
        return described(self._store(id))

    def delete(self, id: str) -> None:
        with self._lock:
            self.kept.pop(id, None)
            self._save()

    def write_model(self, id: str, body: Json) -> Json:
        if len(json.dumps(body)) > MODEL_BYTES:
            raise Refusal(400, "exceeded_entity_limit", f"model exceeds size limit: {MODEL_BYTES} bytes")
        if len(body.get("type_definitions") or ()) > MOST_TYPES:
            raise Refusal(400, "exceeded_entity_limit", f"the number of type definitions exceeds the allowed limit of {MOST_TYPES}")
        if not body.get("type_definitions"):
            raise Refusal(400, "type_definitions_too_few_items", "value must contain at least 1 item(s)")
        validate_model(body)
        with self._lock:
            model = {"conditions": {}, **body, "id": self._new_id()}
            self._store(id).models.append(model)
            self._save()
        return {"authorization_model_id": model["id"]}

    def list_models(self, id: str, query: Mapping[str, str]) -> Json:
        with self._lock:
            models = [*reversed(self.kept[id].models)] if id in self.kept else []
        return page("authorization_models", models, query)

    def get_model(self, id: str, model: str) -> Json:
        with self._lock:
            found = [one for one in (self.kept[id].models if id in self.kept else ()) if one["id"] == model]
        if not found:
            raise Refusal(404, "authorization_model_not_found", f"Authorization Model '{model}' not found")
        return {"authorization_model": found[0]}

    def write(self, id: str, body: Json) -> Json:
        """Tuples, in one transaction."""
        writes = [plain(one) for one in (body.get("writes") or {}).get("tuple_keys") or ()]
        deletes = [plain(one) for one in (body.get("deletes") or {}).get("tuple_keys") or ()]
        keys = [key_of(one) for one in (*writes, *deletes)]
        if not keys:
            raise Refusal(400, "invalid_write_input", "Invalid input. Make sure you provide at least one write, or at least one delete")
        if len(keys) > MOST_TUPLES:
            raise Refusal(400, "exceeded_entity_limit", f"The number of write operations exceeds the allowed limit of {MOST_TUPLES}")
        if len(set(keys)) != len(keys):
            raise Refusal(400, "cannot_allow_duplicate_tuples_in_one_request", f"duplicate tuple in write: {min(k for k in keys if keys.count(k) > 1)}")
        ignore_known = (body.get("writes") or {}).get("on_duplicate") == "ignore"
        ignore_missing = (body.get("deletes") or {}).get("on_missing") == "ignore"
        model = self._model(id, body)
        if writes:
            self._evaluator.validate(model, writes)
        with self._lock:
            tuples = dict(self._store(id).tuples)
            for one in deletes:
                if tuples.pop(key_of(one), None) is None and not ignore_missing:
                    raise conflict("cannot delete a tuple which does not exist", one)
            for one in writes:
                known = tuples.get(key_of(one))
                if known is None:
                    tuples[key_of(one)] = {"key": one, "timestamp": self._now()}
                elif not ignore_known:
                    raise conflict("cannot write a tuple which already exists", one)
                elif known["key"] != one:
                    raise Refusal(409, "Aborted", "transactional write failed due to conflict: a tuple with another condition exists")
            self._store(id).tuples = tuples
            self._save()
        return {}

    def read(self, id: str, body: Json) -> Json:
        wanted = {name: value for name, value in (body.get("tuple_key") or {}).items() if value}
        if wanted and ":" not in wanted.get("object", ""):
            raise invalid("the 'tuple_key' field was provided but the object type field is required and both the object id and user cannot be empty")
        with self._lock:
            tuples = list(self.kept[id].tuples.values()) if id in self.kept else []
        found = [one for one in tuples if all(matches(name, one["key"][name], value) for name, value in wanted.items())]
        query = {name: str(body[name]) for name in ("page_size", "continuation_token") if body.get(name)}
        return page("tuples", found, query)

    def check(self, id: str, body: Json) -> Json:
        return {"allowed": self._ask(id, body, [checking(body)])[0], "resolution": ""}

    def batch_check(self, id: str, body: Json) -> Json:
        checks = body.get("checks") or []
        ids = [str(one.get("correlation_id")) for one in checks]
        if not checks or len(checks) > MOST_CHECKS:
            raise invalid(f"batchCheck received {len(checks)} checks, the maximum allowed is {MOST_CHECKS}")
        if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[\w-]{1,36}", one) for one in ids):
            raise invalid("hint: all correlation_ids have to be unique, 1 to 36 letters, digits, - and _")
        answers = self._ask(id, body, [checking(one) for one in checks], refuse=False)
        return {"result": {one: in_batch(answer) for one, answer in zip(ids, answers, strict=True)}}

    def list_objects(self, id: str, body: Json) -> Json:
        about = {"user": body.get("user", ""), "type": body.get("type", "")}
        query = Query("list_objects", body.get("relation", ""), about, body.get("context"), contextual(body))
        return {"objects": self._ask(id, body, [query])[0]}

    def list_users(self, id: str, body: Json) -> Json:
        object = body.get("object") or {}
        filters = [{name: value for name, value in one.items() if value} for one in body.get("user_filters") or ()]
        if len(filters) != 1:
            raise invalid("invalid ListUsersRequest.UserFilters: value must contain exactly 1 item(s)")
        about = {"object": f"{object.get('type', '')}:{object.get('id', '')}", "user_filter": filters}
        query = Query("list_users", body.get("relation", ""), about, body.get("context"), contextual(body))
        return {"users": [user(one) for one in self._ask(id, body, [query])[0]]}

    def _ask(self, id: str, body: Json, queries: Sequence[Query], *, refuse: bool = True) -> Sequence[Any]:
        model = self._model(id, body)
        with self._lock:
            tuples = [one["key"] for one in self._store(id).tuples.values()]
        answers = self._evaluator.ask(model, tuples, queries)
        for answer in answers:
            if refuse and isinstance(answer, Refusal):
                raise answer
        return answers

    def _store(self, id: str) -> Kept:
        if id not in self.kept:
            raise Refusal(404, "store_id_not_found", "Store ID not found")
        return self.kept[id]

    def _model(self, id: str, body: Json) -> Json:
        """The one that is asked for, else the newest, without what the server has added."""
        with self._lock:
            models = self.kept[id].models if id in self.kept else []
            wanted = body.get("authorization_model_id")
            found = [one for one in models if wanted in (None, "", one["id"])]
        if not found and wanted:
            raise Refusal(400, "authorization_model_not_found", f"Authorization Model '{wanted}' not found")
        if not found:
            raise Refusal(400, "latest_authorization_model_not_found", f"No authorization models found for store '{id}'")
        return {name: value for name, value in found[-1].items() if name != "id"}

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat().replace("+00:00", "Z")

    def _new_id(self) -> str:
        """A ULID: https://github.com/ulid/spec"""
        number = int(self._clock() * 1000) << 80 | secrets.randbits(80)
        return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    def _save(self) -> None:
        if self._file is not None:
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps([vars(one) for one in self.kept.values()]), encoding="utf-8")
            os.replace(new, self._file)


def invalid(message: str) -> Refusal:
    return Refusal(400, "validation_error", message)


def conflict(what: str, one: Json) -> Refusal:
    message = f"{what}: user: '{one['user']}', relation: '{one['relation']}', object: '{one['object']}'"
    return Refusal(400, "write_failed_due_to_invalid_input", message)


def described(store: Kept) -> Json:
    return {"id": store.id, "name": store.name, "created_at": store.created_at, "updated_at": store.created_at}


def plain(one: Json) -> Json:
    """A tuple without the fields that say nothing. Refusal where one is missing."""
    for name in ("user", "relation", "object"):
        if not one.get(name):
            raise invalid(f"invalid TupleKey.{name.title()}: value length must be at least 1 bytes")
    found: Json = {name: str(one[name]) for name in ("user", "relation", "object")}
    condition = one.get("condition")
    if condition:
        found["condition"] = {"name": condition["name"], "context": condition.get("context") or {}}
    return found


def contextual(body: Json) -> list[Json]:
    found = body.get("contextual_tuples") or []
    tuples = [plain(one) for one in (found.get("tuple_keys") or [] if isinstance(found, dict) else found)]
    if len(tuples) > MOST_CONTEXTUAL:
        raise invalid(f"the number of contextual tuples exceeds the allowed limit of {MOST_CONTEXTUAL}")
    return tuples


def checking(body: Json) -> Query:
    key = plain(body.get("tuple_key") or {})
    return Query("check", key["relation"], {"user": key["user"], "object": key["object"]}, body.get("context"), contextual(body))


def in_batch(answer: Any) -> Json:
    if isinstance(answer, Refusal):
        return {"error": {"input_error": answer.code, "message": answer.message}}
    return {"allowed": answer}


def matches(name: str, value: str, wanted: str) -> bool:
    """`document:` is every object of the type."""
    return value.startswith(wanted) if name == "object" and wanted.endswith(":") else value == wanted


def user(name: str) -> Json:
    """`user:1`, `user:*` or `organization:7#member` as the API writes users."""
    type, _, rest = name.partition(":")
    if rest == "*":
        return {"wildcard": {"type": type}}
    id, _, relation = rest.partition("#")
    return {"userset": {"type": type, "id": id, "relation": relation}} if relation else {"object": {"type": type, "id": id}}


def page(name: str, items: Sequence[Json], query: Mapping[str, str]) -> Json:
    """Some of the items, and where the next ones begin."""
    size = int(query.get("page_size") or 50)
    if not 1 <= size <= PAGES[name]:
        raise Refusal(400, "page_size_invalid", f"page_size has to be from 1 to {PAGES[name]}")
    token = query.get("continuation_token") or "0"
    if not token.isdigit():
        raise Refusal(400, "invalid_continuation_token", "Invalid continuation token")
    start = int(token)
    more = str(start + size) if start + size < len(items) else ""
    return {name: list(items[start : start + size]), "continuation_token": more}
