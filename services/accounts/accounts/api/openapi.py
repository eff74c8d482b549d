"""The API's description, OpenAPI 3.1, made of its operations: `python -m accounts.api.openapi` writes openapi.json.

It is committed, so that a change of the API is seen in review and clients can be made of it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from accounts.api.operation import Operation, Parameter
from accounts.api.schemas import Problem
from accounts.rows import LARGEST_PAGE, PAGE_SIZE

FILE = Path(__file__).parent.parent / "openapi.json"

REFERENCE = "#/components/schemas/{model}"

ABOUT = """\
Accounts, for programs that act as a user. Ask with an API token, which people make on the page /tokens.

Errors are `application/problem+json`. Lists come in pages: `next` of an answer is `cursor` of the next request. What has a
version comes with an `ETag`; sent back as `If-Match`, a change is refused with 412 where somebody else was faster. A request
with an `Idempotency-Key` can be sent again, within a day, and is done once.
"""


@functools.cache
def committed() -> bytes:
    """The document as it is served."""
    return FILE.read_bytes()


def make(operations: Sequence[Operation]) -> str:
    """The document's text."""
    models = {model for one in operations for model in (one.body, one.answer) if model is not None} | {Problem}
    wanted = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation" if model in {one.body for one in operations} else "serialization") for model in wanted],
        ref_template=REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Accounts", "version": "1.0.0", "description": ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An API token, `acct_…`."}},
            "schemas": schemas["$defs"],
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"Needs scope `{one.scope}`{_needs(one)}.",
        "parameters": _parameters(one),
        "responses": _responses(one),
    }
    if one.body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(one.body.__name__)}}}
    return found


def _needs(one: Operation) -> str:
    if one.needs == "admin":
        return ", and an administrator of the service"
    return f", and `{one.needs}` in the organisation" if one.needs else ""


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    found += [_query(parameter) for parameter in one.parameters]
    if one.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        found.append({"name": "cursor", "in": "query", "description": "`next` of the page before.", "schema": {"type": "string"}})
        found.append({"name": "limit", "in": "query", "description": "Entries of a page.", "schema": limit})
    if one.repeatable:
        key = {"type": "string", "minLength": 1, "maxLength": 255}
        found.append({"name": "Idempotency-Key", "in": "header", "description": "Sent again, it is done once.", "schema": key})
    if one.versioned and one.method == "PATCH":
        found.append({"name": "If-Match", "in": "header", "description": "The ETag it has to have.", "schema": {"type": "string"}})
    return found


def _query(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.kind == "id":
        schema["format"] = "uuid"
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


def _responses(one: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(one.status).phrase}
    if one.answer is not None:
        answer["content"] = {"application/json": {"schema": _ref(one.answer.__name__)}}
    if one.versioned:
        answer["headers"] = {"ETag": {"schema": {"type": "string"}}}
    problems = {401, 403, 429, 503, *one.problems}
    if "{" in one.path:
        problems.add(404)
    if one.body is not None or one.paged or one.parameters:
        problems.add(422)
    if one.body is not None:
        problems.add(415)
    if one.versioned and one.method == "PATCH":
        problems.add(412)
    found = {str(one.status): answer}
    for status in sorted(problems):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
    return found


def _ref(model: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model)}


if __name__ == "__main__":
    from accounts.api.routes import OPERATIONS

    FILE.write_text(make(OPERATIONS), encoding="utf-8")
