"""A worker that goes in every way that a worker can. The library's own tests run it."""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass
from itertools import count

from runtime import Runtime, Worker, env, run_worker

LOGGER = logging.getLogger("sample")


@dataclass(frozen=True)
class Config:
    way: str = env.choice(
        "WAY", ("pieces", "waits", "slow", "deaf", "returns", "exits", "dies", "undeclared", "loses"), help="How it goes."
    )


class SampleWorker(Worker[Config]):
    name = "sample-worker"
    version = "3.0"
    description = "A worker for tests."
    config = Config

    async def work(self, runtime: Runtime[Config]) -> None:
        way = runtime.config.way
        LOGGER.info("working")
        if way == "pieces":
            await _pieces(runtime)
        if way == "slow":
            async with runtime.uninterrupted():
                await asyncio.sleep(3600)
        if way == "waits":
            try:
                await asyncio.sleep(3600)
            finally:
                LOGGER.info("cleaned up")
        if way == "deaf":
            while True:
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    LOGGER.info("not listening")
        if way == "exits":
            sys.exit(0)
        if way == "dies":
            raise LookupError("no messages")
        if way == "undeclared":
            runtime.subscription("orders")
        if way == "loses":
            runtime.background("reader", _nothing)
            await asyncio.sleep(3600)


async def _nothing() -> None:
    """A background task that ends although it may not."""


async def _pieces(runtime: Runtime[Config]) -> None:
    """Two readers; each piece lasts until the process is told to stop, and a little longer."""

    async def read(reader: int) -> None:
        for number in count(1):
            async with runtime.uninterrupted():
                with runtime.tracer.start_as_current_span("piece"):
                    LOGGER.info("%d begins piece %d", reader, number)
                    await runtime.stop.wait()
                    for _ in range(reader):
                        await asyncio.sleep(0)
                    LOGGER.info("%d ends piece %d", reader, number)

    async with asyncio.TaskGroup() as readers:
        for reader in (1, 2):
            readers.create_task(read(reader))


if __name__ == "__main__":
    run_worker(SampleWorker())
