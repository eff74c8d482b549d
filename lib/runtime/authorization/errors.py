"""What can go wrong.

    AuthorizationError
    ├── AuthorizationUnavailableError   no answer in time, or the server knows this service no longer
    ├── AuthorizationRequestError       the server can't answer this: no such type, relation or condition
    └── ModelError                      the model that is to be used is missing, not compiled or not taken
    Forbidden                           the answer is no (`Authorization.require`)

Users and objects are in no text: they are often about people.
"""

from __future__ import annotations


class AuthorizationError(Exception):
    """There is no answer. Whoever asks must not go on as if it had been yes."""


class AuthorizationUnavailableError(AuthorizationError):
    """No answer within the time that a caller waits, or none that can be trusted."""


class AuthorizationRequestError(AuthorizationError):
    """The server refused the request, and would again.

    code   OpenFGA's own, such as `validation_error`; empty where it gave none
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class ModelError(AuthorizationError):
    """The authorisation model can't be used. The message says what mends it."""


class Forbidden(Exception):
    """The user may not do that. The text names no user and no object, and may be shown."""

    def __init__(self, user: str, relation: str, object: str) -> None:
        super().__init__(f"{relation} on this {object.partition(':')[0]} is not allowed")
        self.user = user
        self.relation = relation
        self.object = object
