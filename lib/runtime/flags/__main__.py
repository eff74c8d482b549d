"""`python -m runtime.flags`."""

from __future__ import annotations

import os
import sys

from runtime.flags.cli import main

sys.exit(main(sys.argv[1:], os.environ))
