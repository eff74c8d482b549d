"""Signing up, in and out, with the provider as a process; and what attackers try there."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

import httpx
import pytest

from accounts.conftest import Browser, World

pytestmark = pytest.mark.anyio


async def test_who_comes_for_the_first_time_gets_an_account(world: World) -> None:
    kim = await world.person("Kim Lee", email="kim@example.com")
    me = (await kim.api("GET", "/me")).json()
    assert (me["name"], me["email"], me["email_verified"], me["status"]) == ("Kim Lee", "kim@example.com", True, "active")
    assert world.actions(kim.id) == ["user.signed_up"]
    await world.browser(kim.subject).sign_in()
    assert len(world.rows("SELECT 1 FROM users WHERE email = 'kim@example.com'")) == 1


async def test_two_first_sign_ins_at_once_are_one_account(world: World) -> None:
    world.forget_limits()
    subject = f"twice-{secrets.token_hex(4)}"
    answers = await asyncio.gather(*(world.browser(subject).sign_in() for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert world.rows("SELECT count(*) FROM identities WHERE subject = %s", subject) == [(1,)]


async def test_an_address_is_no_identity(world: World) -> None:
    """Who gets the address of somebody else gets nothing else of theirs."""
    kim = await world.person("Kim", email="shared@example.com")
    eve = await world.person("Eve", email="shared@example.com")
    assert eve.id != kim.id


async def test_a_new_address_is_taken_over_and_an_unverified_one_is_no_more_than_that(world: World) -> None:
    kim = await world.person("Kim")
    world.provider.set_user(kim.subject, {"name": "Other", "email": "new@example.com", "email_verified": False})
    await kim.sign_in()
    me = (await kim.api("GET", "/me")).json()
    assert (me["email"], me["email_verified"], me["name"]) == ("new@example.com", False, "Kim")
    assert world.actions(kim.id) == ["user.signed_up", "user.email_changed"]


async def test_signing_in_makes_a_new_session_and_ends_the_old_one(world: World) -> None:
    kim = await world.person("Kim")
    before = kim.client.cookies["session"]
    await kim.sign_in()
    assert kim.client.cookies["session"] != before
    kim.client.cookies.set("session", before)
    assert (await kim.get("/profile")).headers["location"].startswith("/sign-in")


async def test_a_session_that_somebody_planted_is_worth_nothing(world: World) -> None:
    world.forget_limits()
    victim = world.browser(f"victim-{secrets.token_hex(4)}")
    victim.client.cookies.set("session", "planted-by-somebody", domain="127.0.0.1", path="/")
    answer = await victim.sign_in()
    assert answer.cookies["session"] != "planted-by-somebody"
    thief = world.browser("thief")
    thief.client.cookies.set("session", "planted-by-somebody")
    assert (await thief.get("/profile")).status_code == 303


async def test_the_cookie_is_for_this_host_and_no_script(world: World) -> None:
    world.forget_limits()
    answer = await world.browser("cookie").sign_in()
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("session="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


async def test_the_database_holds_no_secret_that_works(world: World) -> None:
    kim = await world.person("Kim")
    session = kim.client.cookies["session"]
    (stored,) = world.rows("SELECT secret_hash FROM sessions WHERE user_id = %s", kim.id)
    assert bytes(stored[0]) == hashlib.sha256(session.encode()).digest()
    for stolen in (bytes(stored[0]).hex(), stored[0].hex().upper()):
        thief = world.browser("thief")
        thief.client.cookies.set("session", stolen)
        assert (await thief.get("/profile")).status_code == 303
    (row,) = world.rows("SELECT secret_hash, t::text FROM api_tokens t WHERE user_id = %s", kim.id)
    assert kim.token not in row[1]
    kim.token = bytes(row[0]).hex()
    assert (await kim.api("GET", "/me")).status_code == 401


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example\t", "javascript:alert(1)", "profile"],
)
async def test_nobody_is_sent_to_another_site(world: World, target: str) -> None:
    world.forget_limits()
    answer = await world.browser("kim").get("/sign-in", return_to=target)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_one_comes_back_to_where_one_wanted_to_go(world: World) -> None:
    world.forget_limits()
    kim = world.browser("returning")
    asked = await kim.get("/organizations", cursor="x")
    assert asked.headers["location"] == "/sign-in?return_to=%2Forganizations%3Fcursor%3Dx"
    assert (await kim.sign_in("/organizations?cursor=x")).headers["location"] == "/organizations?cursor=x"


async def test_an_answer_that_somebody_else_asked_for_is_refused(world: World) -> None:
    """Login CSRF: the attacker's own answer of the provider, in the victim's browser."""
    world.forget_limits()
    attacker, victim = world.browser("attacker"), world.browser("victim")
    start = await attacker.get("/sign-in")
    back = await asyncio.to_thread(world.provider.sign_in, start.headers["location"], "attacker")
    answer = await victim.client.get(back)
    assert (answer.status_code, "session" in answer.cookies) == (400, False)
    assert "This sign-in is no longer open" in answer.text


async def test_who_declines_is_told_so(world: World) -> None:
    world.forget_limits()
    kim = world.browser("declining")
    start = await kim.get("/sign-in")
    back = await asyncio.to_thread(world.provider.refuse, start.headers["location"])
    # This provider leaves the state out when it says no.
    state = httpx.URL(start.headers["location"]).params["state"]
    answer = await kim.client.get(back, params={**httpx.URL(back).params, "state": state})
    assert answer.status_code == 400 and "The sign-in was cancelled." in answer.text, answer.text


async def test_sign_out_ends_the_session_for_good(world: World) -> None:
    kim = await world.person("Kim")
    session = kim.client.cookies["session"]
    assert (await kim.post("/sign-out")).headers["location"] == "/?done=signed-out"
    assert "session" not in kim.client.cookies
    kim.client.cookies.set("session", session)
    assert (await kim.get("/profile")).status_code == 303


async def test_sign_out_everywhere_else(world: World) -> None:
    kim = await world.person("Kim")
    others = [world.browser(kim.subject) for _ in range(2)]
    for other in others:
        await other.sign_in()
    await kim.post("/sessions/end-others")
    assert (await kim.get("/profile")).status_code == 200
    assert [(await other.get("/profile")).status_code for other in others] == [303, 303]


async def test_sessions_end_when_unused_and_in_any_case(world: World) -> None:
    for change in ("seen_at = now() - interval '13 hours'", "expires_at = now() - interval '1 s'"):
        kim = await world.person("Kim")
        assert (await kim.get("/profile")).status_code == 200
        world.rows(f"UPDATE sessions SET {change} WHERE user_id = %s", kim.id)
        assert (await kim.get("/profile")).status_code == 303


async def _refused(kim: Browser, answer: int, **how: object) -> None:
    sent = await kim.client.post("/profile", **how)  # type: ignore[arg-type]
    assert sent.status_code == answer, sent.text
    assert (await kim.api("GET", "/me")).json()["name"] == "Kim"


async def test_a_form_counts_only_with_its_sessions_token_and_from_its_own_site(world: World) -> None:
    kim, eve = await world.person("Kim"), await world.person("Eve")
    form = {"name": "Changed", "version": "1"}
    own, origin = {"origin": world.url}, await kim.form_token()
    await _refused(kim, 403, data=form, headers=own)
    await _refused(kim, 403, data={**form, "csrf": ""}, headers=own)
    await _refused(kim, 403, data={**form, "csrf": "ü"}, headers=own)
    await _refused(kim, 403, data={**form, "csrf": await eve.form_token()}, headers=own)
    for foreign in ({}, {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}):
        await _refused(kim, 403, data={**form, "csrf": origin}, headers=foreign)
    fine = await kim.client.post("/profile", data={**form, "csrf": origin}, headers=own)
    assert (fine.status_code, (await kim.api("GET", "/me")).json()["name"]) == (303, "Changed")


async def test_every_form_of_the_pages_is_protected(world: World) -> None:
    from accounts.app import ADMIN as ADMIN_PAGES
    from accounts.app import OWN

    kim = await world.person("Kim")
    ids = dict.fromkeys(("session_id", "token_id", "organization_id", "invitation_id", "user_id"), kim.id)
    for method, path, _ in (*OWN, *ADMIN_PAGES):
        if method == "POST":
            answer = await kim.client.post(path.format(**ids), headers={"origin": world.url}, data={"name": "x"})
            assert (answer.status_code, "form is out of date" in answer.text) == (403, True), path


async def test_every_page_says_what_browsers_may_do_with_it(world: World) -> None:
    kim = await world.person("Kim")
    for path in ("/profile", "/", "/nowhere", "/api/v1/me", "/static/style.css", "/openapi.json"):
        headers = (await kim.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"] and "script" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert (await kim.get("/profile")).headers["cache-control"] == "no-store"


async def test_names_and_addresses_are_text_and_nothing_else(world: World, admin: Browser) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    eve = await world.person(nasty, email="\"<b>@x'/><svg/onload=a>@example.com")
    organization = await world.organization(admin, member=eve)
    await eve.api("POST", "/organizations", {"name": nasty, "slug": f"x{secrets.token_hex(4)}"})
    pages = ["/profile", "/organizations", "/sessions", "/tokens", f"/organizations/{organization}"]
    seen = [(await eve.get(path)).text for path in pages]
    seen += [(await admin.get("/admin/users", q=nasty)).text, (await admin.get(f"/admin/users/{eve.id}")).text]
    seen += [(await admin.get("/admin/organizations")).text, (await admin.get(f"/organizations/{organization}")).text]
    for page in seen:
        assert "<script" not in page and "<img" not in page and "<svg" not in page
    assert "&lt;script&gt;" in seen[0] and "&lt;script&gt;" in seen[5]


async def test_too_many_sign_ins_from_one_address_have_to_wait(world: World) -> None:
    world.forget_limits()
    kim = world.browser("busy")
    answers = [await kim.get("/sign-in", return_to="//refused-but-counted") for _ in range(200)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers[:60]} == {400} and refused
    assert int(refused[0].headers["retry-after"]) >= 1
    world.forget_limits()
