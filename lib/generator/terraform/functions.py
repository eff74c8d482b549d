"""The functions that Terraform has built in, as of version 1.11.

https://developer.hashicorp.com/terraform/language/functions; functions of providers are called `provider::…`.
"""

from __future__ import annotations

_NUMERIC = "abs ceil floor log max min parseint pow signum"
_STRING = (
    "chomp endswith format formatlist indent join lower regex regexall replace split startswith strcontains "
    "strrev substr templatestring title trim trimprefix trimspace trimsuffix upper"
)
_COLLECTION = (
    "alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten index keys "
    "length lookup matchkeys merge one range reverse setintersection setproduct setsubtract setunion slice "
    "sort sum transpose values zipmap"
)
_ENCODING = (
    "base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64 textencodebase64 "
    "urlencode yamldecode yamlencode"
)
_FILE = (
    "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset "
    "filesha1 filesha256 filesha512 pathexpand templatefile"
)
_TIME = "formatdate plantimestamp timeadd timecmp timestamp"
_HASH = "base64sha256 base64sha512 bcrypt md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5"
_NETWORK = "cidrhost cidrnetmask cidrsubnet cidrsubnets"
_TYPE = "can ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring try"

BUILTIN = frozenset(
    f"{_NUMERIC} {_STRING} {_COLLECTION} {_ENCODING} {_FILE} {_TIME} {_HASH} {_NETWORK} {_TYPE}".split()
)


def is_known(name: str) -> bool:
    """Whether a configuration may call it; what a provider offers is not known here, so it passes."""
    return name.removeprefix("core::") in BUILTIN or name.startswith("provider::")
