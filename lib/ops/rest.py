"""Google's APIs where gcloud has no command for them, with the token of whoever is signed in."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ops.errors import OpsError
from ops.gcloud import Denied
from ops.session import Session

SECONDS = 20


def get(session: Session, url: str, query: Mapping[str, str]) -> Any:
    """What an address answers. The token is in a header of this process alone: on no command line. Raises OpsError."""
    address = f"{url}?{urlencode(query)}"
    if session.processes.dry_run:
        session.terminal.data(f"GET {address}")
        return {}
    token = session.gcloud.text("auth", "print-access-token").strip()
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        said = _said(error)
        if error.code == 403:
            raise Denied(f"this account may not do that: {said}") from None
        raise OpsError(f"{url} answered {error.code}: {said}") from None
    except (OSError, ValueError) as error:
        raise OpsError(f"{url} can't be asked: {error}") from None


def _said(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError, OSError):
        return str(error.reason)
