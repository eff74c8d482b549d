"""Requests to a provider: bounded in time and size, never redirected, and encrypted except on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from .errors import ProviderError

TOTAL_SECONDS = 10.0
"""For one request, from the first byte sent to the last one received: a provider that drips its answer ends there too."""

MAXIMUM_BYTES = 512 * 1024
"""Of an answer. Documents and key sets have a few kilobytes."""


def checked_url(url: object, what: str) -> str:
    """The URL, if it is one that may be used: https, or http to this machine. ProviderError otherwise."""
    if not isinstance(url, str):
        raise ProviderError(f"the {what} is missing or not a text")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ProviderError(f"the {what} is not a URL") from None
    if not host or parts.username is not None or parts.fragment:
        raise ProviderError(f"the {what} is not a plain URL")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ProviderError(f"the {what} is not an https:// URL")
    return url


def is_loopback(host: str) -> bool:
    """Whether only this machine answers under that name. (RFC 6761 §6.3 for `localhost`.)"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def fetch_json(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    what: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    accept_status: tuple[int, ...] = (200,),
    seconds: float = TOTAL_SECONDS,
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of an answer. ProviderError, with nothing of the answer in it, for anything else.

    what           how errors call it: `key set`
    form           sent as application/x-www-form-urlencoded
    accept_status  other statuses are an error
    """
    try:
        async with asyncio.timeout(seconds):
            status, body = await _fetch(http, method, url, what, form, headers or {}, accept_status)
    except (TimeoutError, httpx.TimeoutException):
        raise ProviderError(f"no {what} from {_where(url)} within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderError(f"no {what} from {_where(url)}: {type(error).__name__}") from None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderError(f"the {what} from {_where(url)} is not JSON") from None
    if not isinstance(value, dict):
        raise ProviderError(f"the {what} from {_where(url)} is not a JSON object")
    return status, value


async def _fetch(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    what: str,
    form: Mapping[str, str] | None,
    headers: Mapping[str, str],
    accept_status: tuple[int, ...],
) -> tuple[int, bytes]:
    # Compressed, a small answer can be a huge one.
    sent = {"accept": "application/json", "accept-encoding": "identity", **headers}
    request = http.stream(method, url, data=form, headers=sent, follow_redirects=False, auth=None)
    async with request as response:
        if response.status_code not in accept_status:
            raise ProviderError(f"{_where(url)} answered {response.status_code} instead of the {what}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ProviderError(f"the {what} from {_where(url)} is compressed, which nobody asked for")
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAXIMUM_BYTES:
                raise ProviderError(f"the {what} from {_where(url)} has more than {MAXIMUM_BYTES} bytes")
        return response.status_code, bytes(body)


def _where(url: str) -> str:
    """A URL for messages: without its query."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
