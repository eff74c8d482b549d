"""What the spec provisioned, as attributes of the runtime: `runtime.postgres`, `runtime.redis`, …

One row makes an attribute: its name is also that of the package which opens it (`runtime/<name>/provided.py`), and of its
lines in `contract/undeclared.py`. Packages are imported where the environment has the resource and nowhere else, so that a
program without a database installs no driver: hence no import of them here that a build tool could follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from .contract import Contract, UndeclaredFlagsError, UndeclaredResourceError, undeclared
from .extras import missing_package

if TYPE_CHECKING:
    from .authorization import Authorization  # pants: no-infer-dep
    from .bigquery import BigQuery  # pants: no-infer-dep
    from .events import Events  # pants: no-infer-dep
    from .flags import Flags  # pants: no-infer-dep
    from .postgres import Postgres  # pants: no-infer-dep
    from .redis import Redis  # pants: no-infer-dep
    from .runtime import Runtime

T = TypeVar("T")


class Provision(Generic[T]):
    """An attribute of the runtime that is there where `declared` says so.

    Reading it raises UndeclaredResourceError, with the lines to add to service.yaml, where the environment has none, and
    RuntimeError before the runtime has opened it.
    """

    name: str

    def __init__(
        self, declared: Callable[[Runtime[Any]], object], absent: Callable[[], UndeclaredResourceError] | None = None
    ) -> None:
        self.declared = declared
        self.absent = absent
        """The error where it is not declared; None for the spec's lines."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, holder: None, owner: type) -> Self: ...

    @overload
    def __get__(self, holder: Provisioned, owner: type) -> T: ...

    def __get__(self, holder: Provisioned | None, owner: type) -> Self | T:
        if holder is None:
            return self
        if self.name in holder.opened:
            return holder.opened[self.name]  # type: ignore[no-any-return]
        if self.declared(holder):  # type: ignore[arg-type]
            raise RuntimeError(f"runtime.{self.name} is not open yet: `await runtime.open()` comes first")
        if self.absent is not None:
            raise self.absent()
        raise undeclared(self.name, example=holder.contract.service_id.replace("-", "_"))

    async def open(self, runtime: Runtime[Any]) -> T:
        """Import what opens it, and open it. MissingExtraError where the image lacks the package or its requirement."""
        module = f"{__package__}.{self.name}.provided"
        try:
            provide = import_module(module).provide
        except ModuleNotFoundError as error:
            if error.name not in (module, f"{__package__}.{self.name}"):
                raise
            raise missing_package(self.name) from None
        return await provide(runtime)  # type: ignore[no-any-return]


class Provisioned:
    """The attributes, in the order in which they are opened."""

    contract: Contract
    opened: dict[str, Any]

    postgres: Provision[Postgres] = Provision(lambda runtime: runtime.contract.postgres)
    """The declared databases by name: `runtime.postgres["accounts"]`; migrated as `Program.migrations` says."""
    redis: Provision[Redis] = Provision(lambda runtime: runtime.contract.redis)
    """The cache."""
    bigquery: Provision[BigQuery] = Provision(lambda runtime: runtime.contract.bigquery)
    """The writer of rows; off the platform into files of BIGQUERY_LOCAL_FOLDER, or the log."""
    events: Provision[Events] = Provision(
        lambda runtime: runtime.contract.bigquery is not None and "events" in runtime.contract.bigquery.tables
    )
    """What happened in the product: kept, then delivered to BigQuery's table `events`."""
    flags: Provision[Flags] = Provision(lambda runtime: runtime.program.flags, lambda: UndeclaredFlagsError())
    """Feature flags of the program's file, `Program.flags`; overrides in the first declared database."""
    authorization: Provision[Authorization] = Provision(lambda runtime: runtime.contract.authorization)
    """Who may do what, by the program's `authorization_model`."""


def provisions() -> Iterator[Provision[Any]]:
    """All of them, in order."""
    return (row for row in vars(Provisioned).values() if isinstance(row, Provision))
