"""The platform's own cut of the CDKTF bindings: small, lazy, and never committed.

`ensure()` gives a folder to put first on sys.path; `python -m generator.bindings` makes one from wheels. What the
folder holds, and the form of its schema.json, is told in `generator.bindings.cut`.
"""

from generator.bindings.cache import ensure as ensure
from generator.bindings.errors import BindingsError as BindingsError
