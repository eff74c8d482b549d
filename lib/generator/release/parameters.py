"""Deploy parameters: values that a manifest names and that Cloud Deploy fills in for each target.

Terraform knows them (the address of a database) and a generated file can't; stack `delivery` hands them over.
Source: https://cloud.google.com/deploy/docs/parameters
"""

from __future__ import annotations

import re

DATABASE_PRIVATE_IP = "database_private_ip"
REDIS_ENDPOINT = "redis_endpoint"
SERVICE_URL = "service_url"
IAP_AUDIENCE_PREFIX = "iap_audience_prefix"

UNSET = "unset"
"""What stands in the manifest until the parameter is filled in."""

_BRACKETS = ("\ue000", "\ue001")
_MARK = re.compile(r'"\\uE000([a-z_]+)\\uE001"')


def parameter(name: str) -> str:
    """A value that `annotate` turns into a deploy parameter; its characters are in no text that people write."""
    return name.join(_BRACKETS)


def annotate(yaml: str) -> str:
    """YAML in which every such value is the placeholder and the comment that Cloud Deploy looks for."""
    return _MARK.sub(rf"{UNSET} # from-param: ${{\1}}", yaml)
