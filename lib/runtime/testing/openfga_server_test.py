"""The stand-in: its limits and errors, what it keeps, and itself as a process."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.authorization.compiling import run_tool
from runtime.testing import openfga_evaluator
from runtime.testing.openfga_server import OpenFgaServer, openfga_server, start_openfga

MODEL = {
    "schema_version": "1.1",
    "type_definitions": [
        {"type": "user"},
        {
            "type": "team",
            "relations": {"member": {"this": {}}, "lead": {"this": {}}},
            "metadata": {
                "relations": {
                    "member": {"directly_related_user_types": [{"type": "user"}, {"type": "team", "relation": "member"}]},
                    "lead": {"directly_related_user_types": [{"type": "user"}]},
                }
            },
        },
    ],
}


@pytest.fixture
def server() -> Iterator[OpenFgaServer]:
    with openfga_server() as server:
        yield server


class Api:
    """Requests as anybody may make them."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.store = ""

    def made(self) -> Api:
        """With a store and the model."""
        self.store = self.http.post("/stores", json={"name": "a-store"}).json()["id"]
        assert self.post("authorization-models", MODEL).status_code == 201
        return self

    def post(self, what: str, body: Any) -> httpx.Response:
        return self.http.post(f"/stores/{self.store}/{what}", json=body)

    def write(self, *users: str, **more: Any) -> httpx.Response:
        return self.post("write", {"writes": {"tuple_keys": [key(user) for user in users], **more}})

    def check(self, user: str, **more: Any) -> httpx.Response:
        return self.post("check", {"tuple_key": key(user), **more})


def key(user: str, relation: str = "member", object: str = "team:1") -> dict[str, str]:
    return {"user": user, "relation": relation, "object": object}


def refused(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_what_a_transaction_takes(server: OpenFgaServer) -> None:
    api = Api(server.url).made()
    assert refused(api.write()) == (400, "invalid_write_input")
    assert refused(api.write(*(f"user:{n}" for n in range(101)))) == (400, "exceeded_entity_limit")
    assert refused(api.write("user:1", "user:1")) == (400, "cannot_allow_duplicate_tuples_in_one_request")
    assert refused(api.write("robot:1")) == (400, "validation_error")
    assert refused(api.write("")) == (400, "validation_error")
    assert api.write("user:1").json() == {}
    again = api.write("user:2", "user:1")
    assert refused(again) == (400, "write_failed_due_to_invalid_input")
    assert again.json()["message"].startswith("cannot write a tuple which already exists: user: 'user:1', relation: 'member'")
    assert api.check("user:2").json()["allowed"] is False
    assert api.write("user:2", "user:1", on_duplicate="ignore").status_code == 200
    assert api.check("user:2").json()["allowed"] is True
    gone = {"deletes": {"tuple_keys": [key("user:3")]}}
    assert refused(api.post("write", gone)) == (400, "write_failed_due_to_invalid_input")
    gone["deletes"]["on_missing"] = "ignore"  # type: ignore[assignment]
    assert api.post("write", gone).status_code == 200


def test_what_is_not_there(server: OpenFgaServer) -> None:
    api = Api(server.url)
    api.store = "01HVMMBCMGZNT3SED4Z17ECXCA"
    assert refused(api.http.get(f"/stores/{api.store}")) == (404, "store_id_not_found")
    assert refused(api.check("user:1")) == (400, "latest_authorization_model_not_found")
    api.made()
    assert refused(api.check("user:1", authorization_model_id=api.store)) == (400, "authorization_model_not_found")
    assert refused(api.http.get("/nothing")) == (404, "undefined_endpoint")
    assert refused(api.http.post("/stores", json={"name": "x"})) == (400, "validation_error")
    assert refused(api.http.get("/stores?page_size=101")) == (400, "page_size_invalid")
    assert refused(api.http.get("/stores?continuation_token=x")) == (400, "invalid_continuation_token")
    assert refused(api.post("authorization-models", {"schema_version": "1.1"})) == (400, "type_definitions_too_few_items")
    undefined = {"type": "x", "relations": {"a": {"computedUserset": {"relation": "b"}}}}
    wrong = api.post("authorization-models", {"schema_version": "1.1", "type_definitions": [undefined]})
    assert refused(wrong) == (400, "invalid_authorization_model")
    checks = [{"tuple_key": key("user:1"), "correlation_id": str(n)} for n in range(51)]
    assert refused(api.post("batch-check", {"checks": checks})) == (400, "validation_error")
    assert refused(api.post("batch-check", {"checks": [checks[0], checks[0]]})) == (400, "validation_error")


def test_tuples_are_read_in_pages(server: OpenFgaServer) -> None:
    api = Api(server.url).made()
    api.write(*(f"user:{n}" for n in range(5)))
    api.post("write", {"writes": {"tuple_keys": [key("user:1", "lead", "team:2")]}})
    first = api.post("read", {"page_size": 4}).json()
    second = api.post("read", {"page_size": 4, "continuation_token": first["continuation_token"]}).json()
    assert [len(first["tuples"]), len(second["tuples"]), second["continuation_token"]] == [4, 2, ""]
    assert len(api.post("read", {"tuple_key": {"user": "user:1", "object": "team:"}}).json()["tuples"]) == 2
    assert len(api.post("read", {"tuple_key": {"object": "team:1"}}).json()["tuples"]) == 5
    assert refused(api.post("read", {"tuple_key": {"user": "user:1"}})) == (400, "validation_error")


def test_a_newer_model_leaves_out_what_it_has_no_place_for(server: OpenFgaServer) -> None:
    api = Api(server.url).made()
    api.write("user:1")
    api.post("write", {"writes": {"tuple_keys": [key("user:1", "lead")]}})
    newer = copy.deepcopy(MODEL)
    team: Any = newer["type_definitions"][1]
    del team["relations"]["lead"], team["metadata"]["relations"]["lead"]
    assert api.post("authorization-models", newer).status_code == 201
    assert api.check("user:1").json()["allowed"] is True
    assert refused(api.post("check", {"tuple_key": key("user:1", "lead")})) == (400, "validation_error")
    # A tuple of the question itself has to be right.
    wrong = {"tuple_keys": [key("user:1", "lead")]}
    assert refused(api.check("user:1", contextual_tuples=wrong)) == (400, "validation_error")
    batch = [
        {"tuple_key": key("user:1"), "correlation_id": "fine"},
        {"tuple_key": key("user:1"), "correlation_id": "wrong", "contextual_tuples": wrong},
    ]
    result = api.post("batch-check", {"checks": batch}).json()["result"]
    assert result["fine"] == {"allowed": True}
    assert result["wrong"]["error"]["input_error"] == "validation_error"


def test_the_same_question_is_evaluated_once(server: OpenFgaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def counted(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        runs.append(arguments)
        return run_tool(*arguments, folder=folder)

    monkeypatch.setattr(openfga_evaluator, "run_tool", counted)
    api = Api(server.url).made()
    runs.clear()
    for _ in range(3):
        assert api.check("user:1").json()["allowed"] is False
    assert len(runs) == 1
    api.write("user:1")
    assert api.check("user:1").json()["allowed"] is True


def test_a_process_keeps_what_it_was_told(tmp_path: Path) -> None:
    first = start_openfga(tmp_path)
    try:
        api = Api(first.url).made()
        api.write("user:1")
    finally:
        first.stop()
        first.stop()
    second = start_openfga(tmp_path)
    try:
        again = Api(second.url)
        again.store = api.store
        assert again.check("user:1").json()["allowed"] is True
        assert again.http.get("/healthz").json() == {"status": "SERVING"}
        taken = subprocess.run(
            [sys.executable, "-m", "runtime.testing.openfga_server", "--port", second.url.rpartition(":")[2]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert taken.returncode == 1 and "can't listen on 127.0.0.1" in taken.stderr and "Traceback" not in taken.stderr
        second.process.terminate()
        assert second.process.wait(timeout=20) == 0
    finally:
        second.stop()
