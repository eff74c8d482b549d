"""Operations on the caller's own account."""

from __future__ import annotations

from accounts import sessions, tokens, users
from accounts.api import schemas
from accounts.api.operation import Call, Operation, Result
from accounts.model import Scope


async def show(call: Call) -> Result:
    user = await users.get(call.connection, call.actor.id)
    return Result(schemas.User.model_validate(user), user.version)


async def change(call: Call) -> Result:
    user = await users.rename(call.connection, call.actor, call.body.name, call.version)
    return Result(schemas.User.model_validate(user), user.version)


async def list_sessions(call: Call) -> Result:
    idle = call.context.config.session_idle
    found = await sessions.of_user(call.connection, call.actor.id, idle, call.window)
    return Result(schemas.Sessions.model_validate(found))


async def end_session(call: Call) -> Result:
    await sessions.end(call.connection, call.actor, call.id("session_id"))
    return Result()


async def list_tokens(call: Call) -> Result:
    return Result(schemas.Tokens.model_validate(await tokens.of_user(call.connection, call.actor.id, call.window)))


async def create_token(call: Call) -> Result:
    token, secret = await tokens.create(call.connection, call.actor, call.body.name, call.body.scopes, call.body.days)
    shown = schemas.Token.model_validate(token).model_dump()
    return Result(
        schemas.NewToken.model_validate({**shown, "secret": secret.text}),
        kept=schemas.NewToken.model_validate({**shown, "secret": None}),
    )


async def revoke_token(call: Call) -> Result:
    await tokens.revoke(call.connection, call.actor, call.id("token_id"))
    return Result()


ME = "/api/v1/me"

OPERATIONS = (
    Operation(
        "getProfile", "GET", ME, "The caller", Scope.PROFILE_READ, show, answer=schemas.User, versioned=True
    ),
    Operation(
        "changeProfile", "PATCH", ME, "Change the caller's name", Scope.PROFILE_WRITE, change,
        body=schemas.ChangeProfile, answer=schemas.User, versioned=True,
    ),
    Operation(
        "listSessions", "GET", f"{ME}/sessions", "Where the caller is signed in", Scope.PROFILE_READ, list_sessions,
        answer=schemas.Sessions, paged=True,
    ),
    Operation(
        "endSession", "DELETE", f"{ME}/sessions/{{session_id}}", "End a session", Scope.PROFILE_WRITE, end_session, status=204
    ),
    Operation(
        "listTokens", "GET", f"{ME}/tokens", "The caller's API tokens", Scope.TOKENS_READ, list_tokens,
        answer=schemas.Tokens, paged=True,
    ),
    Operation(
        "createToken", "POST", f"{ME}/tokens", "Make an API token, which may no more than the one it is asked with",
        Scope.TOKENS_WRITE, create_token, body=schemas.CreateToken, answer=schemas.NewToken, status=201, repeatable=True,
        problems=(409,),
    ),
    Operation(
        "revokeToken", "DELETE", f"{ME}/tokens/{{token_id}}", "Revoke an API token", Scope.TOKENS_WRITE, revoke_token,
        status=204,
    ),
)  # fmt: skip
