"""Feature flags: defined in `flags.toml` beside the code, set otherwise in the database. Needs openfeature-sdk."""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import openfeature as _openfeature
except ModuleNotFoundError as error:
    if error.name != "openfeature":
        raise
    raise missing("openfeature", REQUIREMENTS["flags"], "runtime.flags") from None

from runtime.flags.definitions import Flag
from runtime.flags.errors import FlagsFileError, UnknownFlagError
from runtime.flags.flags import Flags
from runtime.flags.reading import read_flags

__all__ = ["Flag", "Flags", "FlagsFileError", "UnknownFlagError", "read_flags"]

del _openfeature
