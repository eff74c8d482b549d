"""What can be wrong with a request. The API shows these as problem+json, the pages as a sentence."""

from __future__ import annotations

from collections.abc import Mapping


class RequestError(Exception):
    """`detail` is for the caller: a sentence that says what to do."""

    status = 400
    code = "bad-request"

    def __init__(self, detail: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = dict(fields or {})
        """Field of the request -> what is wrong with it."""


class InvalidError(RequestError):
    status = 422
    code = "invalid"


class UnauthenticatedError(RequestError):
    status = 401
    code = "unauthenticated"


class ForbiddenError(RequestError):
    status = 403
    code = "forbidden"


class NotFoundError(RequestError):
    """Also for what the caller may not see: ids tell nothing."""

    status = 404
    code = "not-found"


class ConflictError(RequestError):
    status = 409
    code = "conflict"


class GoneError(RequestError):
    status = 410
    code = "gone"


class ChangedMeanwhileError(RequestError):
    status = 412
    code = "changed-meanwhile"


class TooManyRequestsError(RequestError):
    status = 429
    code = "too-many-requests"

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        """Seconds."""


class UnavailableError(RequestError):
    status = 503
    code = "unavailable"
