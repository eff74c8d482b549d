"""`python -m runtime.migrations`."""

from __future__ import annotations

import logging
import os
import sys

from runtime.migrations.cli import main

logging.basicConfig(format="%(message)s", level=logging.INFO)
sys.exit(main(sys.argv[1:], os.environ))
