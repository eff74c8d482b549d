"""The forms of text that several sections of platform.yaml share."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ..model.base import Expect

Text = Annotated[str, StringConstraints(min_length=1, max_length=100), Expect("1 to 100 characters of text")]

Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"), Expect("an e-mail address")
]

WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/+-]*)?$"),
    Expect("an https address, without question mark"),
]

ServiceAccountEmail = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z]([a-z0-9-]{4,28}[a-z0-9])@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$"
    ),
    Expect("a service account's e-mail address, <name>@<project>.iam.gserviceaccount.com"),
]
