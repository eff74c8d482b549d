"""What can go wrong beside redis-py's own errors.

    redis.exceptions.ConnectionError      can't connect, or the connection was lost
    ├── RedisPoolExhaustedError           all connections are in use, and none came back in time
    └── RedisIdentityError                there is no access token to sign in with
    redis.exceptions.TimeoutError         no answer in time
"""

from __future__ import annotations

from redis.exceptions import ConnectionError


class RedisPoolExhaustedError(ConnectionError):
    """No connection became free within the time that a caller waits for one."""


class RedisIdentityError(ConnectionError):
    """The identity gave no token."""
