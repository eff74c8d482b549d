from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.checkout import Checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = Checkout(tmp_path_factory.mktemp("repository") / "checkout")
    try:
        yield made
    finally:
        made.remove()
