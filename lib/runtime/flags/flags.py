"""`runtime.flags`: what each flag is for whoever asks."""

from __future__ import annotations

import asyncio
import copy
import itertools
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.evaluation_context import EvaluationContext
from openfeature.flag_evaluation import Reason

from runtime.flags.definitions import Attribute, Flag, Type
from runtime.flags.errors import UnknownFlagError
from runtime.flags.provider import Chosen, Provider

if TYPE_CHECKING:
    from runtime.flags.overrides import Override, Overrides, OverrideStore

LOGGER = logging.getLogger("runtime.flags")

EVERYBODY = ""

MAX_AGE = 10.0
"""Seconds for which overrides are taken as they were read."""

PATIENCE = 1.0
"""Seconds that a caller waits at most for overrides to be read; then those from before hold on."""

NOTHING: Mapping[str, Attribute] = {}

_numbers = itertools.count(1)


class Flags:
    """A runtime.Resource. Also OpenFeature: `client`, and every client made without a domain.

    definitions  the flags of flags.toml
    store        the overrides; None where there is no database
    clock        seconds, monotonic
    """

    name = "flags"

    def __init__(
        self,
        definitions: Mapping[str, Flag],
        store: OverrideStore | None = None,
        *,
        max_age: float = MAX_AGE,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.definitions = definitions
        self._store = store
        self._max_age = max_age
        self._clock = clock
        self._today = today
        self._overrides: Overrides = {}
        self._forced: dict[str, str] = {}
        self._read_at: float | None = None
        self._failed = False
        self._reading: asyncio.Task[None] | None = None
        # OpenFeature's providers belong to the process; in tests it has several services.
        domain = f"runtime {next(_numbers)}"
        self._provider = Provider(self._choose, self._refresh_soon, self.fresh)
        self.client: OpenFeatureClient = api.get_client(domain)
        self._domain = domain

    async def open(self) -> None:
        """Read the overrides, and become OpenFeature's provider."""
        if self._store is not None:
            await self._store.open()
            self._take(await self._store.read())
        api.set_provider_and_wait(self._provider, self._domain)
        api.set_provider_and_wait(self._provider)
        for flag in self.definitions.values():
            if flag.expires is not None and flag.expires < self._today():
                LOGGER.warning("flag %s of %s has expired on %s: take it out of the code", flag.name, flag.owner, flag.expires)

    async def boolean(self, flag: str, *, actor: str | None = None, attributes: Mapping[str, Attribute] = NOTHING) -> bool:
        """Whether it is on. UnknownFlagError for a flag that the file does not define, TypeError for another type.

        actor       who asks, by id: shares and lists of actors go by it
        attributes  what else rules may ask for
        """
        default = self._default(flag, "boolean")
        await self.fresh()
        return self.client.get_boolean_value(flag, default, EvaluationContext(actor, attributes))

    async def string(self, flag: str, *, actor: str | None = None, attributes: Mapping[str, Attribute] = NOTHING) -> str:
        """As `boolean`, for text."""
        default = self._default(flag, "string")
        await self.fresh()
        return self.client.get_string_value(flag, default, EvaluationContext(actor, attributes))

    async def number(self, flag: str, *, actor: str | None = None, attributes: Mapping[str, Attribute] = NOTHING) -> float:
        """As `boolean`, for numbers."""
        default = float(self._default(flag, "number"))
        await self.fresh()
        return self.client.get_float_value(flag, default, EvaluationContext(actor, attributes))

    async def object(self, flag: str, *, actor: str | None = None, attributes: Mapping[str, Attribute] = NOTHING) -> Any:
        """As `boolean`, for tables and lists."""
        default = self._default(flag, "object")
        await self.fresh()
        return self.client.get_object_value(flag, default, EvaluationContext(actor, attributes))

    @contextmanager
    def override(self, flag: str, value: Any) -> Iterator[None]:
        """For tests: everybody gets this variant, by its name or its value, for the time of the block."""
        definition = self._definition(flag)
        by_name = isinstance(value, str) and value in definition.variants
        found = value if by_name else next((name for name, each in definition.variants.items() if each == value), None)
        if found is None:
            raise UnknownFlagError(f"flag {flag!r}: variant", str(value), definition.variants)
        before = self._forced.get(flag)
        self._forced[flag] = found
        try:
            yield
        finally:
            if before is None:
                del self._forced[flag]
            else:
                self._forced[flag] = before

    def overrides(self) -> Mapping[tuple[str, str], Override]:
        """What is set over the file just now: (flag, actor) -> override, for everybody with an empty actor."""
        return dict(self._overrides)

    async def fresh(self) -> None:
        """Read the overrides if they were read too long ago; wait for it, for a while, unless the database has failed."""
        self._refresh_soon()
        if self._reading is not None and not self._failed:
            await asyncio.wait((self._reading,), timeout=PATIENCE)

    def _refresh_soon(self) -> None:
        """Begin to read if it is time; one at a time."""
        if self._store is None or self._reading is not None:
            return
        if self._read_at is not None and self._clock() - self._read_at < self._max_age:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # A thread of the service's own: whoever asks next on the event loop reads.
        self._reading = loop.create_task(self._read(self._store), name="flags")

    async def _read(self, store: OverrideStore) -> None:
        try:
            self._take(await store.read())
        except Exception as error:
            if not self._failed:
                LOGGER.error("overrides of flags can't be read, those of before hold on: %s", type(error).__name__)
            self._failed, self._read_at = True, self._clock()
        finally:
            self._reading = None

    def _take(self, read: Overrides) -> None:
        """What was read holds from now on; what is new about it is logged."""
        for key in sorted({*read, *self._overrides}):
            now, before = read.get(key), self._overrides.get(key)
            flag, actor = key
            if now == before:
                continue
            whom = f"for {actor}" if actor else "for everybody"
            if now is None:
                LOGGER.info("flag %s %s is as its file has it again", flag, whom)
            elif flag not in self.definitions or now.variant not in self.definitions[flag].variants:
                LOGGER.warning("flag %s %s is set to %s, which this version does not know", flag, whom, now.variant)
            else:
                LOGGER.info("flag %s %s is %s, by %s: %s", flag, whom, now.variant, now.who, now.why)
        self._overrides = read
        self._failed, self._read_at = False, self._clock()

    def _choose(self, flag: str, actor: str | None, attributes: Mapping[str, Any]) -> Chosen | None:
        definition = self.definitions.get(flag)
        if definition is None:
            return None
        variant, reason = self._forced.get(flag), Reason.STATIC
        if variant is None:
            for whom, why in ((actor, Reason.TARGETING_MATCH), (EVERYBODY, Reason.STATIC)):
                override = None if whom is None else self._overrides.get((flag, whom))
                if override is not None and override.variant in definition.variants:
                    variant, reason = override.variant, why
                    break
            else:
                variant, reason = definition.choose(actor, attributes)
        value = definition.variants[variant]
        # What the caller does to it is the caller's own.
        return variant, copy.deepcopy(value) if isinstance(value, (dict, list)) else value, reason

    def _definition(self, flag: str) -> Flag:
        if flag not in self.definitions:
            raise UnknownFlagError("flag", flag, self.definitions)
        return self.definitions[flag]

    def _default(self, flag: str, type: Type) -> Any:
        definition = self._definition(flag)
        if definition.type != type:
            raise TypeError(f"flag {flag!r}: found type {definition.type}; expected {type}: ask with flags.{definition.type}")
        return definition.variants[definition.default]

    async def check(self) -> None:
        """Nothing: without the database flags are what they were."""

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
