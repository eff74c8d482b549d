"""A job that ends in every way that a job can. The library's own tests run it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from dataclasses import dataclass

from runtime import Job, Runtime, env, run_job

LOGGER = logging.getLogger("sample")


@dataclass(frozen=True)
class Config:
    ending: str = env.choice(
        "ENDING", ("success", "failure", "exit", "crash", "hang", "stubborn", "thread"), help="How it ends."
    )


class SampleJob(Job[Config]):
    name = "sample-job"
    version = "2.0"
    config = Config

    async def execute(self, runtime: Runtime[Config]) -> None:
        with runtime.tracer.start_as_current_span("inside"):
            LOGGER.info("working")
        ending = runtime.config.ending
        if ending == "failure":
            raise LookupError("no rows")
        if ending == "exit":
            sys.exit(5)
        if ending == "crash":
            raise KeyboardInterrupt
        if ending == "hang":
            try:
                await asyncio.sleep(3600)
            finally:
                LOGGER.info("cleaned up")
        if ending == "stubborn":
            LOGGER.info("deaf")
            time.sleep(3600)
        if ending == "thread":
            threading.Thread(target=time.sleep, args=(3600,)).start()


if __name__ == "__main__":
    run_job(SampleJob())
