"""The API against its own description: every operation exists, and answers as openapi.json says."""

from __future__ import annotations

import json

import jsonschema
import pytest

from accounts.api import openapi
from accounts.api.routes import OPERATIONS
from accounts.conftest import Browser, World

pytestmark = pytest.mark.anyio


def test_the_committed_description_is_that_of_the_operations() -> None:
    mend = "run `python -m accounts.api.openapi` and commit openapi.json"
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.make(OPERATIONS), mend


DOCUMENT = json.loads(openapi.committed())


def check(operation: str, answer: object, status: int) -> None:
    """Hold an answer to what the document says of it."""
    (described,) = [one for path in DOCUMENT["paths"].values() for one in path.values() if one["operationId"] == operation]
    (content,) = described["responses"][str(status)]["content"].values()
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer)


async def test_every_operation_answers_as_described(world: World, admin: Browser) -> None:
    other = await world.person("Other")
    organization = await world.organization(admin, member=other)
    ids = {"organization_id": organization, "user_id": other.id}
    bodies = {
        "changeProfile": {"name": "Root"}, "createToken": {"name": "t", "scopes": ["profile:read"], "days": 1},
        "createOrganization": {"name": "New one"}, "renameOrganization": {"name": "Renamed"},
        "changeMember": {"role": "admin"}, "createInvitation": {"role": "member"},
    }  # fmt: skip
    await world.browser(admin.subject).sign_in()
    ids["session_id"] = (await admin.api("GET", "/me/sessions")).json()["items"][0]["id"]
    for one in sorted(OPERATIONS, key=lambda one: one.method == "DELETE" and one.name != "revokeToken"):
        if one.name == "acceptInvitation":
            bodies[one.name] = {"code": await world.invite(other, await world.organization(other))}
        path = one.path.removeprefix("/api/v1").format(**{"token_id": "-", "invitation_id": "-", **ids})
        answer = await admin.api(one.method, path, bodies.get(one.name))
        expected = 404 if "-" in (path.rsplit("/", 1)[1],) or one.name in GONE else one.status
        assert answer.status_code == expected, (one.name, answer.text)
        if answer.content:
            check(one.name, answer.json(), answer.status_code)
        anonymous = await world.http.request(one.method, f"/api/v1{path}")
        assert anonymous.status_code == 401
        check(one.name, anonymous.json(), 401)


GONE = {"removeMember", "withdrawInvitation"}
"""Deleted with their organisation before, in the order of the operations."""


async def test_a_token_may_what_its_scopes_say(world: World) -> None:
    kim = await world.person("Kim")
    kim.token = await kim.make_token(["profile:read", "tokens:write"])
    assert (await kim.api("GET", "/me")).status_code == 200
    assert (await kim.api("PATCH", "/me", {"name": "X"})).status_code == 403
    more = {"name": "more", "scopes": ["profile:write"], "days": 1}
    assert (await kim.api("POST", "/me/tokens", more)).status_code == 403


async def test_a_request_sent_twice_is_done_once_and_its_secret_is_not_kept(world: World) -> None:
    kim = await world.person("Kim")
    body = {"name": "once", "scopes": ["profile:read"], "days": 1}
    first, again = [await kim.api("POST", "/me/tokens", body, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert (first.json()["id"], again.json()["secret"]) == (again.json()["id"], None)
    assert (await kim.api("POST", "/me/tokens", {**body, "days": 2}, headers={"idempotency-key": "k"})).status_code == 422


async def test_a_change_of_what_was_changed_meanwhile_is_refused(world: World) -> None:
    kim = await world.person("Kim")
    tag = (await kim.api("GET", "/me")).headers["etag"]
    answers = [await kim.api("PATCH", "/me", {"name": name}, headers={"if-match": tag}) for name in ("A", "B")]
    assert [answer.status_code for answer in answers] == [200, 412]


async def test_pages_of_a_list_have_everything_once(world: World, admin: Browser) -> None:
    people = {(await world.person("Pager")).id for _ in range(5)}
    seen, cursor = [], ""
    while cursor is not None:
        answer = (await admin.api("GET", "/admin/users", params={"q": "Pager", "limit": "2", "cursor": cursor})).json()
        seen += [one["id"] for one in answer["items"]]
        cursor = answer["next"]
    assert (len(seen), set(seen)) == (5, people)


async def test_a_wildcard_finds_only_itself(world: World, admin: Browser) -> None:
    found = (await world.person("100% Kim_x")).id
    for text in ("%", "_", "100% kim_"):
        answer = (await admin.api("GET", "/admin/users", params={"q": text})).json()
        assert [one["id"] for one in answer["items"]] == [found], text


async def test_who_is_deactivated_gets_nowhere(world: World, admin: Browser) -> None:
    kim = await world.person("Kim")
    assert (await admin.post(f"/admin/users/{kim.id}", action="deactivate")).status_code == 303
    assert (await kim.get("/profile")).status_code == 303
    assert (await kim.api("GET", "/me")).status_code == 401
    assert (await kim.sign_in()).status_code == 403


async def test_who_deletes_the_account_leaves_an_id(world: World, admin: Browser) -> None:
    kim = await world.person("Kim Secret")
    await world.organization(admin, member=kim)
    assert (await kim.post("/profile/delete", confirm="delete my account")).headers["location"] == "/?done=deleted"
    assert "Secret" not in str(world.rows("SELECT * FROM users WHERE id = %s", kim.id))
    assert world.rows("SELECT 1 FROM identities WHERE user_id = %s", kim.id) == []
    assert "Kim" not in str(world.rows("SELECT * FROM audit_log")) and world.actions(kim.id)[-1] == "user.deleted"
