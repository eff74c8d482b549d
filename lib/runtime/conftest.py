from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The library is asyncio's; anyio's plugin only runs the tests."""
    return "asyncio"
