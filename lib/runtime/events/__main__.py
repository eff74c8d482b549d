"""`python -m runtime.events`."""

from __future__ import annotations

import sys

from runtime.events.cli import main

sys.exit(main(sys.argv[1:]))
