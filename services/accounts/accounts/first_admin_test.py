"""Nobody is administrator until one of the configured addresses signs in, verified."""

from __future__ import annotations

import pytest

from accounts.conftest import ADMIN, World

pytestmark = pytest.mark.anyio


async def test_the_first_administrator_is_who_the_settings_name_with_a_verified_address(world: World) -> None:
    eve = await world.person("Eve", email=ADMIN, verified=False)
    assert not (await eve.api("GET", "/me")).json()["platform_admin"]
    root = await world.person("Root", email=ADMIN.upper())
    assert (await root.api("GET", "/me")).json()["platform_admin"]
    assert (await root.api("GET", "/admin/users")).status_code == 200
    late = await world.person("Late", email=ADMIN)
    assert not (await late.api("GET", "/me")).json()["platform_admin"], "from then on administrators make administrators"
    assert (await late.api("GET", "/admin/users")).status_code == 403
