"""Organisations and roles: what members of one may do in another, what roles may do, and what happens at once."""

from __future__ import annotations

import asyncio

import pytest

from accounts.conftest import Browser, World
from runtime.testing.openfga_server import Fault

pytestmark = pytest.mark.anyio


async def test_an_organisation_is_nobody_elses(world: World) -> None:
    """IDOR: its id, and those of what is in it, are worth nothing to others, in the API and on the pages."""
    olga, eve = await world.person("Olga"), await world.person("Eve")
    theirs, own = await world.organization(olga), await world.organization(eve)
    await world.invite(olga, theirs)
    invitation = (await olga.api("GET", f"/organizations/{theirs}/invitations")).json()["items"][0]["id"]
    tries = [
        ("GET", f"/organizations/{theirs}", None),
        ("PATCH", f"/organizations/{theirs}", {"name": "Mine"}),
        ("DELETE", f"/organizations/{theirs}", None),
        ("GET", f"/organizations/{theirs}/members", None),
        ("PATCH", f"/organizations/{theirs}/members/{olga.id}", {"role": "member"}),
        ("DELETE", f"/organizations/{theirs}/members/{olga.id}", None),
        ("GET", f"/organizations/{theirs}/audit", None),
        ("POST", f"/organizations/{theirs}/invitations", {"role": "owner"}),
        ("DELETE", f"/organizations/{theirs}/invitations/{invitation}", None),
        # By way of what is one's own.
        ("DELETE", f"/organizations/{own}/invitations/{invitation}", None),
        ("DELETE", f"/organizations/{own}/members/{olga.id}", None),
        ("GET", "/organizations/not-an-id", None),
    ]
    for method, path, body in tries:
        assert (await eve.api(method, path, body)).status_code == 404, (method, path)
    assert (await eve.get(f"/organizations/{theirs}")).status_code == 404
    assert (await eve.post(f"/organizations/{theirs}/delete", confirm="x")).status_code == 404


async def test_roles_do_not_climb(world: World) -> None:
    olga, adam, mina = [await world.person(name) for name in ("Olga", "Adam", "Mina")]
    id = await world.organization(olga, admin=adam, member=mina)
    path = f"/organizations/{id}"
    refused = [
        (mina, "PATCH", f"{path}/members/{mina.id}", {"role": "admin"}),
        (mina, "POST", f"{path}/invitations", {"role": "member"}),
        (mina, "DELETE", f"{path}/members/{adam.id}", None),
        (mina, "GET", f"{path}/audit", None),
        (adam, "PATCH", f"{path}/members/{adam.id}", {"role": "owner"}),
        (adam, "PATCH", f"{path}/members/{olga.id}", {"role": "member"}),
        (adam, "POST", f"{path}/invitations", {"role": "owner"}),
        (adam, "DELETE", f"{path}/members/{olga.id}", None),
        (adam, "DELETE", path, None),
    ]
    for who, method, where, body in refused:
        assert (await who.api(method, where, body)).status_code == 403, (method, where)
    assert (await adam.api("PATCH", f"{path}/members/{mina.id}", {"role": "admin"})).status_code == 204


async def test_a_role_that_is_taken_away_allows_nothing_any_more(world: World) -> None:
    olga, adam = await world.person("Olga"), await world.person("Adam")
    id = await world.organization(olga, admin=adam)
    code = await world.invite(adam, id)
    assert (await olga.api("PATCH", f"/organizations/{id}/members/{adam.id}", {"role": "member"})).status_code == 204
    assert (await adam.api("GET", f"/organizations/{id}/audit")).status_code == 403
    late = await world.person("Late")
    assert (await late.api("POST", "/invitations/accept", {"code": code})).status_code == 403


async def test_there_is_always_an_owner(world: World) -> None:
    olga, oleg = await world.person("Olga"), await world.person("Oleg")
    id = await world.organization(olga, owner=oleg)
    leaving = [who.api("DELETE", f"/organizations/{id}/members/{who.id}") for who in (olga, oleg)]
    assert sorted([answer.status_code for answer in await asyncio.gather(*leaving)]) == [204, 409]
    last = world.rows("SELECT role FROM memberships WHERE organization_id = %s", id)
    assert last == [("owner",)]


async def test_one_invitation_is_for_one_person(world: World) -> None:
    olga = await world.person("Olga")
    id = await world.organization(olga)
    code = await world.invite(olga, id)
    people = [await world.person("P") for _ in range(4)]
    answers = await asyncio.gather(*(one.api("POST", "/invitations/accept", {"code": code}) for one in people))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert world.rows("SELECT count(*) FROM memberships WHERE organization_id = %s", id) == [(2,)]


async def test_an_invitation_for_an_address_needs_that_address_verified(world: World) -> None:
    olga = await world.person("Olga")
    id = await world.organization(olga)
    code = await world.invite(olga, id, email="wanted@example.com")
    for eve in (await world.person("Eve"), await world.person("Eve", email="wanted@example.com", verified=False)):
        assert (await eve.api("POST", "/invitations/accept", {"code": code})).status_code == 403
    wanted = await world.person("Wanted", email="Wanted@example.com")
    assert "Join Acme?" in (await wanted.get("/invitation", code=code)).text
    assert (await wanted.post("/invitation", code=code)).headers["location"] == f"/organizations/{id}?done=joined"


async def test_while_openfga_is_away_changes_stand_and_nothing_is_decided(world: World, openfga_faults: Browser) -> None:
    olga = openfga_faults
    world.openfga.faults.extend([Fault(503)] * 8)
    made = await olga.api("POST", "/organizations", {"name": "Later", "slug": f"later-{olga.id[:8]}"})
    id = made.json()["id"]
    assert made.status_code == 201
    answer = await olga.api("GET", f"/organizations/{id}")
    assert answer.status_code in (200, 503)
    world.openfga.faults.clear()
    assert (await olga.api("GET", f"/organizations/{id}")).status_code == 200
    assert world.rows("SELECT 1 FROM unsettled_roles WHERE object = %s", f"organization:{id}") == []


@pytest.fixture
async def openfga_faults(world: World) -> Browser:
    return await world.person("Olga")


async def test_an_answer_of_openfga_that_is_lost_changes_nothing(world: World) -> None:
    olga, mina = await world.person("Olga"), await world.person("Mina")
    id = await world.organization(olga, member=mina)
    world.openfga.faults.extend([Fault(0, after_doing=True)] * 12)
    assert (await olga.api("DELETE", f"/organizations/{id}/members/{mina.id}")).status_code in (204, 503)
    world.openfga.faults.clear()
    await olga.api("DELETE", f"/organizations/{id}/members/{mina.id}")
    assert (await mina.api("GET", f"/organizations/{id}")).status_code == 404
