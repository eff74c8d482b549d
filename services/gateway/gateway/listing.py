"""What a key may do: `GET /v1/models`, shaped after OpenAI's or Anthropic's API, and `GET /v1/limits`, the gateway's own."""

from __future__ import annotations

import time

from gateway.actors import Actor
from gateway.answering import answer_json, headers_of, refuse
from gateway.errors import Refusal, Shape
from gateway.keys import presented
from gateway.relay import Parts
from runtime.service import Receive, Scope, Send


class Models:
    """https://platform.openai.com/docs/api-reference/models/list and https://docs.anthropic.com/en/api/models-list"""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        shape: Shape = "anthropic" if b"anthropic-version" in headers else "openai"
        try:
            _only_get(scope)
            actor = await self._parts.actors.find(presented(headers))
        except Refusal as refusal:
            return await refuse(send, refusal, shape)
        owners = {
            model.name: model.owner
            for feature, limits in actor.features.items()
            for model in self._parts.catalog.offered(feature, limits.models)
        }
        if shape == "openai":
            data = [
                {"id": name, "object": "model", "created": 0, "owned_by": owner}
                for name, owner in sorted(owners.items())
            ]
            return await answer_json(send, {"object": "list", "data": data})
        names = sorted(name for name, owner in owners.items() if owner == "anthropic")
        listed = [
            {"type": "model", "id": name, "display_name": name, "created_at": "1970-01-01T00:00:00Z"} for name in names
        ]
        await answer_json(
            send,
            {
                "data": listed,
                "has_more": False,
                "first_id": names[0] if names else None,
                "last_id": names[-1] if names else None,
            },
        )


class Limits:
    """By feature: quota and rate, what of the quota was used in this window, when the next one begins."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _only_get(scope)
            actor = await self._parts.actors.find(presented(headers_of(scope)))
            await answer_json(send, {"actor": actor.id, "features": await self._features(actor)})
        except Refusal as refusal:
            await refuse(send, refusal, "openai")

    async def _features(self, actor: Actor) -> dict[str, object]:
        found: dict[str, object] = {}
        for feature, limits in sorted(actor.features.items()):
            used = await self._parts.limiter.used(actor, feature, limits)
            found[feature] = {
                "models": [model.name for model in self._parts.catalog.offered(feature, limits.models)],
                "quota": {
                    "requests": limits.quota_requests,
                    "tokens": limits.quota_tokens,
                    "seconds": limits.quota_seconds,
                    "used_requests": used.requests,
                    "used_tokens": used.tokens,
                    "next_window": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(used.window.end)),
                },
                "rate": {"requests": limits.rate_requests, "seconds": limits.rate_seconds},
            }
        return found


def _only_get(scope: Scope) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        raise Refusal(405, "method_not_allowed", "This endpoint takes GET alone.")
