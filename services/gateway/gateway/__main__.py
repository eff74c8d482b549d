"""`python -m gateway`; `--help` says which variables there are."""

from __future__ import annotations

from gateway.service import Gateway
from runtime import start

if __name__ == "__main__":
    start(Gateway())
