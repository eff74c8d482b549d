"""A client's request: read, checked, and made into what the provider gets.

What goes on is written anew from what was checked, so that nobody can have the gateway read one thing and the provider
another (a key that stands twice, say).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gateway.apis import Api
from gateway.catalog import Catalog, Limits, Model
from gateway.errors import Refusal

BYTES_PER_TOKEN = 4
"""Of English and of code: https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them"""

MOST_ANSWERS = 8
"""Answers that one request may ask for: each is paid for."""

FUNCTION_TOOLS = (None, "function", "custom")
"""Tools that the client runs. Others run at the provider, and are paid for besides."""


@dataclass(frozen=True)
class Prompt:
    """A request that may be made, if quota and rate allow it."""

    model: Model
    body: bytes
    """For the provider."""
    stream: bool
    wants_usage: bool
    """Whether the client asked for the usage at the end of a stream, or its API has it anyway."""
    input_tokens: int
    """Estimated."""
    output_tokens: int
    """The most that can be written."""

    @property
    def most_tokens(self) -> int:
        return self.input_tokens + self.output_tokens


def estimated_tokens(size: int) -> int:
    """Tokens of so many bytes."""
    return -(-size // BYTES_PER_TOKEN)


def read_prompt(
    api: Api, feature: str, catalog: Catalog, allowed: frozenset[str] | None, body: bytes
) -> Prompt:
    """Raises Refusal."""
    content = _object(body)
    _known_fields(api, content)
    model = _model(api, feature, catalog, allowed, content)
    limits = catalog.limits[feature]
    stream = _boolean(content, "stream")
    answers = _answers(content)
    output = _output(api, content, model, limits) * answers
    wants_usage = True
    if stream and api.shape == "openai":
        options = content.get("stream_options") or {}
        if not isinstance(options, dict) or options.keys() - {"include_usage"}:
            raise _bad("stream_options", "an object with include_usage")
        wants_usage = options.get("include_usage") is True
        content["stream_options"] = {"include_usage": True}
    written = _written(content)
    prompt = estimated_tokens(len(written))
    most = min(limits.prompt_tokens, model.context)
    if prompt > most:
        raise Refusal(
            413, "prompt_too_large", f"The prompt has about {prompt} tokens; for {feature} with {model.name} it may have {most}."
        )
    return Prompt(model, written, stream, wants_usage, prompt, output)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # The parser's own words quote what it read.
        raise Refusal(400, "invalid_json", "The body is not valid JSON.") from None
    if not isinstance(content, dict):
        raise Refusal(400, "invalid_json", "The body is not a JSON object.")
    return content


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _known_fields(api: Api, content: dict[str, Any]) -> None:
    unknown = sorted(name for name in content if name not in api.fields)
    if unknown:
        # Names may be anything that a client sends: only those that look like names are shown.
        shown = ", ".join(name for name in unknown if name.isidentifier() and len(name) <= 40) or "(a name that is none)"
        raise Refusal(400, "unsupported_parameter", f"The gateway does not support: {shown}.")
    tools = content.get("tools")
    if tools is None:
        return
    if not isinstance(tools, list) or not all(
        isinstance(tool, dict) and tool.get("type") in FUNCTION_TOOLS for tool in tools
    ):
        raise _bad("tools", "functions that the client runs")


def _model(
    api: Api, feature: str, catalog: Catalog, allowed: frozenset[str] | None, content: dict[str, Any]
) -> Model:
    name = content.get("model")
    if not isinstance(name, str):
        raise _bad("model", "a model's name")
    model = catalog.find(name, api.name, feature, allowed)
    if model is None:
        offered = ", ".join(one.name for one in catalog.offered(feature, allowed) if one.api == api.name)
        raise Refusal(404, "model_not_found", f"There is no such model here for {feature}. There is: {offered or 'none'}.")
    return model


def _answers(content: dict[str, Any]) -> int:
    """How many answers are written: `n`, or `best_of` of which `n` are shown, for each of several prompts."""
    wanted = max(_whole(content, "n") or 1, _whole(content, "best_of") or 1)
    prompts = content.get("prompt")
    if isinstance(prompts, list) and prompts and not isinstance(prompts[0], int):
        wanted *= len(prompts)
    if wanted > MOST_ANSWERS:
        raise Refusal(400, "too_many_answers", f"A request may ask for {MOST_ANSWERS} answers at the most.")
    return wanted


def _output(api: Api, content: dict[str, Any], model: Model, limits: Limits) -> int:
    """The most tokens of one answer; written into the request where the client names none."""
    if not api.max_fields:
        return 0
    most = min(limits.output_tokens, model.output)
    named = [name for name in api.max_fields if content.get(name) is not None]
    if not named:
        default = min(limits.default_output_tokens, most)
        content[api.max_fields[0]] = default
        return default
    for name in named:
        if (_whole(content, name) or 0) > most:
            raise Refusal(400, "max_tokens_too_large", f"{name} may be {most} at the most.")
    return max(_whole(content, name) or 0 for name in named)


def _whole(content: dict[str, Any], name: str) -> int | None:
    value = content.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _bad(name, "a whole number from 1 on")
    return value


def _boolean(content: dict[str, Any], name: str) -> bool:
    value = content.get(name)
    if value is not None and not isinstance(value, bool):
        raise _bad(name, "true or false")
    return value is True


def _bad(name: str, expected: str) -> Refusal:
    return Refusal(400, "invalid_parameter", f"{name}: expected {expected}.")


def _written(content: dict[str, Any]) -> bytes:
    try:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair: JSON may have it escaped, UTF-8 may not.
        return json.dumps(content, separators=(",", ":")).encode()
